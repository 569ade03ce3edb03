"""The only writer of the ledger: rights are entered, and moved by entries that stay for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.domain.entitlements import EntryKind, Source
from app.domain.ids import AccountId, SiteId
from app.domain.intervals import Span
from app.domain.tariffs import Quote, RightKind
from app.entitlements.entitlement import Holder, Honours
from app.entitlements.queries import honours_json
from app.entitlements.tables import EntitlementEntryRow, EntitlementRow

_RIGHT = insert(EntitlementRow).returning(EntitlementRow.id)
_ENTRY = insert(EntitlementEntryRow).inline()  # nobody needs the new ids


@dataclass(frozen=True, slots=True)
class NewRight:
    """A right to be entered, with the units it begins with."""

    holder: Holder
    site_id: SiteId
    kind: RightKind
    amount: int
    honours: Honours
    valid_from: date
    valid_until: date
    source: Source
    product: str | None = None
    resident: bool = False
    parent_id: int | None = None
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry to be made."""

    right_id: int
    kind: EntryKind
    amount: int
    reason: str = ""
    undoes_id: int | None = None
    booking_id: int | None = None
    site_id: SiteId | None = None
    span: Span | None = None


def enter_right(
    session: Session, right: NewRight, *, by: AccountId | None, now: datetime, reason: str = ""
) -> int:
    """Enter a right and the entry that fills it; gives its number."""
    made: int = session.connection().execute(_RIGHT, _columns(right, by, now)).scalar_one()
    kind = EntryKind.CREDITED if right.source is Source.CREDITED else EntryKind.GRANTED
    move_rights(session, [Movement(made, kind, right.amount, reason)], by=by, now=now)
    return made


def move_rights(
    session: Session, movements: Sequence[Movement], *, by: AccountId | None, now: datetime
) -> None:
    """Make entries, in the order of their rights; the database moves the balances with them."""
    rows = [
        {
            "entitlement_id": each.right_id,
            "kind": each.kind.value,
            "amount": each.amount,
            "at": now,
            "actor_id": by,
            "reason": each.reason,
            "undoes_id": each.undoes_id,
            "booking_id": each.booking_id,
            "site_id": each.site_id,
            "starts_at": None if each.span is None else each.span.start,
            "ends_at": None if each.span is None else each.span.end,
        }
        for each in sorted(movements, key=lambda each: each.right_id)
    ]
    if rows:
        session.connection().execute(_ENTRY, rows if len(rows) > 1 else rows[0])


def _columns(right: NewRight, by: AccountId | None, now: datetime) -> dict[str, Any]:
    quote = right.quote
    return {
        "account_id": right.holder.account_id,
        "organisation_id": right.holder.organisation_id,
        "site_id": right.site_id,
        "parent_id": right.parent_id,
        "kind": right.kind.value,
        "product": right.product,
        "honours": honours_json(right.honours),
        "resident": right.resident,
        "valid_from": right.valid_from,
        "valid_until": right.valid_until,
        "balance": 0,
        "source": right.source.value,
        "quote": None if quote is None else quote.to_json(),
        "net_minor": 0 if quote is None else quote.net.minor,
        "vat_minor": 0 if quote is None else quote.vat.minor,
        "gross_minor": 0 if quote is None else quote.gross.minor,
        "card_version": None if quote is None else quote.card_version,
        "created_by": by,
        "created_at": now,
    }
