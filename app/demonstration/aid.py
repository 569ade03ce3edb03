"""A ledger of state aid with a few lines: two companies, one of them linked, one aid reversed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.aid import Rebate
from app.domain.ids import AccountId, OrganisationId
from app.domain.money import Money
from app.domain.months import add_months
from app.domain.permissions import Actor
from app.leases import service
from app.leases.aid import AidSource, Declaration, Declared
from app.leases.queries.aid import aid_of_organisations
from app.leases.service import Grant
from app.people import queries as people
from app.spaces.network import Network, Site

REGULATION = "Règlement (UE) 2023/2831"


def show_ledger(
    session: Session, network: Network, staff: Actor, logins: dict[str, AccountId], *, now: datetime
) -> None:
    """Declare for the company and the association, link them, and enter some aid, once."""
    company = _organisation(session, logins["company"])
    association = _organisation(session, logins["association"])
    if aid_of_organisations(session, [company, association]):
        return
    today = now.date()
    elsewhere = Declared(add_months(today, -14), "Région Grand Est", REGULATION, Money(4_500_000))
    for organisation, legal_form, aids in (
        (company, "GmbH", (elsewhere,)),
        (association, "Association", ()),
    ):
        said = Declaration(
            organisation,
            today - timedelta(days=20),
            True,
            legal_form,
            "72.19Z",
            "",
            "Démonstration",
            aids,
        )
        service.declare_aid(session, staff, said, now=now)
    site = network.get_site("thionville-gare")
    for months, minor in ((-20, 31_250), (-8, 18_700)):
        _give(session, site, company, add_months(today, months), minor, now=now)
    _give(session, network.get_site("epinal"), association, today, 9_900, now=now)
    wrong = aid_of_organisations(session, [company])[0]
    service.reverse_aid(session, staff, wrong.id, reason="Tarif corrigé", now=now)


def _give(
    session: Session,
    site: Site,
    organisation: OrganisationId,
    on: date,
    minor: int,
    *,
    now: datetime,
) -> None:
    """Enter what was enjoyed on a day, as the monthly valuation does."""
    rebate = Rebate(on, Money(minor), Money(0))
    grant = Grant(organisation, site, AidSource.REBATES, f"{on:%Y-%m}", (rebate,), on)
    service.record_enjoyed(session, grant, now=now)


def _organisation(session: Session, account: AccountId) -> OrganisationId:
    return people.organisations_of(session, account)[0].organisation_id
