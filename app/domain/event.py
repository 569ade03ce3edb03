"""What every event is: a frozen fact with JSON-able fields and a stable name."""

from dataclasses import asdict, dataclass
from typing import ClassVar

from app.domain.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """Something that happened; `kind` is its stable name in the outbox."""

    kind: ClassVar[str] = ""

    def payload(self) -> JsonObject:
        """Give the fields as JSON; `event_from` reads them back."""
        return asdict(self)
