"""A lease's life in the database, on both engines: draft, offer, signature, entry, exit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.db.base import db
from app.db.transaction import transaction
from app.domain.errors import (
    AbsurdArea,
    BadLeaseTerms,
    IndexAlreadyKnown,
    InventoryMissing,
    LeaseTooLong,
    MissingTitleWords,
    NotAllowed,
    RoomTaken,
    UnknownLease,
    UnknownOrganisation,
    WrongLeaseState,
)
from app.domain.ids import OrganisationId, SpaceCode
from app.domain.indices import IndexSeries, IndexValue, Quarter
from app.domain.lease_states import LeaseState
from app.domain.money import Money
from app.domain.rents import deposit_return
from app.domain.titles import Alarm, Title
from app.entitlements.tables import ResidenceRow
from app.leases import service
from app.leases.lease import Condition, Inventory, Item, Way
from app.leases.queries import get_lease, leases_of_organisations, leases_of_sites, log_of
from app.spaces.occupancy import AllocationKind
from app.spaces.queries import find_network
from app.spaces.tables import AllocationRow
from app.tariffs.index_tables import IndexValueRow
from app.tariffs.indices import index_history, read_index_table, record_index
from tests.stays import add_person
from tests.tenants import (
    ITEMS,
    LAST,
    OFFICE,
    add_manager,
    add_tenant,
    declared,
    entered,
    publish,
    signed,
    wish,
)


def occupied(session, lease_id: int) -> list[tuple[datetime, datetime]]:
    rows = session.execute(
        select(AllocationRow.starts_at, AllocationRow.ends_at).where(
            AllocationRow.kind == AllocationKind.LEASE.value, AllocationRow.holder_id == lease_id
        )
    )
    return [(row.starts_at, row.ends_at) for row in rows]


def test_a_lease_is_drafted_offered_signed_entered_and_left(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        draft = service.draft_lease(session, manager, wish(tenant), now=now)
        assert draft.state is LeaseState.DRAFT
        assert occupied(session, draft.id) == []
        offered = service.offer(session, manager, draft.ref, now=now)
        assert offered.offered_on == date(2026, 11, 23)
        declared(session, manager, tenant, date(2024, 6, 20), now=now)
        lease = service.sign(
            session,
            manager,
            draft.ref,
            signed_on=date(2024, 6, 20),
            signatory="Paule Quetsche",
            now=now,
        )
        assert (lease.state, lease.signatory) == (LeaseState.SIGNED, "Paule Quetsche")
        whole = datetime(2024, 6, 30, 22, tzinfo=UTC), datetime(2027, 6, 30, 22, tzinfo=UTC)
        assert occupied(session, lease.id) == [whole]
        found = Inventory(Way.IN, date(2024, 7, 1), keys=3, items=ITEMS, note="RAS")
        lease = service.enter(session, manager, lease.ref, found, now=now)
        assert lease.inventory(Way.IN) == found
        damage = Item("Porte", Condition.DAMAGED, "enfoncée", Money(4000))
        given_back = Inventory(Way.OUT, date(2026, 9, 15), keys=3, items=(damage,))
        lease = service.leave(session, manager, lease.ref, given_back, now=now)
        assert (lease.state, lease.left_on) == (LeaseState.ENDED, date(2026, 9, 15))
        shorter = whole[0], datetime(2026, 9, 15, 22, tzinfo=UTC)
        assert occupied(session, lease.id) == [shorter]
        assert deposit_return(lease.clauses.deposit, given_back.kept).returned == Money(7250)
        lease = service.return_deposit(session, manager, lease.ref, on=date(2026, 10, 1), now=now)
        assert lease.deposit_returned_on == date(2026, 10, 1)
        deeds = [line.action for line in log_of(session, lease.id)]
        assert deeds == ["deposit", "left", "entered", "signed", "offered", "drafted"]
        assert log_of(session, lease.id)[0].by == "Solange"


def test_a_signed_lease_makes_its_tenant_a_resident_until_the_exit(
    app: Flask, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = entered(session, manager, wish(tenant), now=now)
        row = session.scalars(select(ResidenceRow)).one()
        assert (row.organisation_id, row.valid_until) == (tenant, LAST)
        found = Inventory(Way.OUT, date(2026, 11, 20), keys=2, items=ITEMS)
        service.leave(session, manager, lease.ref, found, now=now)
        session.refresh(row)
        assert row.valid_until == date(2026, 11, 20)


def test_two_leases_cannot_have_one_office_on_the_same_days(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        other, _ = add_tenant(session, "Mirabelle SARL")
        signed(session, manager, wish(tenant), now=now)
        draft = service.draft_lease(session, manager, wish(other), now=now)
        service.offer(session, manager, draft.ref, now=now)
        with pytest.raises(RoomTaken), session.begin_nested():
            service.sign(session, manager, draft.ref, signed_on=now.date(), signatory="M.", now=now)
        network = find_network(session)
        assert get_lease(session, network, draft.ref).state is LeaseState.OFFERED


def test_a_tenant_cannot_have_an_office_for_more_than_36_months_in_all(
    app: Flask, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        signed(session, manager, wish(tenant, last=date(2026, 6, 30)), now=now)
        more = wish(tenant, first=date(2026, 12, 1), last=date(2027, 12, 31))
        draft = service.draft_lease(session, manager, more, now=now)
        with pytest.raises(LeaseTooLong) as refusal:
            service.offer(session, manager, draft.ref, now=now)
        assert refusal.value.latest_day == date(2027, 11, 30)
        other_office = wish(
            tenant, SpaceCode("metz-bureau-102"), first=date(2026, 12, 1), last=date(2029, 11, 30)
        )
        signed(session, manager, other_office, now=now)


def test_terms_that_cannot_be_are_refused_before_anything_is_written(
    app: Flask, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        good = wish(tenant)
        for bad, error in (
            (replace(good, terms=replace(good.terms, area_m2=Decimal(1_000_000))), AbsurdArea),
            (wish(tenant, deposit=Money(22501)), BadLeaseTerms),
            (wish(tenant, title=Title.PRECARIOUS), MissingTitleWords),
            (wish(tenant, title=Title.PUBLIC_DOMAIN), MissingTitleWords),
            (wish(tenant, SpaceCode("metz-mirabelle")), BadLeaseTerms),
            (wish(OrganisationId(10**9)), UnknownOrganisation),
        ):
            with pytest.raises(error):
                service.draft_lease(session, manager, bad, now=now)
        assert leases_of_sites(session, find_network(session), [1, 2, 3, 4, 5]) == []


def test_a_derogatory_lease_is_neither_entered_nor_left_without_an_inventory(
    app: Flask, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = signed(session, manager, wish(tenant), now=now)
        bare = Inventory(Way.IN, date(2024, 7, 1), keys=2)
        with pytest.raises(InventoryMissing), session.begin_nested():
            service.enter(session, manager, lease.ref, bare, now=now)
        out = Inventory(Way.OUT, now.date(), keys=2, items=ITEMS)
        with pytest.raises(InventoryMissing) as refusal, session.begin_nested():
            service.leave(session, manager, lease.ref, out, now=now)
        assert refusal.value.way == "in"


def test_other_titles_are_entered_with_keys_alone(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        wanted = wish(tenant, title=Title.SERVICES, services="Accueil, fibre, ménage")
        lease = signed(session, manager, wanted, now=now)
        bare = Inventory(Way.IN, date(2024, 7, 1), keys=2)
        assert service.enter(session, manager, lease.ref, bare, now=now).state is LeaseState.ENTERED


def test_deeds_out_of_turn_are_refused(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        draft = service.draft_lease(session, manager, wish(tenant), now=now)
        with pytest.raises(WrongLeaseState):
            service.sign(session, manager, draft.ref, signed_on=now.date(), signatory="", now=now)
        service.offer(session, manager, draft.ref, now=now)
        with pytest.raises(WrongLeaseState):
            service.edit_draft(session, manager, draft.ref, wish(tenant), now=now)
        service.reopen(session, manager, draft.ref, now=now)
        shorter = wish(tenant, last=date(2025, 6, 30))
        edited = service.edit_draft(session, manager, draft.ref, shorter, now=now)
        assert edited.terms.last_day == date(2025, 6, 30)
        gone = service.withdraw(session, manager, draft.ref, now=now)
        assert gone.state is LeaseState.WITHDRAWN
        with pytest.raises(UnknownLease):
            service.offer(session, manager, "nobody", now=now)


def test_only_those_who_manage_the_site_touch_its_leases(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, owner) = add_manager(session), add_tenant(session)
        draft = service.draft_lease(session, manager, wish(tenant), now=now)
        concierge = add_person(session, "Odile", concierge_of="metz")
        for stranger in (owner, concierge):
            with pytest.raises(NotAllowed):
                service.offer(session, stranger, draft.ref, now=now)
            with pytest.raises(NotAllowed):
                service.draft_lease(session, stranger, wish(tenant), now=now)


def test_tenants_see_what_was_offered_and_not_the_drafts(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        draft = service.draft_lease(session, manager, wish(tenant), now=now)
        network = find_network(session)
        assert leases_of_organisations(session, network, [tenant]) == []
        service.offer(session, manager, draft.ref, now=now)
        seen = leases_of_organisations(session, network, [tenant])
        assert [lease.ref for lease in seen] == [draft.ref]


def test_managers_are_warned_once_and_from_the_clock(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = entered(session, manager, wish(tenant, last=date(2027, 2, 15)), now=now)
        assert [due.alarm for due in lease.alarms(now.date())] == [Alarm.ENDS_IN_3_MONTHS]
        assert service.tidy(session, now=now) == 1
        assert service.tidy(session, now=now) == 0
        later = datetime(2027, 3, 20, 8, tzinfo=UTC)
        assert service.tidy(session, now=later) == 1


def test_the_index_series_of_the_files_are_there(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        table = read_index_table(session)
        value = table.find(IndexSeries.ILAT, Quarter(2024, 4))
        assert value is not None
        assert (value.value, value.published_on) == (Decimal("137.29"), date(2025, 3, 25))
        assert table.find(IndexSeries.ILAT, Quarter(2025, 2)) is None
        latest = table.latest(IndexSeries.ICC)
        assert latest is not None
        assert latest.value == 2108


def test_a_correction_of_an_index_is_a_new_revision_and_nothing_is_overwritten(
    app: Flask, now: datetime
) -> None:
    quarter = Quarter(2025, 2)
    with app.app_context(), transaction() as session:
        manager = add_manager(session)
        publish(session, manager, quarter, "138.00", now=now)
        with pytest.raises(IndexAlreadyKnown):
            publish(session, manager, quarter, "138.00", now=now)
        assert publish(session, manager, quarter, "138.10", now=now).revision == 2
        known = [each.value for each in index_history(session) if each.quarter == quarter]
        assert known == [Decimal("138.00"), Decimal("138.10")]
        found = read_index_table(session).find(IndexSeries.ILAT, quarter)
        assert found is not None
        assert found.value == Decimal("138.10")
        yesterday = date(2026, 11, 22)
        assert read_index_table(session, on=yesterday).find(IndexSeries.ILAT, quarter) is None


def test_the_database_refuses_to_change_a_value_of_an_index(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        with pytest.raises(IntegrityError, match="append-only"):
            connection.execute(update(IndexValueRow).values(value=Decimal(1)))
        connection.rollback()
        assert connection.scalar(select(func.min(IndexValueRow.value))) > 1


def test_reading_the_leases_of_a_site_takes_four_statements_however_many(
    app: Flask, now: datetime, count_statements
) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        for office in ("101", "102", "103", "104", "105"):
            entered(session, manager, wish(tenant, SpaceCode(f"metz-bureau-{office}")), now=now)
    with app.app_context(), transaction() as session:
        network = find_network(session)
        with count_statements() as counted:
            found = leases_of_sites(session, network, [site.id for site in network.sites])
    assert len(found) == 5
    assert len(counted) == 4


def test_an_index_of_the_files_is_not_written_twice(app: Flask, now: datetime) -> None:
    value = IndexValue(IndexSeries.ILAT, Quarter(2024, 4), Decimal("137.29"))
    with app.app_context(), transaction() as session, pytest.raises(IndexAlreadyKnown):
        record_index(session, value, recorded_by=None, now=now)


def test_the_office_of_the_worked_example_is_the_one_of_the_network(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        assert find_network(session).get_space(OFFICE).area_m2 == 18
