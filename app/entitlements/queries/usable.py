"""What a stay may use up, and whose price it has: the payer, residence, and rights in date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.domain.entitlements import EntryKind
from app.domain.ids import SiteCode
from app.domain.intervals import Span
from app.domain.profiles import Profile, ProvenProfile
from app.domain.tariffs import Right, RightKind
from app.entitlements.queries.rows import honours_from
from app.entitlements.tables import EntitlementEntryRow, EntitlementRow, ResidenceRow
from app.people import queries as people
from app.people.queries import Payer, Paying
from app.people.tables import AccountRow
from app.spaces.network import Network

IdOrBound = InstrumentedAttribute[int] | InstrumentedAttribute[int | None] | BindParameter[int]
# Written out, not bound: SQLite plans a statement anew each time a bound value might decide
# whether a partial index serves.
_NONE: ColumnElement[int] = literal_column("0", Integer)
PIECES: ColumnElement[str] = literal_column(f"'{RightKind.PIECES}'", String)
_ON: BindParameter[date] = bindparam("on", type_=Date)


@dataclass(frozen=True, slots=True)
class Use:
    """For whom a stay is, when, and which booking it belongs to, if it has one already."""

    account_id: int
    organisation_id: int | None
    on: date
    span: Span
    booking_id: int = 0


@dataclass(frozen=True, slots=True)
class UsableRights:
    """Rights that count on a day, and the residence that memberships among them give."""

    rights: tuple[Right, ...] = ()
    residence: tuple[ProvenProfile, ...] = ()


NO_RIGHTS = UsableRights()


def payer(session: Session, account_id: int, *, on: date) -> tuple[Payer, bool]:
    """Give the payer of an account, residence included, and whether there are rights to be read.

    One statement. Raises UnknownAccount.
    """
    found, beside = payer_and_more(session, _PAYING, account_id, on=on)
    return found, bool(beside.has_rights)


def payer_and_more(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    account_id: int,
    *,
    on: date,
    **more: object,
) -> tuple[Payer, Row[*tuple[Any, ...]]]:
    """Give the payer, residence included, and the row with what was added to ``payer_statement``.

    The row says in ``has_rights`` whether there are rights to be read. Raises UnknownAccount.
    """
    found, beside = people.payer_and_more(session, statement, account_id, on=on, **more)
    if beside.residence_until is not None:
        found = replace(found, profiles=(*found.profiles, resident(on, beside.residence_until)))
    return found, beside


def payer_statement() -> Select[*tuple[Any, ...]]:
    """Build what ``payer`` asks; a higher feature may add columns to it."""
    has_rights, until = _beside(AccountRow.id, AccountRow.payer_organisation_id)
    return people.payer_statement().add_columns(has_rights, until)


def paying(
    session: Session, account_id: int, organisation_id: int | None, *, on: date
) -> tuple[Paying, bool]:
    """Give what sets the price of a stay, residence included, and whether there are rights to read.

    One statement. Raises UnknownAccount, UnknownOrganisation.
    """
    statement = _PAYING_ALONE if organisation_id is None else _PAYING_TOGETHER
    found, row = people.paying_and_more(session, statement, account_id, organisation_id, on=on)
    if row.residence_until is not None:
        found = replace(found, profiles=(*found.profiles, resident(on, row.residence_until)))
    return found, bool(row.has_rights)


def usable_rights(session: Session, network: Network, use: Use) -> UsableRights:
    """Give the rights a stay may use up, those that end first in front; one statement.

    A membership that is honoured for another stay at the same time is not among them; what the
    booking itself has spent counts as left, for it may be moved.
    """
    values = {
        "account": use.account_id,
        "organisation": use.organisation_id,
        "on": use.on,
        "start": use.span.start,
        "end": use.span.end,
        "booking": use.booking_id,
    }
    rows = session.connection().execute(_USABLE, values).all()
    rights = tuple(usable_right(row, network) for row in rows if not row.busy)
    memberships = tuple(resident(row.valid_from, row.valid_until) for row in rows if row.resident)
    return UsableRights(rights, memberships)


def lock_rights(session: Session, use: Use, also: Iterable[int] = ()) -> None:
    """Let nobody else spend the rights of a stay, or those it spends now, before we are done.

    In the order of their numbers. SQLite has one writer at a time and needs no lock.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    values = {"account": use.account_id, "organisation": use.organisation_id, "on": use.on}
    session.connection().execute(_LOCK, {**values, "also": list(also)})


def usable_right(row: Row[*tuple[Any, ...]], network: Network, returned: int = 0) -> Right:
    """Turn a row into a right that may be spent; what is given back to it first counts as left."""
    honours = honours_from(row.honours)
    return Right(
        id=row.id,
        kind=RightKind(row.kind),
        families=honours.families,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        left=None if row.kind == RightKind.UNLIMITED else row.balance + returned,
        kinds=honours.kinds,
        sites=frozenset() if honours.roaming is not None else _sites_of(network, row.site_id),
    )


