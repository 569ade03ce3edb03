"""Which field of a body or a form a refusal is about, so that it is told where it can be mended."""

from __future__ import annotations

from app.domain import errors as e
from app.domain.errors import DomainError

FIELDS: dict[type[DomainError], str] = {
    e.BadCursor: "cursor",
    e.BadRule: "rrule",
    e.BeyondHorizon: "starts_at",
    e.Closed: "starts_at",
    e.DoubledTime: "starts_at",
    e.EndBeforeStart: "ends_at",
    e.KeyReused: "Idempotency-Key",
    e.NoDates: "rrule",
    e.NoPrice: "starts_at",
    e.NoRateCard: "starts_at",
    e.NoVatRate: "starts_at",
    e.NobodyComes: "people",
    e.NonexistentTime: "starts_at",
    e.NotBookable: "space",
    e.OffStep: "starts_at",
    e.OverCapacity: "people",
    e.SpanInPast: "starts_at",
    e.CompanionMissing: "companion",
    e.NoticeTooShort: "starts_at",
    e.ReasonMissing: "reason",
    e.TooLong: "ends_at",
    e.TooManyDates: "rrule",
    e.TooShort: "ends_at",
    e.UnknownDate: "choices",
    e.UnknownProfile: "profile",
    e.UnknownSetup: "setup",
}
# A search says from and to where a wish says when it starts and ends.
QUERY_NAMES = {"starts_at": "from", "ends_at": "to"}


def field_of(error: DomainError, *, query: bool = False) -> str | None:
    """Give the field a refusal is about, by its name in a body or a query; None for no field."""
    field = FIELDS.get(type(error))
    return QUERY_NAMES.get(field or "", field) if query else field
