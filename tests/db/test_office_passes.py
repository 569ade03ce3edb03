"""A tenant's people enter their office by phone: a pass of a day, new every six hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.access import queries, service
from app.access.journal import Status
from app.access.offices import LIFE, TURN, OfficePass, turn_of, turns_open_in
from app.db.transaction import reading, transaction
from app.domain.intervals import Span
from app.domain.permissions import Actor
from app.leases import service as leases
from app.leases.lease import Inventory, Lease, Way
from app.people import service as people
from app.spaces.queries import find_network
from app.web import clock
from devices.passes.reasons import Opening, Reason
from devices.passes.rules import DoorRules, Granted, Knowledge, Policy, judge
from devices.passes.text import make_live, read
from tests.phones import TestPhone, enrol
from tests.readers import keys_of, make_manager, make_reader
from tests.stays import BORN, actor_of, make_person
from tests.tenants import ITEMS, add_manager, add_tenant, entered, wish

BORN_SECONDS = BORN.timestamp()


@pytest.fixture
def tenant(app: Flask, now: datetime) -> tuple[Actor, Actor, Lease]:
    """A manager, somebody of the tenant, and the lease of their office."""
    with app.app_context(), transaction() as session:
        manager, (organisation, owner) = add_manager(session), add_tenant(session)
        lease = entered(session, manager, wish(organisation), now=now)
        return manager, actor_of(session, owner.account_id), lease


def office_passes(app: Flask, actor: Actor, phone: TestPhone, now: datetime) -> list[OfficePass]:
    with app.app_context(), reading() as session:
        holder = queries.find_phone(session, phone.code)
        assert holder is not None
        return service.office_passes_of_phone(session, actor, holder, keys=keys_of(app), now=now)


def revoked(app: Flask, given: OfficePass, now: datetime) -> bool:
    """Whether doors are told that this pass must not open."""
    keys, site = keys_of(app), given.tenancy.site
    span = Span(now - timedelta(hours=1), now + timedelta(hours=1))
    with app.app_context(), reading() as session:
        ids = queries.given_up_office_ids(session, site, keys, span)
    return read(given.text, keys.ring).claims.pass_id in ids


def test_a_tenant_s_phone_opens_the_office_live_and_only_live(
    app: Flask, tenant: tuple[Actor, Actor, Lease], now: datetime
) -> None:
    _manager, actor, lease = tenant
    phone = enrol(app, actor, now)
    (office,) = office_passes(app, actor, phone, now)
    assert office.tenancy.lease_id == lease.id
    assert office.span.duration == LIFE
    assert office.span.start <= now < office.span.start + TURN
    ring = keys_of(app).ring
    rules = DoorRules("mz", office.doors[-1].number, Policy.LIVE)
    at = int(now.timestamp())
    known = Knowledge(rules, ring, server_time=at)
    opened = judge(make_live(office.text, at, phone.sign), known, now=at)
    assert isinstance(opened, Granted)
    assert opened.opening is Opening.LIVE
    refused = judge(office.text, known, now=at)
    assert not isinstance(refused, Granted)
    assert refused.reason is Reason.LIVE_NEEDED


def test_strangers_and_signed_leases_without_keys_have_no_office_pass(
    app: Flask, tenant: tuple[Actor, Actor, Lease], now: datetime
) -> None:
    basile = make_person(app, "Basile")
    assert office_passes(app, basile, enrol(app, basile, now), now) == []


def test_the_pass_is_the_same_within_a_turn_and_new_in_the_next(
    app: Flask, tenant: tuple[Actor, Actor, Lease], now: datetime
) -> None:
    _manager, actor, _lease = tenant
    phone = enrol(app, actor, now)
    (first,) = office_passes(app, actor, phone, now)
    last_moment = first.span.start + TURN - timedelta(seconds=1)
    assert office_passes(app, actor, phone, last_moment)[0].text == first.text
    assert office_passes(app, actor, phone, first.span.start + TURN)[0].text != first.text


def test_a_lost_phone_opens_no_office_any_more(
    app: Flask, tenant: tuple[Actor, Actor, Lease], now: datetime
) -> None:
    _manager, actor, _lease = tenant
    phone, kept = enrol(app, actor, now), enrol(app, actor, now)
    (office,), (other,) = (office_passes(app, actor, each, now) for each in (phone, kept))
    assert not revoked(app, office, now)
    with app.app_context(), transaction() as session:
        service.revoke_phone(session, actor, phone.code, now=now)
    assert revoked(app, office, now)
    assert not revoked(app, other, now)
    assert not revoked(app, office, now + LIFE + timedelta(hours=8)), "it has ended by itself"


def test_a_lease_that_ends_takes_the_passes_with_it(
    app: Flask, tenant: tuple[Actor, Actor, Lease], now: datetime
) -> None:
    manager, actor, lease = tenant
    phone = enrol(app, actor, now)
    (office,) = office_passes(app, actor, phone, now)
    found = Inventory(Way.OUT, date(2026, 11, 23), keys=2, items=ITEMS)
    with app.app_context(), transaction() as session:
        leases.leave(session, manager, lease.ref, found, now=now)
    assert revoked(app, office, now)
    assert office_passes(app, actor, phone, now) == []


def test_a_line_of_a_door_about_an_office_is_an_opening_like_any_other(
    app: Flask, tenant: tuple[Actor, Actor, Lease], now: datetime
) -> None:
    _manager, actor, _lease = tenant
    phone = enrol(app, actor, now)
    (office,) = office_passes(app, actor, phone, now)
    reader = make_reader(app, make_manager(app, "Nora"), now)
    shown = read(office.text, keys_of(app).ring).claims.pass_id
    with clock.freeze(now):
        reader.note(now, reason="live", pass_id=shown)
        reader.note(now, reason="live", pass_id=bytes(8))
        assert reader.push().status_code == 200
    with app.app_context(), reading() as session:
        site = find_network(session).get_site("metz")
        lines = queries.journal_of_day(session, site, now.date())
    assert [line.status for line in lines] == [Status.UNKNOWN_PASS, Status.OPENED]


@given(st.integers(0, 10**9), st.integers(0, 200_000), st.integers(0, 10**6))
def test_every_turn_whose_pass_opens_in_a_span_is_named(
    start: int, length: int, after: int
) -> None:
    begin = datetime.fromtimestamp(BORN_SECONDS + start, BORN.tzinfo)
    span = Span(begin, begin + timedelta(seconds=length + 1))
    turn = turn_of(begin - LIFE) + after % 40
    opens = Span(
        datetime.fromtimestamp(turn * TURN.total_seconds(), BORN.tzinfo),
        datetime.fromtimestamp(turn * TURN.total_seconds(), BORN.tzinfo) + LIFE,
    )
    if opens.within(span) is not None:
        assert turn in turns_open_in(span)


def test_who_left_the_tenant_enters_no_more_and_the_doors_hear_of_it_at_once(
    app: Flask, tenant: tuple[Actor, Actor, Lease], now: datetime
) -> None:
    manager, owner, lease = tenant
    basile = make_person(app, "Basile")
    organisation = lease.tenant.id
    with app.app_context(), transaction() as session:
        people.add_member(
            session, organisation_id=organisation, account_id=basile.account_id, now=now
        )
        basile = actor_of(session, basile.account_id)
    phone = enrol(app, basile, now)
    (office,) = office_passes(app, basile, phone, now)
    assert not revoked(app, office, now)
    before = mark(app)
    with app.app_context(), transaction() as session:
        people.remove_member(session, owner, organisation, basile.account_id, now=now)
    assert revoked(app, office, now)
    assert mark(app) != before
    before = mark(app)
    found = Inventory(Way.OUT, date(2026, 11, 23), keys=2, items=ITEMS)
    with app.app_context(), transaction() as session:
        leases.leave(session, manager, lease.ref, found, now=now)
    assert mark(app) != before


def mark(app: Flask) -> tuple[object, ...]:
    """Give what wakes the doors that wait for news."""
    with app.app_context(), reading() as session:
        return queries.change_mark(session)
