"""Moving, cancelling, coming and going; on both engines."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.bookings import queries, service
from app.bookings.booking import Booking, Change, Wanted
from app.bookings.service.journal import write
from app.bookings.tables import BookingLogRow, BookingRow
from app.cli import NETWORK, load_network
from app.db.outbox import OutboxRow
from app.db.transaction import reading, transaction
from app.domain import errors as e
from app.domain.booking_states import BookingState
from app.domain.intervals import Span
from app.domain.permissions import Actor
from app.domain.profiles import Profile
from app.people import service as people
from app.spaces.queries import find_network
from app.spaces.service import move_revision
from app.spaces.tables import SpaceRow
from tests.stays import SEILLE, actor_of, make_person, stay


def book(app: Flask, actor: Actor, wanted: Wanted, now: datetime) -> Booking:
    with app.app_context(), transaction() as session:
        return service.book(session, actor, wanted, now=now)


def seen(app: Flask, actor: Actor, ref: str, now: datetime) -> Booking:
    with app.app_context(), reading() as session:
        return queries.get_booking(session, find_network(session), actor, ref, now=now)


def kinds_told(app: Flask) -> list[str]:
    with app.app_context(), reading() as session:
        return list(session.scalars(select(OutboxRow.kind).order_by(OutboxRow.id)))


def test_a_moved_booking_has_a_new_price_version_and_place(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay("10:00-12:00"), now)
    with app.app_context(), transaction() as session:
        moved = service.move(session, anais, given.ref, stay("11:00-14:00", space=SEILLE), now=now)
    assert (moved.version, moved.space.code, moved.gross.minor) == (1, SEILLE, 5400)
    assert moved.voided == given.span
    assert seen(app, anais, given.ref, now) == moved
    assert book(app, anais, stay("10:00-12:00"), now).state is BookingState.CONFIRMED
    assert kinds_told(app) == ["booking-confirmed", "booking-moved", "booking-confirmed"]


def test_a_booking_may_move_over_its_own_old_time(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay("10:00-12:00"), now)
    with app.app_context(), transaction() as session:
        moved = service.move(session, anais, given.ref, stay("11:00-13:00"), now=now)
    assert moved.span == stay("11:00-13:00").span


def test_a_refused_move_leaves_all_as_it_was(app: Flask, now: datetime) -> None:
    anais, bruno = make_person(app), make_person(app, "Bruno")
    given = book(app, anais, stay("10:00-12:00"), now)
    book(app, bruno, stay("14:00-16:00"), now)
    with app.app_context(), pytest.raises(e.RoomTaken), transaction() as session:
        service.move(session, anais, given.ref, stay("13:00-15:00"), now=now)
    assert seen(app, anais, given.ref, now) == given
    with pytest.raises(e.RoomTaken):
        book(app, bruno, stay("10:00-12:00"), now)


def test_the_hours_of_all_given_up_versions_are_remembered(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay("10:00-12:00"), now)
    with app.app_context():
        for hours in ("15:00-16:00", "09:00-10:00", "17:00-18:00"):
            with transaction() as session:
                moved = service.move(session, anais, given.ref, stay(hours), now=now)
    assert moved.version == 3
    assert moved.voided == stay("09:00-16:00").span


def test_a_new_title_alone_changes_neither_price_nor_version(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay(title="Comité"), now)
    with app.app_context(), transaction() as session:
        renamed = service.move(session, anais, given.ref, Change(title="Conseil"), now=now)
    assert (renamed.title, renamed.version, renamed.quote) == ("Conseil", 0, given.quote)
    assert kinds_told(app) == ["booking-confirmed"]


def test_a_change_leaves_what_it_does_not_name(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay("10:00-12:00", people=4, title="Comité"), now)
    with app.app_context(), transaction() as session:
        moved = service.move(session, anais, given.ref, Change(people=9), now=now)
    assert (moved.people, moved.span, moved.title) == (9, given.span, "Comité")


def test_a_change_of_what_has_changed_meanwhile_is_refused(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay(), now)
    with app.app_context():
        with transaction() as session:
            service.move(session, anais, given.ref, stay("15:00-16:00"), now=now)
        for change in (service.move, service.cancel):
            arguments = (stay("16:00-17:00"),) if change is service.move else ()
            with pytest.raises(e.StaleVersion), transaction() as session:
                change(session, anais, given.ref, *arguments, now=now, expected_version=0)


def test_a_stay_that_has_begun_is_neither_moved_nor_cancelled(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay("10:00-12:00"), now)
    begun = given.span.start
    with app.app_context():
        with pytest.raises(e.SpanInPast), transaction() as session:
            service.move(session, anais, given.ref, stay("15:00-16:00"), now=begun)
        with pytest.raises(e.SpanInPast), transaction() as session:
            service.cancel(session, anais, given.ref, now=begun)
        concierge = make_person(app, "Denis", concierge_of="metz")
        with transaction() as session:
            gone = service.cancel(session, concierge, given.ref, now=begun)
    assert gone.state is BookingState.CANCELLED


def test_a_cancelled_booking_frees_its_place_and_is_told_once(app: Flask, now: datetime) -> None:
    anais, bruno = make_person(app), make_person(app, "Bruno")
    given = book(app, anais, stay(), now)
    with app.app_context():
        for _ in range(2):
            with transaction() as session:
                gone = service.cancel(session, anais, given.ref, now=now)
    assert (gone.state, gone.version, gone.is_due) == (BookingState.CANCELLED, 1, False)
    assert gone.voided == given.span
    assert kinds_told(app).count("booking-cancelled") == 1
    assert book(app, bruno, stay(), now).state is BookingState.CONFIRMED


def test_a_cancelled_booking_is_moved_no_more(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay(), now)
    with app.app_context():
        with transaction() as session:
            service.cancel(session, anais, given.ref, now=now)
        with pytest.raises(e.WrongState), transaction() as session:
            service.move(session, anais, given.ref, stay("15:00-16:00"), now=now)


def test_an_owner_sees_and_cancels_for_the_organisation_but_moves_nothing(
    app: Flask, now: datetime
) -> None:
    owner, member = make_person(app, "Odile"), make_person(app, "Marc")
    with app.app_context():
        with transaction() as session:
            firm = people.create_organisation(session, owner, name="Forge", now=now)
            people.add_member(
                session, organisation_id=firm, account_id=member.account_id, role="member", now=now
            )
            member = actor_of(session, member.account_id)
            people.choose_payer(session, member, firm)
            owner = actor_of(session, owner.account_id)
        given = book(app, member, stay(), now)
        assert given.organisation_id == firm
        assert seen(app, owner, given.ref, now) == given
        with pytest.raises(e.NotAllowed), transaction() as session:
            service.move(session, owner, given.ref, stay("15:00-16:00"), now=now)
        with transaction() as session:
            service.cancel(session, owner, given.ref, now=now)


def test_the_desk_checks_in_takes_back_and_checks_out(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    concierge = make_person(app, "Denis", concierge_of="metz")
    given = book(app, anais, stay("10:00-12:00"), now)
    at = given.span.start
    with app.app_context():
        for deed, state in (
            (service.check_in, BookingState.CHECKED_IN),
            (service.check_in, BookingState.CHECKED_IN),
            (service.undo_check_in, BookingState.CONFIRMED),
            (service.check_in, BookingState.CHECKED_IN),
            (service.check_out, BookingState.COMPLETED),
            (service.check_out, BookingState.COMPLETED),
        ):
            with transaction() as session:
                now_is = deed(session, concierge, given.ref, now=at)
            assert now_is.state is state
            assert seen(app, anais, given.ref, at) == now_is
        with pytest.raises(e.WrongState), transaction() as session:
            service.undo_check_in(session, concierge, given.ref, now=at)


def test_only_staff_of_the_site_check_people_in(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    elsewhere = make_person(app, "Elsa", concierge_of="nancy")
    given = book(app, anais, stay(), now)
    with app.app_context():
        with pytest.raises(e.NotAllowed), transaction() as session:
            service.check_in(session, anais, given.ref, now=now)
        with pytest.raises(e.UnknownBooking), transaction() as session:
            service.check_in(session, elsewhere, given.ref, now=now)


def test_nobody_is_checked_in_before_confirming_or_after_the_end(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    concierge = make_person(app, "Denis", concierge_of="metz")
    given = book(app, anais, stay(), now)
    with app.app_context():
        with transaction() as session:
            held = service.hold_room(session, anais, stay("15:00-16:00"), now=now)
        for ref, at in ((held.ref, now), (given.ref, given.span.end)):
            with pytest.raises(e.WrongState), transaction() as session:
                service.check_in(session, concierge, ref, now=at)
        with pytest.raises(e.NotYet), transaction() as session:
            service.check_in(session, concierge, given.ref, now=now)
        with transaction() as session:
            early = given.span.start - timedelta(hours=2)
            assert service.check_in(session, concierge, given.ref, now=early).checked_in_at == early


def test_a_door_that_reports_late_turns_a_no_show_into_a_stay(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay("10:00-12:00"), now)
    came, told = given.span.start, given.span.end + timedelta(hours=5)
    assert seen(app, anais, given.ref, told).state is BookingState.NO_SHOW
    with app.app_context():
        with transaction() as session:
            assert service.arrive(session, given.id, at=came, now=told)
        with transaction() as session:
            assert not service.arrive(session, given.id, at=came, now=told)
    after = seen(app, anais, given.ref, told)
    assert (after.state, after.checked_in_at) == (BookingState.COMPLETED, came)


def test_a_door_changes_nothing_about_a_booking_given_up(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay(), now)
    with app.app_context():
        with transaction() as session:
            service.cancel(session, anais, given.ref, now=now)
        with transaction() as session:
            assert not service.arrive(session, given.id, at=now, now=now)
            assert not service.arrive(session, 10**12, at=now, now=now)


def test_the_log_tells_who_did_what(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay("10:00-12:00"), now)
    with app.app_context():
        with transaction() as session:
            service.move(session, anais, given.ref, stay("15:00-16:00"), now=now)
        with reading() as session:
            log = queries.find_log(session, given)
            rows = session.scalars(select(BookingLogRow)).all()
    assert [(line.actor, line.action) for line in log] == [("Anaïs", "booked"), ("Anaïs", "moved")]
    assert log[1].facts["starts_at"] == "2026-11-24T09:00:00Z"
    assert len(rows) == 2


def test_the_state_in_sql_is_the_state_of_the_rules(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay("10:00-12:00"), now)
    start, end = given.span.start, given.span.end
    instants = (now, start, start + timedelta(hours=1), end, end + timedelta(days=1))
    with app.app_context():
        for state in BookingState:
            for expires in (None, start - timedelta(hours=1), end):
                with transaction() as session:
                    row = session.get_one(BookingRow, given.id)
                    row.state, row.hold_expires_at = state.value, expires
                for at in instants:
                    with reading() as session:
                        word = session.scalar(select(queries.state_at(at)))
                    assert word == seen(app, anais, given.ref, at).state, (state, expires, at)


def test_a_site_sees_who_comes_and_not_who_gave_up(app: Flask, now: datetime) -> None:
    anais, bruno = make_person(app), make_person(app, "Bruno")
    late = book(app, bruno, stay("14:00-16:00"), now)
    early = book(app, anais, stay("10:00-12:00"), now)
    gone = book(app, anais, stay("17:00-18:00"), now)
    day = Span(now, now + timedelta(days=2))
    with app.app_context():
        with transaction() as session:
            service.cancel(session, anais, gone.ref, now=now)
            service.hold_room(session, anais, stay("18:00-19:00"), now=now)
        with reading() as session:
            network = find_network(session)
            visits = queries.visits_of_site(
                session, network, network.get_site("metz"), day, now=now
            )
            elsewhere = queries.visits_of_site(
                session, network, network.get_site("nancy"), day, now=now
            )
    assert [(visit.booking.ref, visit.person.name) for visit in visits] == [
        (early.ref, "Anaïs"),
        (late.ref, "Bruno"),
    ]
    assert elsewhere == []


def test_a_booking_outlives_its_place(bare_app: Flask, now: datetime) -> None:
    with bare_app.app_context():
        load_network(NETWORK)
    anais = make_person(bare_app)
    given = book(bare_app, anais, stay(), now)
    with bare_app.app_context(), transaction() as session:
        row = session.scalars(select(SpaceRow).where(SpaceRow.code == given.space.code)).one()
        row.retired_at = now
        move_revision(session, "another", now=now)
    after = seen(bare_app, anais, given.ref, now)
    assert (after.space, after.state, after.quote) == (given.space, given.state, given.quote)
    with pytest.raises(e.UnknownSpace):
        book(bare_app, anais, stay("15:00-16:00"), now)


def test_staff_of_one_site_move_nobody_into_another(app: Flask, now: datetime) -> None:
    anais, claire = make_person(app), make_person(app, "Claire", concierge_of="metz")
    given = book(app, anais, stay(), now)
    with app.app_context():
        with pytest.raises(e.NotAllowed), transaction() as session:
            service.move(session, claire, given.ref, stay(space="nancy-galle"), now=now)
        with transaction() as session:
            moved = service.move(session, claire, given.ref, stay(space=SEILLE), now=now)
        with transaction() as session:
            moved = service.move(session, anais, given.ref, stay(space="nancy-galle"), now=now)
    assert moved.space.site == "nancy"


def test_a_moved_booking_is_priced_for_whoever_pays_it(app: Flask, now: datetime) -> None:
    marc = make_person(app, "Marc", profile=Profile.LARGE_COMPANY)
    with app.app_context():
        with transaction() as session:
            firm = people.create_organisation(session, marc, name="Forge", now=now)
            people.grant_profile(
                session,
                None,
                holder=people.Holder(organisation_id=firm),
                profile=Profile.STUDENT,
                valid_from=now.date(),
                valid_until=now.date() + timedelta(days=90),
                reason="test",
                now=now,
            )
            people.choose_payer(session, actor_of(session, marc.account_id), firm)
        given = book(app, marc, stay(), now)
        with transaction() as session:
            people.choose_payer(session, marc, None)
        with transaction() as session:
            moved = service.move(session, marc, given.ref, stay("14:00-16:00"), now=now)
    assert (moved.organisation_id, moved.profile) == (firm, Profile.STUDENT)
    assert moved.gross == given.gross


def test_a_move_that_the_table_does_not_know_is_not_written(app: Flask, now: datetime) -> None:
    given = book(app, make_person(app), stay(), now)
    with app.app_context(), pytest.raises(e.WrongState), transaction() as session:
        write(session, given, now, state=BookingState.HELD)
