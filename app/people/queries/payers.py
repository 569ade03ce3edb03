"""Who pays, and which proven profiles set their price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Row,
    Select,
    and_,
    bindparam,
    case,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.domain.errors import UnknownAccount, UnknownOrganisation
from app.domain.ids import OrganisationId
from app.domain.profiles import ProvenProfile, profile_from
from app.domain.vat_rules import PRIVATE_PERSON, Customer, business
from app.gateways.vies import VatIdVerdict
from app.people.tables import AccountRow, OrganisationRow, ProfileRow

# A number that the register does not know is none: French tax is charged.
_VAT_ID = case(
    (OrganisationRow.vat_verdict == VatIdVerdict.UNREGISTERED.value, None),
    else_=OrganisationRow.vat_id,
).label("vat_id")
_ON: BindParameter[date] = bindparam("on", type_=Date)
_LAST: BindParameter[date] = bindparam("last", type_=Date)
_Columns = tuple[str, str, str, int | None, str | None, str, date, date]


@dataclass(frozen=True, slots=True)
class Paying:
    """What the price of a stay depends on: proven profiles, and the customer as tax sees it."""

    profiles: tuple[ProvenProfile, ...] = ()
    customer: Customer = PRIVATE_PERSON


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays for somebody's bookings: they themselves, or the organisation they chose."""

    organisation_id: OrganisationId | None
    name: str
    email: str
    locale: str
    profiles: tuple[ProvenProfile, ...]
    customer: Customer = PRIVATE_PERSON


def payer(session: Session, account_id: int, *, on: date) -> Payer:
    """Give the payer of an account with the profiles proven for that day; one statement.

    Raises UnknownAccount.
    """
    return payer_and_more(session, _PAYING, account_id, on=on)[0]


def payer_over(session: Session, account_id: int, *, first: date, last: date) -> Payer:
    """Give the payer of an account with the profiles proven for any of those days.

    One statement. Raises UnknownAccount.
    """
    return payer_and_more(session, _PAYING_OVER, account_id, on=first, last=last)[0]


def payer_and_more(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    account_id: int,
    *,
    on: date,
    **more: object,
) -> tuple[Payer, Row[*tuple[Any, ...]]]:
    """Give the payer, and a row with what a higher feature added to ``payer_statement``.

    What it asks beside that may need `more` values.
    Raises UnknownAccount.
    """
    rows = session.connection().execute(statement, {"account": account_id, "on": on, **more}).all()
    if not rows:
        raise UnknownAccount(str(account_id))
    return _payer_of(rows), rows[0]


def _payer_of(rows: Sequence[Row[*tuple[Any, ...]]]) -> Payer:
    first = rows[0]
    proven = tuple(_proven(rows))
    organisation = first.payer_organisation_id
    return Payer(
        None if organisation is None else OrganisationId(organisation),
        first.name,
        first.email,
        first.locale,
        proven,
        PRIVATE_PERSON if organisation is None else business(first.vat_id),
    )


def payer_statement(*, over: bool = False) -> Select[*_Columns]:
    """Build what ``payer`` asks; a higher feature may add columns about ``:account`` on ``:on``.

    Asked ``over`` days, profiles count that are valid on any of them up to ``:last``.
    """
    paying = AccountRow.payer_organisation_id
    holder = or_(
        and_(paying.is_(None), ProfileRow.account_id == AccountRow.id),
        ProfileRow.organisation_id == paying,
    )
    return (
        select(
            AccountRow.name,
            AccountRow.email,
            AccountRow.locale,
            paying,
            _VAT_ID,
            ProfileRow.profile,
            ProfileRow.valid_from,
            ProfileRow.valid_until,
        )
        .select_from(AccountRow)
        .outerjoin(OrganisationRow, OrganisationRow.id == paying)
        .outerjoin(ProfileRow, and_(holder, *_counts(_ON, last=_LAST if over else _ON)))
        .where(AccountRow.id == bindparam("account"))
        .order_by(ProfileRow.id)
    )


def _counts(
    on: BindParameter[date], *, last: BindParameter[date]
) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a profile counts on a day, or on any up to the last."""
    return (
        ProfileRow.revoked_at.is_(None),
        ProfileRow.valid_from <= last,
        ProfileRow.valid_until >= on,
    )


def paying(
    session: Session, *, account_id: int, organisation_id: int | None = None, on: date
) -> Paying:
    """Give what sets the price that day: the organisation's when it pays, else the person's.

    One statement. Raises UnknownAccount, UnknownOrganisation.
    """
    statement = _PAYING_ALONE if organisation_id is None else _PAYING_TOGETHER
    return paying_and_more(session, statement, account_id, organisation_id, on=on)[0]


def paying_over(
    session: Session, account_id: int, organisation_id: int | None, *, first: date, last: date
) -> Paying:
    """Give what sets the price on any of those days; one statement.

    Raises UnknownAccount, UnknownOrganisation.
    """
    statement = _OVER_ALONE if organisation_id is None else _OVER_TOGETHER
    found, _ = paying_and_more(session, statement, account_id, organisation_id, on=first, last=last)
    return found


def paying_and_more(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    account_id: int,
    organisation_id: int | None,
    *,
    on: date,
    **more: object,
) -> tuple[Paying, Row[*tuple[Any, ...]]]:
    """Give what sets the price, and a row with what was added to ``paying_statement``.

    Raises UnknownAccount, UnknownOrganisation.
    """
    values = {"account": account_id, "organisation": organisation_id, "on": on, **more}
    rows = session.connection().execute(statement, values).all()
    if not rows and organisation_id is None:
        raise UnknownAccount(str(account_id))
    if not rows:
        raise UnknownOrganisation(str(organisation_id))
    customer = PRIVATE_PERSON if organisation_id is None else business(rows[0].vat_id)
    return Paying(tuple(_proven(rows)), customer), rows[0]


def paying_statement(*, together: bool, over: bool = False) -> Select[*tuple[Any, ...]]:
    """Build what ``paying`` asks of an organisation, or of a person who pays alone.

    A higher feature may add columns about ``:account`` and ``:organisation`` on ``:on``.
    """
    columns = ProfileRow.profile, ProfileRow.valid_from, ProfileRow.valid_until
    counts = _counts(_ON, last=_LAST if over else _ON)
    if together:
        return (
            select(*columns, _VAT_ID)
            .select_from(OrganisationRow)
            .outerjoin(ProfileRow, and_(ProfileRow.organisation_id == OrganisationRow.id, *counts))
            .where(OrganisationRow.id == bindparam("organisation"))
            .order_by(ProfileRow.id)
        )
    return (
        select(*columns)
        .select_from(AccountRow)
        .outerjoin(ProfileRow, and_(ProfileRow.account_id == AccountRow.id, *counts))
        .where(AccountRow.id == bindparam("account"))
        .order_by(ProfileRow.id)
    )


def _proven(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[ProvenProfile]:
    for row in rows:
        if row.profile is not None:
            yield ProvenProfile(profile_from(row.profile), row.valid_from, row.valid_until)


_PAYING = payer_statement()
_PAYING_OVER = payer_statement(over=True)
_PAYING_ALONE = paying_statement(together=False)
_PAYING_TOGETHER = paying_statement(together=True)
_OVER_ALONE = paying_statement(together=False, over=True)
_OVER_TOGETHER = paying_statement(together=True, over=True)
