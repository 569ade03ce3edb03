"""Tenants and leases for tests: plain functions with visible defaults."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.domain.ids import OrganisationId, SpaceCode
from app.domain.indices import IndexSeries, IndexValue, Quarter
from app.domain.money import Money
from app.domain.permissions import Actor, Role
from app.domain.rents import RentTerms, Stage
from app.domain.titles import Title
from app.domain.vat_rules import VatCode
from app.leases import service
from app.leases.aid import Declaration
from app.leases.lease import Clauses, Condition, Inventory, Item, Lease, Way
from app.leases.service import LeaseWish
from app.people import service as people
from app.tariffs.indices import record_index
from tests.stays import BORN, actor_of, add_person

OFFICE = SpaceCode("metz-bureau-101")  # 18 m²
CLIMB = (Stage(12, Decimal("0.50")), Stage(12, Decimal("0.75")), Stage(12, Decimal("1.00")))
FIRST, LAST = date(2024, 7, 1), date(2027, 6, 30)
ITEMS = (Item("Murs", Condition.GOOD), Item("Porte", Condition.WORN, "rayée"))


def add_manager(session: Session, name: str = "Solange", *, locale: str = "fr") -> Actor:
    """Make a manager of the whole network."""
    account_id = add_person(session, name, locale=locale).account_id
    people.grant_role(
        session, None, account_id=account_id, role=Role.NETWORK_MANAGER, site=None, now=BORN
    )
    return actor_of(session, account_id)


def add_tenant(session: Session, name: str = "Quetsche SAS") -> tuple[OrganisationId, Actor]:
    """Found an organisation with its owner."""
    owner = add_person(session, f"Patronne-{name.split()[0]}")
    made = people.create_organisation(session, owner, name=name, now=BORN)
    return made, actor_of(session, owner.account_id)


def wish(
    tenant: OrganisationId,
    space: SpaceCode = OFFICE,
    *,
    first: date = FIRST,
    last: date = LAST,
    title: Title = Title.DEROGATORY,
    stages: tuple[Stage, ...] = CLIMB,
    **clauses: Any,
) -> LeaseWish:
    """Write a wish for the office of 18 m² of the worked examples."""
    terms = RentTerms(first, last, Decimal(18), Decimal(150), stages, Decimal("4.00"), Money(0))
    said = Clauses(
        title=title,
        motive="",
        call_reference="",
        services="",
        deposit=Money(11250),
        vat_code=VatCode.STANDARD,
        series=IndexSeries.ILAT,
        base=Quarter(first.year - 1, 4),
    )
    return LeaseWish(space, tenant, terms, replace(said, **clauses))


def declared(
    session: Session, actor: Actor, tenant: OrganisationId, on: date, *, now: datetime, **more: Any
) -> None:
    """Declare no aid from elsewhere, or what is given."""
    said = Declaration(tenant, on, True, "SAS", "62.01Z", "", "Paule Quetsche")
    service.declare_aid(session, actor, replace(said, **more), now=now)


def signed(
    session: Session, manager: Actor, wanted: LeaseWish, *, now: datetime, on: date | None = None
) -> Lease:
    """Draft, offer and sign."""
    lease = service.draft_lease(session, manager, wanted, now=now)
    service.offer(session, manager, lease.ref, now=now)
    day = on or min(wanted.terms.first_day, now.date())
    declared(session, manager, OrganisationId(wanted.organisation_id), day, now=now)
    return service.sign(
        session, manager, lease.ref, signed_on=day, signatory="Paule Quetsche", now=now
    )


def entered(session: Session, manager: Actor, wanted: LeaseWish, *, now: datetime) -> Lease:
    """Draft, offer, sign and hand the keys over on the first day."""
    lease = signed(session, manager, wanted, now=now)
    found = Inventory(Way.IN, lease.terms.first_day, keys=2, items=ITEMS)
    return service.enter(session, manager, lease.ref, found, now=now)


def publish(
    session: Session, manager: Actor, quarter: Quarter, value: str, *, now: datetime
) -> IndexValue:
    """Enter a value of the ILAT as published today."""
    told = IndexValue(
        IndexSeries.ILAT, quarter, Decimal(value), published_on=now.date(), source="test"
    )
    return record_index(session, told, recorded_by=manager.account_id, now=now)


def at(day: date) -> datetime:
    """Give nine in the morning in Metz in winter, ten in summer."""
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
