"""The demonstration: a house that lives, filled once a day, with nobody in two rooms at once."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from flask import Flask
from sqlalchemy.orm import Session

from app.bookings.booking import Visit
from app.bookings.queries import visits_of_site
from app.db.transaction import reading, transaction
from app.demonstration.cast import CROWD, EVERYBODY
from app.demonstration.showcase import Shown, top_up
from app.domain.booking_states import BookingState
from app.domain.intervals import Span
from app.jobs import deliver_due
from app.leases.aid import AidSource
from app.leases.queries.aid import aid_of_sites
from app.people import queries as people
from app.spaces.queries import find_network
from app.web import clock

MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
NOON = MORNING + timedelta(hours=5)
CROWD_NAMES = {player.name for player in CROWD}


def _shown(app: Flask, now: datetime) -> Shown:
    with app.app_context(), transaction() as session:
        store = app.extensions["totem.documents"]
        return top_up(session, cheap=True, now=now, documents=store)


def _visits(app: Flask, now: datetime) -> list[Visit]:
    week = Span(MORNING, MORNING + timedelta(days=8))
    with app.app_context(), reading() as session:
        network = find_network(session)
        return [
            visit
            for site in network.sites
            for visit in visits_of_site(session, network, site, week, now=now)
        ]


def test_a_second_start_of_the_same_day_adds_nothing(app: Flask) -> None:
    first = _shown(app, MORNING)
    assert first.people == len(EVERYBODY)
    assert first.booked > 200
    before = len(_visits(app, MORNING))
    assert _shown(app, MORNING + timedelta(minutes=5)).booked == 0
    assert len(_visits(app, MORNING)) == before


def test_every_open_day_of_every_totem_has_visitors(sqlite_app: Flask) -> None:
    _shown(sqlite_app, MORNING)
    days = {
        (visit.booking.site.code, visit.booking.span.start.date().isoweekday())
        for visit in _visits(sqlite_app, MORNING)
    }
    sites = {site for site, _ in days}
    assert len(sites) == 5
    assert all((site, weekday) in days for site in sites for weekday in (2, 3, 4, 5))


def test_nobody_of_the_crowd_is_in_two_rooms_at_once(sqlite_app: Flask) -> None:
    _shown(sqlite_app, MORNING)
    spans: dict[str, list[Span]] = defaultdict(list)
    for visit in _visits(sqlite_app, MORNING):
        if visit.person.name in CROWD_NAMES:
            spans[visit.person.name].append(visit.booking.span)
    for own in spans.values():
        ordered = sorted(own, key=lambda span: span.start)
        assert [(a, b) for a, b in pairwise(ordered) if b.start < a.end] == []


def test_people_come_as_the_day_goes_on(sqlite_app: Flask) -> None:
    _shown(sqlite_app, MORNING)
    assert _shown(sqlite_app, NOON).moved > 10
    states = {visit.booking.state for visit in _visits(sqlite_app, NOON)}
    assert BookingState.CHECKED_IN in states
    assert BookingState.CONFIRMED in states


def test_only_the_principals_are_mailed(sqlite_app: Flask) -> None:
    _shown(sqlite_app, MORNING)
    with clock.freeze(MORNING + timedelta(minutes=1)):
        told = deliver_due(sqlite_app)
    assert 0 < told < 30
    to = {message["To"] for message in sqlite_app.extensions["totem.mailer"].sent}
    assert not to & {player.email for player in CROWD}


def test_one_proof_waits_with_a_document_that_opens(sqlite_app: Flask) -> None:
    for _start in range(2):
        _shown(sqlite_app, MORNING)
    with sqlite_app.app_context(), reading() as session:
        staff = people.actor_of(session, _account(session, "concierge.nancy"))
        assert staff is not None
        (waiting,) = people.pending_proofs(session, staff)
    (document,) = waiting.documents
    content = sqlite_app.extensions["totem.documents"].get(document.key)
    assert content.startswith(b"%PDF-1.4")
    assert int(content.rsplit(b"startxref\n", 1)[1].split()[0]) == content.index(b"xref\n0 6")


def _account(session: Session, login: str) -> int:
    found = people.find_account_by_email(session, f"{login}@totem.example")
    assert found is not None
    return found.id


def test_the_ledger_of_aid_has_some_lines_once(sqlite_app: Flask) -> None:
    for _start in range(2):
        _shown(sqlite_app, MORNING)
    with sqlite_app.app_context(), reading() as session:
        network = find_network(session)
        sites = [site.id for site in network.sites]
        since, until = (MORNING - timedelta(days=900)).date(), MORNING.date()
        entries = aid_of_sites(session, sites, since=since, until=until)
    assert len([entry for entry in entries if entry.source is AidSource.REBATES]) == 4
    assert len([entry for entry in entries if entry.reverses_id]) == 1
