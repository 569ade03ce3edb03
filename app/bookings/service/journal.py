"""What every change of a booking leaves behind: a line in its log and events for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Wanted
from app.bookings.tables import BookingLogRow, BookingRow
from app.domain.booking_states import BookingState, require_move
from app.domain.ids import AccountId, BookingId
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.permissions import Actor

_LOG = insert(BookingLogRow).inline()  # nobody needs the new id
_CHANGE = update(BookingRow).where(BookingRow.id == bindparam("this"))


def note(
    session: Session,
    booking_id: int,
    action: str,
    *,
    by: Actor | None,
    now: datetime,
    facts: JsonObject | None = None,
) -> None:
    """Add a line to the log of a booking; ``by`` is None for doors and jobs."""
    actor_id: AccountId | None = None if by is None else by.account_id
    session.connection().execute(
        _LOG,
        {
            "booking_id": booking_id,
            "at": now,
            "actor_id": actor_id,
            "action": action,
            "facts": facts or {},
        },
    )


def note_many(
    session: Session,
    lines: Sequence[tuple[int, str, JsonObject]],
    *,
    by: Actor | None,
    now: datetime,
) -> None:
    """Add a line to the log of each booking, in one statement; none for none."""
    actor_id = None if by is None else by.account_id
    rows = [
        {"booking_id": number, "at": now, "actor_id": actor_id, "action": action, "facts": facts}
        for number, action, facts in lines
    ]
    if rows:
        session.connection().execute(_LOG, rows if len(rows) > 1 else rows[0])


def write(
    session: Session,
    booking: Booking,
    now: datetime,
    *,
    state: BookingState | None = None,
    **values: Any,
) -> None:
    """Change columns of a locked booking and remember when; raises ``WrongState``.

    Only the moves of the table of states are written, whatever a command believes.
    """
    if state is not None:
        require_move(booking.stored_state, state)
        values["state"] = state.value
    session.connection().execute(_CHANGE, {"this": booking.id, "changed_at": now, **values})


def write_rows(
    session: Session, rows: Mapping[BookingId, Mapping[str, Any]], now: datetime
) -> None:
    """Change the same columns of many locked bookings in one statement; none for none."""
    changed = [{"this": number, "changed_at": now, **row} for number, row in rows.items()]
    if changed:
        session.connection().execute(_CHANGE, changed)


def price_columns(booking: Booking) -> dict[str, Any]:
    """Give the columns in which the price of a booking is frozen."""
    return {
        "quote": booking.quote.to_json(),
        "net_minor": booking.net.minor,
        "vat_minor": booking.vat.minor,
        "gross_minor": booking.gross.minor,
        "profile": booking.profile.value,
        "card_version": booking.card_version,
        "kept_minor": booking.kept.minor,
    }


def span_facts(span: Span) -> JsonObject:
    """Give a span as facts of the log."""
    return {"starts_at": _iso(span.start), "ends_at": _iso(span.end)}


def override_facts(wanted: Wanted) -> JsonObject:
    """Give why a rule was stepped over as a fact of the log; nothing where none was."""
    return {} if wanted.override is None else {"override": wanted.override.reason}


def _iso(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
