"""Rights as people read them: all of a holder, one alone, and every movement of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.entitlements import EntryKind, Source
from app.domain.errors import UnknownRight
from app.domain.ids import AccountId, EntitlementId, OrganisationId
from app.domain.intervals import Span
from app.domain.money import Money
from app.domain.tariffs import RightKind, quote_from_json
from app.entitlements.entitlement import Entitlement, Entry, Holder
from app.entitlements.queries.rows import honours_from
from app.entitlements.tables import EntitlementEntryRow, EntitlementRow
from app.people.queries import Person, find_account
from app.people.tables import AccountRow
from app.spaces.network import Network

MOST = 200


def rights_of(
    session: Session,
    network: Network,
    account_id: int,
    organisations: Iterable[int] = (),
    *,
    most: int = MOST,
) -> list[Entitlement]:
    """Give a person's rights and those they share, the last to end first; one statement."""
    shared = and_(
        EntitlementRow.account_id.is_(None),
        EntitlementRow.organisation_id.in_(sorted(organisations)),
    )
    return _read(session, network, or_(EntitlementRow.account_id == account_id, shared), most)


def rights_of_organisation(
    session: Session, network: Network, organisation_id: int, *, most: int = MOST
) -> list[Entitlement]:
    """Give the rights an organisation pays for, the last to end first; one statement."""
    return _read(session, network, EntitlementRow.organisation_id == organisation_id, most)


def get_right(
    session: Session, network: Network, right_id: int, *, lock: bool = False
) -> Entitlement:
    """Give a right; raises UnknownRight. Locked, nobody moves it before we are done."""
    statement = select(EntitlementRow).where(EntitlementRow.id == right_id)
    row = session.execute(
        statement.with_for_update(key_share=True) if lock else statement
    ).scalar_one_or_none()
    if row is None:
        raise UnknownRight
    return right_from(row, network)


def parts_of(session: Session, network: Network, right_id: int) -> list[Entitlement]:
    """Give a right and those that came with it, in the order of their numbers."""
    rows = session.scalars(
        select(EntitlementRow)
        .where(or_(EntitlementRow.id == right_id, EntitlementRow.parent_id == right_id))
        .order_by(EntitlementRow.id)
        .with_for_update(key_share=True)
    )
    return [right_from(row, network) for row in rows]


def rights_by_id(session: Session, network: Network, ids: Iterable[int]) -> dict[int, Entitlement]:
    """Give rights by their numbers; no statement for none."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = session.scalars(
        select(EntitlementRow).where(EntitlementRow.id.in_(wanted)).order_by(EntitlementRow.id)
    )
    return {row.id: right_from(row, network) for row in rows}


def entries_of(session: Session, network: Network, rights: Sequence[int]) -> dict[int, list[Entry]]:
    """Give every movement of some rights, the first first; one statement."""
    entry, undoing = EntitlementEntryRow, aliased(EntitlementEntryRow)
    rows = session.execute(
        select(entry, AccountRow.name, undoing.id.label("undoing_id"))
        .outerjoin(AccountRow, AccountRow.id == entry.actor_id)
        .outerjoin(undoing, undoing.undoes_id == entry.id)
        .where(entry.entitlement_id.in_(rights))
        .order_by(entry.entitlement_id, entry.id)
    )
    entries: dict[int, list[Entry]] = defaultdict(list)
    for row, name, undoing_id in rows:
        entries[row.entitlement_id].append(_entry(row, name, network, undone=bool(undoing_id)))
    return entries


def find_holder_to_tell(
    session: Session, network: Network, right_id: int
) -> tuple[Entitlement, Person] | None:
    """Give a right that still stands with who is told about it: its person, or who bought it."""
    row = session.get(EntitlementRow, right_id)
    if row is None or not row.balance:
        return None
    person = find_account(session, row.account_id or row.created_by or 0)
    return None if person is None else (right_from(row, network), person)


def right_from(row: EntitlementRow, network: Network) -> Entitlement:
    """Turn a row into a right."""
    holder = Holder(
        None if row.account_id is None else AccountId(row.account_id),
        None if row.organisation_id is None else OrganisationId(row.organisation_id),
    )
    quote = None if row.quote is None else quote_from_json(row.quote)
    return Entitlement(
        id=EntitlementId(row.id),
        holder=holder,
        site=network.site_by_id(row.site_id),
        parent_id=None if row.parent_id is None else EntitlementId(row.parent_id),
        kind=RightKind(row.kind),
        product=row.product,
        honours=honours_from(row.honours),
        resident=row.resident,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        balance=row.balance,
        source=Source(row.source),
        quote=quote,
        gross=Money(row.gross_minor, quote.gross.currency if quote else "EUR"),
        created_at=row.created_at,
    )


def usable_on(rights: Iterable[Entitlement], day: date) -> list[Entitlement]:
    """Keep the rights that count on a day, those that end first in front."""
    usable = [right for right in rights if right.is_usable(day)]
    return sorted(usable, key=lambda right: (right.valid_until, right.id))


def _read(
    session: Session, network: Network, whose: ColumnElement[bool], most: int
) -> list[Entitlement]:
    rows = session.scalars(
        select(EntitlementRow)
        .where(whose)
        .order_by(EntitlementRow.valid_until.desc(), EntitlementRow.id.desc())
        .limit(most)
    )
    return [right_from(row, network) for row in rows]


def _entry(row: EntitlementEntryRow, actor: str | None, network: Network, *, undone: bool) -> Entry:
    return Entry(
        id=row.id,
        entitlement_id=EntitlementId(row.entitlement_id),
        kind=EntryKind(row.kind),
        amount=row.amount,
        at=row.at,
        actor=actor,
        reason=row.reason,
        booking_id=row.booking_id,
        undone=undone,
        site=None if row.site_id is None else network.site_by_id(row.site_id),
        span=None
        if row.starts_at is None or row.ends_at is None
        else Span(row.starts_at, row.ends_at),
    )