def _sites_of(network: Network, site_id: int) -> frozenset[SiteCode]:
    """Give the sites of the operator that sold a right there."""
    operator = network.site_by_id(site_id).operator
    return frozenset(site.code for site in network.sites if site.operator == operator)


def resident(first: date, last: date) -> ProvenProfile:
    """Give residence as the profile it is."""
    return ProvenProfile(Profile.RESIDENT, first, last)


def held(
    account: IdOrBound, organisation: IdOrBound
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a right is the person's own, and that it is their organisation's.

    What people bought for themselves is not spent on what an organisation pays; a membership
    follows its person.
    """
    row = EntitlementRow
    same_payer = func.coalesce(row.organisation_id, _NONE) == func.coalesce(organisation, _NONE)
    return (
        and_(row.account_id == account, or_(row.resident, same_payer)),
        and_(row.account_id.is_(None), row.organisation_id == organisation),
    )


def _beside(
    account: IdOrBound, organisation: IdOrBound
) -> tuple[ColumnElement[bool], ColumnElement[date]]:
    """Whether there are rights to be read, and the last day of residence."""
    own, shared = held(account, organisation)
    has_rights = or_(
        exists().where(own, _standing()).correlate(AccountRow),
        exists().where(shared, _standing()).correlate(AccountRow),
    )
    until = _residence(account, organisation).correlate(AccountRow).scalar_subquery()
    return has_rights.label("has_rights"), until.label("residence_until")


def _standing(*, or_used: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    row = EntitlementRow
    something = row.balance > _NONE if or_used is None else or_(row.balance > _NONE, or_used)
    return and_(something, row.valid_from <= _ON, row.valid_until >= _ON, row.kind != PIECES)


def _residence(account: IdOrBound, organisation: IdOrBound) -> Select[date]:
    """The last day on which who pays resides, if they reside on that day."""
    row = ResidenceRow
    pays_alone = and_(row.account_id == account, func.coalesce(organisation, _NONE) == _NONE)
    return select(func.max(row.valid_until)).where(
        or_(pays_alone, row.organisation_id == organisation),
        row.valid_from <= _ON,
        row.valid_until >= _ON,
    )


def _usable() -> Select[*tuple[Any, ...]]:
    row, use = EntitlementRow, EntitlementEntryRow
    own, shared = held(_number("account"), _number("organisation"))
    its_own = and_(*standing_use(), use.booking_id == _number("booking"))
    instant = EntitlementEntryRow.ends_at.type
    busy = exists().where(
        *standing_use(),
        use.starts_at < bindparam("end", type_=instant),
        use.ends_at > bindparam("start", type_=instant),
        use.booking_id != _number("booking"),
    )
    back = select(func.coalesce(-func.sum(use.amount), _NONE)).where(its_own)
    return (
        select(
            row.id,
            row.kind,
            row.site_id,
            row.honours,
            row.resident,
            row.valid_from,
            row.valid_until,
            (row.balance + back.correlate(row).scalar_subquery()).label("balance"),
            and_(row.kind == RightKind.UNLIMITED, busy.correlate(row)).label("busy"),
        )
        .where(or_(own, shared), _standing(or_used=exists().where(its_own).correlate(row)))
        .order_by(row.valid_until, row.id)
    )


def standing_use() -> tuple[ColumnElement[bool], ...]:
    """The conditions that an entry is a use of a right, not given back."""
    use, undoing = EntitlementEntryRow, aliased(EntitlementEntryRow)
    return (
        use.entitlement_id == EntitlementRow.id,
        use.kind == EntryKind.SPENT,
        ~exists().where(undoing.undoes_id == use.id).correlate(use),
    )


def _lock() -> Select[int]:
    own, shared = held(_number("account"), _number("organisation"))
    also = EntitlementRow.id.in_(bindparam("also", expanding=True, type_=Integer))
    return (
        select(EntitlementRow.id)
        .where(or_(and_(or_(own, shared), _standing()), also))
        .order_by(EntitlementRow.id)
        .with_for_update(key_share=True)
    )


def _number(name: str) -> BindParameter[int]:
    return bindparam(name, type_=Integer)


_PAYING = payer_statement()
_KNOWN = _beside(_number("account"), _number("organisation"))
_PAYING_ALONE = people.paying_statement(together=False).add_columns(*_KNOWN)
_PAYING_TOGETHER = people.paying_statement(together=True).add_columns(*_KNOWN)
_USABLE = _usable()
_LOCK = _lock()
