"""The yearly revision on both engines: on time, provisional, settled, in batches that restart."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from sqlalchemy import func, select

from app.db.outbox import OutboxRow
from app.db.transaction import transaction
from app.domain.ids import SpaceCode
from app.domain.indices import Quarter
from app.domain.money import Money
from app.domain.rents import LineKind
from app.leases import service
from app.leases.lease import Inventory, Way
from app.leases.queries import get_lease
from app.leases.service import due_steps
from app.leases.tables import LeaseRevisionRow
from app.spaces.queries import find_network
from app.tariffs.indices import read_index_table
from tests.tenants import ITEMS, add_manager, add_tenant, at, entered, publish, wish

JULY_2025 = date(2025, 7, 1)


def test_the_worked_example_is_revised_on_its_anniversary(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = entered(session, manager, wish(tenant), now=now)
        batch = service.revise_batch(session, on=JULY_2025, now=at(JULY_2025))
        assert (len(batch.steps), batch.leases, batch.after_id) == (1, 1, None)
        lease = get_lease(session, find_network(session), lease.ref)
        (revision,) = lease.revisions
        assert (revision.before, revision.after) == (Money(270000), Money(277271))
        assert (str(revision.base), str(revision.new)) == ("2023-T4", "2024-T4")
        assert revision.settled_on is None
        month = next(each for each in lease.schedule() if each.month == JULY_2025)
        assert month.lines[0].amount == Money(17329)


def test_a_value_not_published_makes_a_provisional_rent_and_is_settled_when_it_comes(
    app: Flask, now: datetime
) -> None:
    july, october = date(2026, 7, 1), date(2026, 10, 5)
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = entered(session, manager, wish(tenant), now=now)
        service.revise_batch(session, on=JULY_2025, now=at(JULY_2025))
        service.revise_batch(session, on=july, now=at(july))
        network = find_network(session)
        waiting = get_lease(session, network, lease.ref).revisions[1]
        assert (waiting.before, waiting.after) == (Money(277271), None)
        assert service.revise_batch(session, on=july, now=at(july)).steps == ()
        publish(session, manager, Quarter(2025, 4), "138.66", now=at(october))
        (step,) = service.revise_batch(session, on=october, now=at(october)).steps
        assert step.is_settling
        lease = get_lease(session, network, lease.ref)
        settled = lease.revisions[1]
        assert settled.after == Money(280038)  # 2 772.71 × 138.66 / 137.29 = 2 800.379…
        assert settled.settled_on == october
        lines = [line for month in lease.schedule() for line in month.lines]
        (difference,) = [line for line in lines if line.kind is LineKind.SETTLEMENT]
        assert difference.amount == Money(3 * (23337 - 23106))
        kinds = session.scalars(
            select(OutboxRow.kind).where(OutboxRow.kind == "lease-revised")
        ).all()
        assert len(kinds) == 3


def test_a_year_waits_for_the_year_before_it(app: Flask, now: datetime) -> None:
    late = date(2027, 3, 1)
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = entered(
            session, manager, wish(tenant, first=date(2025, 1, 1), last=date(2027, 12, 31)), now=now
        )
        service.revise_batch(session, on=date(2026, 1, 1), now=now)  # 2025-T4 is missing
        publish(session, manager, Quarter(2026, 4), "140.00", now=now)
        service.revise_batch(session, on=date(2027, 1, 1), now=now)
        network = find_network(session)
        first, second = get_lease(session, network, lease.ref).revisions
        assert (first.after, second.after, second.before) == (None, None, Money(270000))
        publish(session, manager, Quarter(2025, 4), "138.00", now=now)
        assert len(service.revise_batch(session, on=late, now=at(late)).steps) == 2
        first, second = get_lease(session, network, lease.ref).revisions
        assert first.after == Money(271396)  # 2 700 × 138.00 / 137.29
        assert second.after == Money(275329)  # 2 713.96 × 140.00 / 138.00 = 2 753.2927…


def test_a_lease_is_revised_by_hand_as_by_the_command(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = entered(session, manager, wish(tenant), now=now)
        revised = service.revise_lease(session, manager, lease.ref, now=now)
        first, second = revised.revisions
        assert (first.effective_on, first.after) == (JULY_2025, Money(277271))
        assert first.settled_on == now.date()  # asked late, so in one line
        assert second.after is None
        again = service.revise_lease(session, manager, lease.ref, now=now)
        assert again.revisions == revised.revisions


def test_who_has_left_is_not_revised(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = entered(session, manager, wish(tenant), now=now)
        gone = Inventory(Way.OUT, date(2025, 6, 30), keys=2, items=ITEMS)
        lease = service.leave(session, manager, lease.ref, gone, now=now)
        assert due_steps(lease, read_index_table(session), now.date()) == ()
        assert service.revise_batch(session, on=now.date(), now=now).leases == 0


def test_a_dry_run_writes_nothing(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        entered(session, manager, wish(tenant), now=now)
        assert len(service.revise_batch(session, on=JULY_2025, dry_run=True, now=now).steps) == 1
        assert session.scalar(select(func.count()).select_from(LeaseRevisionRow)) == 0


def test_a_batch_takes_the_same_statements_for_one_lease_or_five(
    app: Flask, now: datetime, count_statements
) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        entered(session, manager, wish(tenant), now=now)
        with count_statements() as one:
            service.revise_batch(session, on=JULY_2025, now=now)
        for office in ("102", "103", "104", "105"):
            entered(session, manager, wish(tenant, SpaceCode(f"metz-bureau-{office}")), now=now)
        with count_statements() as four:
            assert len(service.revise_batch(session, on=JULY_2025, now=now).steps) == 4
    assert len(four) == len(one)
