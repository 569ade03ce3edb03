"""The root of all refusals: a stable code for clients, facts for the sentence, no sentence."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import ClassVar

from app.domain.json_values import JsonObject, JsonValue


class DomainError(Exception):
    """A rule says no; each refusal is one subclass with its own public code."""

    code: ClassVar[str] = ""

    def facts(self) -> JsonObject:
        """Give what the refusal knows, as JSON-able values by name."""
        names: Iterable[str] = getattr(type(self), "__dataclass_fields__", ())
        return {name: fact(getattr(self, name)) for name in names if name != "code"}

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.facts().items())
        return f"{self.code} {told}".strip()


def fact(value: object) -> JsonValue:
    """Turn one value of the rules into JSON: instants in UTC with Z, enums and decimals as text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: fact(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Iterable):
        return [fact(part) for part in value]
    raise TypeError(f"a refusal cannot tell a {type(value).__name__}")
