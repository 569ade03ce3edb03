"""The life of one booking: its end moved, given up by terms, released, pardoned; both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.bookings import queries, service
from app.bookings.booking import Booking, Change
from app.bookings.service import absences
from app.bookings.tables import BookingRow
from app.db.outbox import OutboxRow
from app.db.transaction import reading, transaction
from app.domain import errors as e
from app.domain.booking_states import BookingState
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from app.spaces.service import hear_door
from tests.races import at_once, booking_of, won
from tests.stays import MIRABELLE, TUESDAY, booked, make_person, span, stay

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TEN = span("10:00-12:00").start
GRACE = 15 * MINUTE


def do(app: Flask, deed: Callable[..., Booking], *what: object, **how: object) -> Booking:
    with app.app_context(), transaction() as session:
        return deed(session, *what, **how)


def seen(app: Flask, actor: Actor, ref: str, now: datetime) -> Booking:
    with app.app_context(), reading() as session:
        return queries.get_booking(session, find_network(session), actor, ref, now=now)


def actions(app: Flask, booking: Booking) -> list[str]:
    with app.app_context(), reading() as session:
        return [line.action for line in queries.find_log(session, booking)]


def door_of(app: Flask, space: str) -> int:
    with app.app_context(), reading() as session:
        return find_network(session).get_space(space).doors[-1].id


def hear(app: Flask, door: int, at: datetime | None) -> None:
    with app.app_context(), transaction() as session:
        hear_door(session, door, now=at)


def told(app: Flask, kind: str) -> int:
    with app.app_context(), reading() as session:
        rows = session.scalars(select(OutboxRow.id).where(OutboxRow.kind == kind))
        return len(list(rows))


# --- Given up by the terms


@pytest.mark.parametrize(("hours", "percent"), [(49, 100), (30, 50), (3, 0)])
def test_who_cancels_gets_back_what_the_terms_say(
    app: Flask, now: datetime, hours: int, percent: int
) -> None:
    anais = make_person(app)
    given = booked(app, anais, stay("10:00-12:00", day=TUESDAY + timedelta(days=3)), now)
    late = given.span.start - timedelta(hours=hours)
    gone = do(app, service.cancel, anais, given.ref, now=late)
    assert gone.refund is not None
    assert gone.refund.minor == given.gross.minor * percent // 100
    assert seen(app, anais, given.ref, late) == gone
    assert gone.due == given.gross - gone.refund
    assert gone.is_due == (percent < 100)


def test_the_desk_gives_everything_back_with_a_reason_and_nobody_else_does(
    app: Flask, now: datetime
) -> None:
    anais, desk = make_person(app), make_person(app, "Denis", concierge_of="metz")
    given = booked(app, anais, stay("10:00-12:00"), now)
    late = TEN - HOUR
    with pytest.raises(e.NotAllowed):
        do(app, service.cancel, anais, given.ref, now=late, waived="malade")
    gone = do(app, service.cancel, desk, given.ref, now=late, waived="malade")
    assert gone.refund == given.gross
    with app.app_context(), reading() as session:
        line = queries.find_log(session, gone)[-1]
    assert line.facts == {"refund": given.gross.minor, "percent": 100, "waived": "malade"}


def test_moving_far_away_before_cancelling_is_no_way_around_the_terms(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    given = booked(app, anais, stay("10:00-12:00"), now)
    late = TEN - 30 * HOUR + 31 * HOUR - 2 * HOUR  # an hour before: nothing comes back
    far = stay("10:00-11:00", day=TUESDAY + timedelta(days=9))
    moved = do(app, service.move, anais, given.ref, far, now=late)
    assert moved.gross + moved.kept == given.gross
    gone = do(app, service.cancel, anais, given.ref, now=late)
    assert gone.refund is not None
    assert gone.refund.minor == 0
    assert gone.due == given.gross


def test_a_dearer_move_needs_the_price_to_have_been_seen(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = booked(app, anais, stay("10:00-12:00"), now)
    with pytest.raises(e.PriceChanged):
        do(app, service.move, anais, given.ref, stay("10:00-14:00"), now=now, shown=1)
    assert seen(app, anais, given.ref, now) == given


# --- Its end, while people are there


def test_a_running_stay_is_extended_while_the_place_is_free_and_keeps_its_pass(
    app: Flask, now: datetime
) -> None:
    anais, desk = make_person(app), make_person(app, "Denis", concierge_of="metz")
    given = booked(app, anais, stay("10:00-12:00"), now)
    booked(app, make_person(app, "Zoé"), stay("13:00-14:00"), now)
    do(app, service.check_in, desk, given.ref, now=TEN)
    at = TEN + HOUR
    longer = Change(ends_at=span("10:00-13:00").end)
    with pytest.raises(e.PriceChanged):
        do(app, service.move, anais, given.ref, longer, now=at, shown=given.gross.minor)
    extended = do(app, service.move, anais, given.ref, longer, now=at)
    assert extended.span == span("10:00-13:00")
    assert extended.gross > given.gross
    assert (extended.version, extended.pass_version) == (given.version + 1, given.pass_version)
    assert seen(app, anais, given.ref, at) == extended
    more = Change(ends_at=span("10:00-13:30").end)
    with pytest.raises(e.RoomTaken):
        do(app, service.move, anais, given.ref, more, now=at)
    with pytest.raises(e.WrongState):
        do(app, service.move, anais, given.ref, stay("15:00-16:00"), now=at)


def test_a_shortened_stay_frees_the_rest_and_costs_the_same(app: Flask, now: datetime) -> None:
    anais, desk = make_person(app), make_person(app, "Denis", concierge_of="metz")
    given = booked(app, anais, stay("10:00-12:00"), now)
    do(app, service.check_in, desk, given.ref, now=TEN)
    at = TEN + 10 * MINUTE
    shorter = Change(ends_at=span("10:00-11:00").end)
    short = do(app, service.move, anais, given.ref, shorter, now=at)
    assert (short.span, short.due) == (span("10:00-11:00"), given.due)
    after = booked(app, make_person(app, "Zoé"), stay("11:00-12:00"), at)
    assert after.state is BookingState.CONFIRMED
    with pytest.raises(e.SpanInPast):
        do(app, service.move, anais, given.ref, Change(ends_at=at - MINUTE), now=at)


def test_who_leaves_early_gives_the_rest_of_the_time_back_at_once(
    app: Flask, now: datetime
) -> None:
    anais, desk = make_person(app), make_person(app, "Denis", concierge_of="metz")
    given = booked(app, anais, stay("10:00-12:00"), now)
    with pytest.raises(e.WrongState):
        do(app, service.leave, anais, given.ref, now=TEN - MINUTE)
    do(app, service.check_in, desk, given.ref, now=TEN)
    at = TEN + HOUR
    gone = do(app, service.leave, anais, given.ref, now=at)
    assert (gone.state, gone.checked_out_at, gone.due) == (
        BookingState.COMPLETED,
        at,
        given.due,
    )
    assert do(app, service.leave, anais, given.ref, now=at + MINUTE).checked_out_at == at
    assert booked(app, make_person(app, "Zoé"), stay("11:00-12:00"), at).ref
    assert actions(app, given) == ["booked", "checked in", "checked out"]


def test_of_who_stays_longer_and_who_comes_next_one_gets_the_hour(
    app: Flask, now: datetime
) -> None:
    anais, zoe = make_person(app), make_person(app, "Zoé")
    at = TEN + 5 * MINUTE
    for turn in range(4):
        day = TUESDAY + timedelta(days=turn)
        given = booked(app, anais, stay("10:00-12:00", day=day), now)
        at = given.span.start + 5 * MINUTE

        def extend(
            ref: str = given.ref, end: datetime = given.span.end, at: datetime = at
        ) -> object:
            with transaction() as session:
                longer = Change(ends_at=end + HOUR)
                return service.move(session, anais, ref, longer, now=at)

        next_one = booking_of(zoe, stay("12:00-13:00", day=day), at)
        assert won(at_once(app, [extend, next_one])) == 1


# --- Nobody came


def test_a_place_nobody_came_to_is_free_after_the_grace_though_no_worker_ran(
    app: Flask, now: datetime
) -> None:
    anais, zoe = make_person(app), make_person(app, "Zoé")
    given = booked(app, anais, stay("10:00-12:00"), now)
    before, after = TEN + GRACE - MINUTE, TEN + GRACE
    assert seen(app, anais, given.ref, before).state is BookingState.CONFIRMED
    assert seen(app, anais, given.ref, after).state is BookingState.NO_SHOW
    wanted = stay("10:30-11:30")
    with pytest.raises(e.RoomTaken):
        booked(app, zoe, wanted, before)
    assert booked(app, zoe, wanted, after).state is BookingState.CONFIRMED


def test_who_comes_late_has_the_place_again_unless_others_have_it(
    app: Flask, now: datetime
) -> None:
    anais, desk = make_person(app), make_person(app, "Denis", concierge_of="metz")
    zoe = make_person(app, "Zoé")
    given = booked(app, anais, stay("10:00-12:00"), now)
    late = TEN + 20 * MINUTE
    assert do(app, service.check_in, desk, given.ref, now=late).state is BookingState.CHECKED_IN
    with pytest.raises(e.RoomTaken):
        booked(app, zoe, stay("10:30-11:30"), late)
    second = booked(app, anais, stay("14:00-16:00"), now)
    at = second.span.start + 20 * MINUTE
    with app.app_context(), transaction() as session:
        assert absences.release_unseen(session, now=at) == 1
        assert absences.release_unseen(session, now=at) == 0
    assert told(app, "booking-released") == 1
    assert booked(app, zoe, stay("14:30-15:30"), at).state is BookingState.CONFIRMED
    with pytest.raises(e.RoomTaken):
        do(app, service.check_in, desk, second.ref, now=at)
    assert seen(app, anais, second.ref, at).state is BookingState.NO_SHOW


def test_a_silent_door_keeps_the_place_until_it_has_told_what_it_knows(
    app: Flask, now: datetime
) -> None:
    anais, zoe = make_person(app), make_person(app, "Zoé")
    given = booked(app, anais, stay("10:00-12:00"), now)
    door, after = door_of(app, MIRABELLE), TEN + GRACE + MINUTE
    hear(app, door, TEN + 5 * MINUTE)
    assert seen(app, anais, given.ref, after).state is BookingState.CONFIRMED
    with pytest.raises(e.RoomTaken):
        booked(app, zoe, stay("10:30-11:30"), after)
    hear(app, door, TEN + GRACE)
    assert seen(app, anais, given.ref, after).state is BookingState.NO_SHOW
    with app.app_context(), transaction() as session:
        assert service.arrive(session, given.id, at=TEN + 5 * MINUTE, now=after)
    assert seen(app, anais, given.ref, after).state is BookingState.CHECKED_IN
    hear(app, door, None)


def test_three_absences_end_booking_ahead_until_the_desk_pardons_one(
    app: Flask, now: datetime
) -> None:
    anais, desk = make_person(app), make_person(app, "Denis", concierge_of="metz")
    missed = [booked(app, anais, stay(f"{hour}:00-{hour + 1}:00"), now) for hour in (10, 12, 14)]
    at = missed[-1].span.end
    tomorrow = stay("10:00-11:00", day=TUESDAY + timedelta(days=1))
    with pytest.raises(e.AdvanceSuspended) as refused:
        booked(app, anais, tomorrow, at)
    assert refused.value.until == missed[-1].span.start + GRACE + timedelta(days=30)
    assert booked(app, anais, stay("17:00-18:00"), at).state is BookingState.CONFIRMED
    with pytest.raises(e.NotAllowed):
        do(app, service.pardon, anais, missed[0].ref, "malade", now=at)
    with pytest.raises(e.ReasonMissing):
        do(app, service.pardon, desk, missed[0].ref, " ", now=at)
    for _ in range(2):
        do(app, service.pardon, desk, missed[0].ref, "malade", now=at)
    with app.app_context(), reading() as session:
        network = find_network(session)
        found = queries.absences_of(
            session, network, anais.account_id, since=now - timedelta(days=120), now=at
        )
    assert [each.ref for each in found] == [each.ref for each in reversed(missed)]
    assert [each.counts for each in found] == [True, True, False]
    assert booked(app, anais, tomorrow, at).state is BookingState.CONFIRMED
    other = booked(app, anais, stay("18:00-19:00"), at)
    with pytest.raises(e.NotAnAbsence):
        do(app, service.pardon, desk, other.ref, "malade", now=at)


def test_the_state_in_sql_knows_released_stays_too(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = booked(app, anais, stay("10:00-12:00"), now)
    for at in (TEN, TEN + GRACE, span("10:00-12:00").end):
        with app.app_context(), reading() as session:
            column = queries.state_at(at)
            state = session.scalar(select(column).where(BookingRow.id == given.id))
        assert state == seen(app, anais, given.ref, at).state
    with app.app_context(), transaction() as session:
        session.execute(update(BookingRow).values(release_at=None))
    assert seen(app, anais, given.ref, TEN + GRACE).state is BookingState.CONFIRMED
