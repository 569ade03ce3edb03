"""Offices let in the demonstration: one long since and revised, one about to end, one offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from sqlalchemy.orm import Session

from app.domain.ids import AccountId, OrganisationId, SpaceCode
from app.domain.indices import IndexSeries, Quarter
from app.domain.money import Money
from app.domain.months import ONE_DAY, add_months, first_of_month
from app.domain.permissions import Actor
from app.domain.rents import RentTerms, Stage, anniversaries
from app.domain.titles import Title
from app.domain.vat_rules import VatCode
from app.leases import queries, service
from app.leases.aid import Declaration
from app.leases.lease import Clauses, Condition, Inventory, Item, Lease, Way
from app.leases.service import LeaseWish
from app.people.queries import organisations_of
from app.spaces.network import Network

CLIMB = (Stage(12, Decimal("0.50")), Stage(12, Decimal("0.75")), Stage(12, Decimal("1.00")))
FULL = (Stage(12, Decimal(1)),)
THINGS = (
    Item("Murs", Condition.GOOD),
    Item("Sol", Condition.WORN, "deux rayures près de la fenêtre"),
    Item("Porte et serrure", Condition.GOOD),
    Item("Prises et réseau", Condition.GOOD),
)
NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Let:
    """One office of the demonstration; months count from the month of today."""

    login: str
    space: str
    title: Title
    begun: int
    months: int
    rent: str
    stages: tuple[Stage, ...] = CLIMB
    services: str = ""
    is_entered: bool = True


OFFICES = (
    Let("association", "epinal-bureau-201", Title.DEROGATORY, -28, 36, "108"),
    Let(
        "company",
        "thionville-gare-bureau-201",
        Title.SERVICES,
        -11,
        12,
        "156",
        FULL,
        "Accueil, fibre, ménage, salles de réunion",
    ),
    Let("association", "epinal-bureau-202", Title.INCUBATOR, 2, 24, "108", is_entered=False),
)


def let_offices(
    session: Session,
    network: Network,
    staff: Actor,
    logins: dict[str, AccountId],
    *,
    now: datetime,
) -> int:
    """Let the offices of the demonstration, once; gives how many were let."""
    if queries.leases_of_sites(session, network, [site.id for site in network.sites]):
        return 0
    for each in OFFICES:
        tenant = organisations_of(session, logins[each.login])[0].organisation_id
        _let(session, staff, each, tenant, now=now)
    return len(OFFICES)


def _let(
    session: Session, staff: Actor, each: Let, tenant: OrganisationId, *, now: datetime
) -> None:
    lease = service.draft_lease(session, staff, _wish(each, tenant, now), now=now)
    lease = service.offer(session, staff, lease.ref, now=now)
    if not each.is_entered:
        return
    first = lease.terms.first_day
    said = Declaration(tenant, first, True, "", "", "", "Démonstration")
    service.declare_aid(session, staff, said, now=now)
    service.sign(session, staff, lease.ref, signed_on=first, signatory=lease.tenant.name, now=now)
    found = Inventory(Way.IN, first, keys=2, items=THINGS)
    service.enter(session, staff, lease.ref, found, now=now)
    _revise(session, lease, now=now)


def _revise(session: Session, lease: Lease, *, now: datetime) -> None:
    """Revise on each anniversary that came, as the yearly command did."""
    for day in anniversaries(lease.terms.first_day, lease.site.calendar.local_date(now)):
        service.revise_batch(session, on=day, now=datetime.combine(day, NOON))


def _wish(each: Let, tenant: OrganisationId, now: datetime) -> LeaseWish:
    first = add_months(first_of_month(now.date()), each.begun)
    terms = RentTerms(
        first_day=first,
        last_day=add_months(first, each.months) - ONE_DAY,
        area_m2=Decimal(18),
        rent_per_m2=Decimal(each.rent),
        stages=each.stages,
        charges_per_m2=Decimal("4.00"),
        services=Money(0),
    )
    clauses = Clauses(
        title=each.title,
        motive="",
        call_reference="",
        services=each.services,
        deposit=Money(8100),
        vat_code=VatCode.STANDARD,
        series=IndexSeries.ILAT,
        base=Quarter(_base_year(first), 4),
    )
    return LeaseWish(SpaceCode(each.space), tenant, terms, clauses)


def _base_year(first: date) -> int:
    """Give the year whose last quarter was known when the lease began."""
    return first.year - 1 if first.month > 3 else first.year - 2
