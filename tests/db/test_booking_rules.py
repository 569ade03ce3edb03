"""The rules of places at work: refused with the true reason, granted, asked, stepped over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bookings import queries, service
from app.bookings.booking import Booking, Override, Wanted
from app.bookings.queries.requests import open_requests
from app.bookings.service import approve, book, book_for, cancel, move, refuse_request
from app.db.transaction import reading, transaction
from app.domain import errors as e
from app.domain.booking_states import BookingState
from app.domain.money import Money
from app.domain.permissions import Actor
from app.domain.profiles import Profile
from app.jobs import deliver_due
from app.spaces.queries import find_network
from app.spaces.tables import AllocationRow
from tests.stays import TUESDAY, add_person, make_person, span, stay

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)  # the Monday of the week before
HALL, LASER, STUDIO = "metz-graoully", "metz-laser", "metz-studio-son"
OFFICE, TRAINING = "metz-associations", "metz-sagesse"
WHY = Override("Visite du préfet")


def wanted(
    hours: str, space: str, *, day: date = TUESDAY, people: int = 2, **more: object
) -> Wanted:
    plain = stay(hours, space, day, people)
    return Wanted(plain.space, plain.span, plain.people, **more)  # type: ignore[arg-type]


def asking(app: Flask, actor: Actor, wish: Wanted, now: datetime = NOW) -> Booking:
    with app.app_context(), transaction() as session:
        return book(session, actor, wish, now=now)


def units_taken(app: Flask, booking: Booking) -> list[tuple[datetime, datetime, datetime | None]]:
    with app.app_context(), reading() as session:
        rows = session.scalars(select(AllocationRow).where(AllocationRow.holder_id == booking.id))
        return [(row.starts_at, row.ends_at, row.expires_at) for row in rows]


def refused_with(code: type[e.DomainError], deed: Callable[[], object]) -> e.DomainError:
    with pytest.raises(code) as caught:
        deed()
    return caught.value


def test_buffers_keep_two_stays_apart_and_are_frozen(sqlite_app: Flask) -> None:
    anais = make_person(sqlite_app)
    first = asking(sqlite_app, anais, wanted("10:00-12:00", TRAINING))
    assert first.occupied == span("09:45-12:15")
    assert [each[:2] for each in units_taken(sqlite_app, first)] == [
        (first.occupied.start, first.occupied.end)
    ]
    for hours in ("12:00-13:00", "12:15-13:15", "08:30-09:45"):
        near = wanted(hours, TRAINING)
        refused_with(e.RoomTaken, lambda near=near: asking(sqlite_app, anais, near))
    asking(sqlite_app, anais, wanted("12:30-13:30", TRAINING))
    with sqlite_app.app_context(), reading() as session:
        network = find_network(session)
        mine = queries.my_bookings(session, network, anais, queries.Listing(), now=NOW).items
    assert [each.occupied for each in mine] == [span("09:45-12:15"), span("12:15-13:45")]


def test_a_hall_is_asked_for_and_answered(app: Flask) -> None:
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    asked = asking(app, anais, wanted("10:00-12:00", HALL, people=40, setup="theatre"))
    assert (asked.state, asked.confirmed_at) == (BookingState.REQUESTED, None)
    [(_start, _end, expires)] = units_taken(app, asked)
    assert expires == asked.span.start  # unanswered, it frees the hall by itself
    refused_with(e.RoomTaken, lambda: asking(app, anais, wanted("11:00-13:00", HALL)))
    with app.app_context(), transaction() as session:
        with pytest.raises(e.UnknownBooking):
            approve(session, make_person_in(session), asked.ref, now=NOW)
        with pytest.raises(e.NotAllowed):
            approve(session, anais, asked.ref, now=NOW)
    with app.app_context(), transaction() as session:
        [request] = open_requests(
            session, find_network(session), find_network(session).get_site("metz"), now=NOW
        )
        assert request.visit.booking.setup == "theatre"
        standing = approve(session, odile, asked.ref, now=NOW)
        assert approve(session, odile, asked.ref, now=NOW) == standing
    assert standing.state is BookingState.CONFIRMED
    with app.app_context(), transaction() as session:
        moved = move(session, anais, asked.ref, wanted("14:00-16:00", HALL, people=40), now=NOW)
        assert moved.state is BookingState.REQUESTED  # yes was said to another hour
        with pytest.raises(e.ReasonMissing):
            refuse_request(session, odile, asked.ref, now=NOW, reason=" ")
        refused = refuse_request(session, odile, asked.ref, now=NOW, reason="Concert ce jour-là")
    assert refused.state is BookingState.REFUSED
    assert units_taken(app, refused) == []
    assert deliver_due(app) >= 3  # asked, asked again, refused: each is told


def test_asking_for_another_day_late_is_no_way_around_the_terms(sqlite_app: Flask) -> None:
    anais, odile = make_person(sqlite_app), make_person(sqlite_app, "Odile", concierge_of="metz")
    asked = asking(sqlite_app, anais, wanted("10:00-12:00", HALL))
    late, next_week = asked.span.start - timedelta(hours=1), TUESDAY + timedelta(weeks=1)
    with sqlite_app.app_context(), transaction() as session:
        standing = approve(session, odile, asked.ref, now=NOW)
        wish = wanted("10:00-12:00", HALL, day=next_week)
        moved = move(session, anais, asked.ref, wish, now=late)
        assert (moved.state, moved.percent_back(late)) == (BookingState.REQUESTED, 0)
        given_up = cancel(session, anais, asked.ref, now=late)
    assert given_up.refund == moved.refund_now(late) == Money(0)
    assert given_up.due == standing.gross > Money(0)


def make_person_in(session: Session) -> Actor:
    return add_person(session, "Marceau")


def test_a_request_nobody_answered_frees_its_place_at_its_start(sqlite_app: Flask) -> None:
    anais = make_person(sqlite_app)
    asked = asking(sqlite_app, anais, wanted("10:00-12:00", HALL))
    late = asked.span.start + timedelta(minutes=1)
    with sqlite_app.app_context(), transaction() as session:
        assert service.remind_approvers(session, now=NOW) == 0
        assert service.remind_approvers(session, now=NOW + timedelta(hours=25)) == 1
        assert service.remind_approvers(session, now=NOW + timedelta(hours=26)) == 0
        network = find_network(session)
        seen = queries.get_booking(session, network, anais, asked.ref, now=late)
        assert seen.state is BookingState.EXPIRED
        odile = add_person(session, "Odile", concierge_of="metz")
        taken = book(session, odile, wanted("10:30-12:30", HALL, override=WHY), now=late)
    assert taken.state is BookingState.CONFIRMED  # who may answer need not ask


def test_staff_step_over_rules_with_a_reason_and_never_over_others(sqlite_app: Flask) -> None:
    app = sqlite_app
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    soon = span("10:00-12:00").start - timedelta(hours=5)
    wish = wanted("10:00-12:00", HALL)
    early = refused_with(e.NoticeTooShort, lambda: asking(app, anais, wish, soon))
    assert early.facts()["notice_minutes"] == 48 * 60
    mine = wanted("10:00-12:00", HALL, override=WHY)
    refused_with(e.NotAllowed, lambda: asking(app, anais, mine))
    with app.app_context(), transaction() as session:
        blank = wanted("10:00-12:00", HALL, override=Override(" "))
        with pytest.raises(e.ReasonMissing):
            book_for(session, odile, anais.account_id, blank, now=soon)
    with app.app_context(), transaction() as session:
        over = wanted("10:00-12:00", HALL, override=WHY)
        made = book_for(session, odile, anais.account_id, over, now=soon)
        [line] = queries.find_log(session, made)
        assert (line.action, line.facts["override"]) == ("booked", WHY.reason)
    with app.app_context(), transaction() as session, pytest.raises(e.RoomTaken):
        book_for(session, odile, anais.account_id, over, now=soon)


def test_a_quota_counts_the_week_on_the_wall_clock_and_says_when_it_frees(app: Flask) -> None:
    anais = make_person(app)
    for day in (23, 24):
        asking(app, anais, wanted("09:00-18:00", STUDIO, day=date(2026, 11, day)))
    wish = wanted("09:00-12:00", STUDIO, day=date(2026, 11, 27))
    refusal = refused_with(e.QuotaExceeded, lambda: asking(app, anais, wish))
    assert refusal.facts() == {
        "period": "week",
        "unit": "minutes",
        "owner": "person",
        "limit": 1200,
        "used": 1080,
        "asked": 180,
        "frees_on": "2026-11-30",
    }
    asking(app, anais, wanted("09:00-11:00", STUDIO, day=date(2026, 11, 27)))  # exactly the rest
    asking(app, anais, wanted("09:00-18:00", STUDIO, day=date(2026, 11, 30)))
    with app.app_context(), transaction() as session:
        given_up = queries.my_bookings(
            session, find_network(session), anais, queries.Listing(), now=NOW
        ).items[0]
        cancel(session, anais, given_up.ref, now=NOW)
        refusal_gone = move(  # a move does not count itself
            session, anais, given_up_of(session, anais).ref, wanted("12:00-18:00", STUDIO), now=NOW
        )
    assert refusal_gone.span == span("12:00-18:00")


def given_up_of(session: Session, anais: Actor) -> Booking:
    return queries.upcoming(session, find_network(session), anais, now=NOW)[0]


def test_machines_want_an_induction_and_the_laser_two_people(app: Flask) -> None:
    anais, basile = make_person(app), make_person(app, "Basile")
    odile = make_person(app, "Odile", concierge_of="metz")
    day = date(2026, 11, 24)

    def ask(companion: str | None = None) -> Booking:
        return asking(app, anais, wanted("10:00-11:00", LASER, people=2, companion=companion))

    def show(person: Actor, until: date) -> int:
        with app.app_context(), transaction() as session:
            return service.grant_induction(
                session, odile, person.account_id, "laser", valid_until=until, now=NOW
            )

    refused_with(e.InductionMissing, ask)
    show(anais, day - timedelta(days=1))
    refused_with(e.InductionMissing, ask)
    shown = show(anais, day)
    unnamed = refused_with(e.CompanionMissing, ask)
    assert unnamed.facts()["named"] is False
    refused_with(e.CompanionMissing, lambda: ask("anaïs@people.example"))
    refused_with(e.CompanionMissing, lambda: ask("basile@people.example"))
    show(basile, day)
    made = ask("basile@people.example")
    assert made.companion_id == basile.account_id
    with app.app_context(), transaction() as session:
        moved = move(session, anais, made.ref, wanted("14:00-15:00", LASER), now=NOW)
        assert moved.companion_id == basile.account_id
        service.revoke_induction(session, odile, anais.account_id, shown, now=NOW)
        over = wanted("16:00-17:00", LASER, companion="basile@people.example", override=WHY)
        with pytest.raises(e.InductionMissing):  # safety: no reason helps
            book_for(session, odile, anais.account_id, over, now=NOW)


def test_associations_share_their_office_fairly(sqlite_app: Flask) -> None:
    app = sqlite_app
    stranger = make_person(app)
    refusal = refused_with(
        e.NotForProfile, lambda: asking(app, stranger, wanted("09:00-11:00", OFFICE))
    )
    assert refusal.facts() == {"profiles": ["association"]}
    club = make_person(app, "Basile", profile=Profile.ASSOCIATION)
    asking(app, club, wanted("09:00-17:00", OFFICE, day=date(2026, 11, 23)))
    more = wanted("09:00-10:00", OFFICE, day=date(2026, 11, 26))
    over = refused_with(e.ShareExceeded, lambda: asking(app, club, more))
    assert over.facts()["free_from"] == "2026-11-24T08:00:00Z"
    asking(app, club, more, now=datetime(2026, 11, 24, 8, 0, tzinfo=UTC))  # nobody wanted it


def test_a_setup_has_a_capacity_of_its_own(sqlite_app: Flask) -> None:
    anais = make_person(sqlite_app)
    full = wanted("10:00-12:00", HALL, people=41, setup="classroom")
    refused_with(e.OverCapacity, lambda: asking(sqlite_app, anais, full))
    odd = wanted("10:00-12:00", HALL, setup="islands")
    refused_with(e.UnknownSetup, lambda: asking(sqlite_app, anais, odd))
    assert asking(sqlite_app, anais, wanted("10:00-12:00", HALL, people=41)).setup is None
