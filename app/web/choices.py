"""What a field of choices takes, at the one place that knows its types."""

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older

__all__ = ["SelectChoice"]
