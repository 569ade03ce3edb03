"""Taking back: a right sold or credited by mistake, pieces used at the desk and noted wrongly."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.entitlements import MEMBERSHIP, EntryKind
from app.domain.errors import AlreadyReversed, NotAllowed, RightTooSmall, RightUsed, UnknownRight
from app.domain.permissions import Actor, Permission, require
from app.domain.tariffs import RightKind
from app.entitlements.entitlement import Entitlement, Entry
from app.entitlements.queries import entries_of, get_right, parts_of
from app.entitlements.service.ledger import Movement, move_rights
from app.entitlements.tables import EntitlementEntryRow
from app.spaces.network import Network

_FILLING = frozenset({EntryKind.GRANTED, EntryKind.CREDITED})


def reverse_right(
    session: Session, network: Network, actor: Actor, right_id: int, *, reason: str, now: datetime
) -> Entitlement:
    """Take a right back whole, with all that came with it, while nothing of it is used.

    Nobody takes back what they hold themselves. Raises UnknownRight, NotAllowed, RightUsed,
    AlreadyReversed.
    """
    parts = parts_of(session, network, right_id)
    if not parts or parts[0].parent_id is not None:
        raise UnknownRight
    right = parts[0]
    _require(actor, right)
    entries = entries_of(session, network, [part.id for part in parts])
    movements = [_reversal(part, entries.get(part.id, []), reason) for part in parts]
    move_rights(session, movements, by=actor.account_id, now=now)
    return right


def use_pieces(
    session: Session, network: Network, actor: Actor, right_id: int, amount: int, *, now: datetime
) -> Entitlement:
    """Note at the desk that pieces (printed pages) were used; raises RightTooSmall, UnknownRight.

    Raises NotAllowed away from the desk of the Totem that sold them.
    """
    right = get_right(session, network, right_id, lock=True)
    require(actor, Permission.RIGHTS_SELL, right.subject)
    today = right.site.calendar.local_date(now)
    if right.kind is not RightKind.PIECES:
        raise UnknownRight
    if not right.is_usable(today) or amount > right.balance:
        raise RightTooSmall(right.balance if right.is_usable(today) else 0, amount)
    movement = Movement(right.id, EntryKind.USED, -amount, site_id=right.site.id)
    move_rights(session, [movement], by=actor.account_id, now=now)
    return right


def reverse_use(
    session: Session, network: Network, actor: Actor, entry_id: int, *, now: datetime
) -> Entitlement:
    """Take back a note of pieces used; raises UnknownRight, NotAllowed, AlreadyReversed."""
    row = session.execute(
        select(EntitlementEntryRow).where(EntitlementEntryRow.id == entry_id)
    ).scalar_one_or_none()
    if row is None or row.kind != EntryKind.USED:
        raise UnknownRight
    right = get_right(session, network, row.entitlement_id, lock=True)
    require(actor, Permission.RIGHTS_SELL, right.subject)
    movement = Movement(right.id, EntryKind.REVERSED, -row.amount, undoes_id=row.id)
    try:
        with session.begin_nested():
            move_rights(session, [movement], by=actor.account_id, now=now)
    except IntegrityError as error:  # an entry is taken back once
        raise AlreadyReversed from error
    return right


def _require(actor: Actor, right: Entitlement) -> None:
    require(actor, Permission.RIGHTS_SELL, right.subject)
    own = right.holder.account_id == actor.account_id
    if own or right.holder.organisation_id in actor.organisations:
        raise NotAllowed(Permission.RIGHTS_SELL)


def _reversal(part: Entitlement, entries: list[Entry], reason: str) -> Movement:
    filling = next(entry for entry in entries if entry.kind in _FILLING)
    if filling.undone:
        raise AlreadyReversed
    standing = [each for each in entries if each.kind is EntryKind.SPENT and not each.undone]
    full = MEMBERSHIP if part.kind is RightKind.UNLIMITED else filling.amount
    if standing or part.balance < full:
        raise RightUsed(max(len(standing), full - part.balance))
    return Movement(part.id, EntryKind.REVERSED, -filling.amount, reason, undoes_id=filling.id)
