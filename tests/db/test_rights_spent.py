"""Rights and bookings: spent when confirmed, given back, never twice, with no price unannounced."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bookings import queries, service
from app.bookings.booking import Booking
from app.db.transaction import reading, transaction
from app.domain.entitlements import EntryKind
from app.domain.errors import DomainError, PriceChanged, RightUsed
from app.domain.permissions import Actor
from app.domain.profiles import Profile
from app.domain.tariffs import RightKind
from app.entitlements import queries as rights
from app.entitlements import service as rights_service
from app.entitlements.entitlement import Holder
from app.people import service as people
from app.spaces.queries import find_network
from tests import databases
from tests.members import Member, add_member, make_organisation
from tests.rights import balances, bought, credited, entries, right, wish
from tests.stays import MIRABELLE, SEATS, TUESDAY, actor_of, make_person, stay

MORNING = "09:00-12:00"
DAY = "09:00-17:00"


def booked(
    app: Flask, actor: Actor, now: datetime, hours: str = MORNING, day: date = TUESDAY, **more: str
) -> Booking:
    with app.app_context(), transaction() as session:
        wanted = stay(hours, more.get("space", SEATS), day, people=1)
        return service.book(session, actor, wanted, now=now)


def held(app: Flask, actor: Actor, now: datetime, day: date = TUESDAY) -> Booking:
    with app.app_context(), transaction() as session:
        return service.hold_room(session, actor, stay(MORNING, SEATS, day, people=1), now=now)


def confirmed(
    app: Flask, actor: Actor, ref: str, now: datetime, shown: int | None = None
) -> Booking:
    with app.app_context(), transaction() as session:
        return service.confirm(session, actor, ref, now=now, shown=shown)


def cancelled(app: Flask, actor: Actor, ref: str, now: datetime) -> Booking:
    with app.app_context(), transaction() as session:
        return service.cancel(session, actor, ref, now=now)


def test_a_pack_pays_for_a_morning_and_gives_it_back(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    pack = bought(app, anais, wish(), now)
    booking = booked(app, anais, now)
    assert (booking.gross.minor, right(app, pack).left) == (0, 9)
    cancelled(app, anais, booking.ref, now)
    cancelled(app, anais, booking.ref, now)
    assert right(app, pack).left == 10
    assert [entry.kind for entry in entries(app, pack)] == [
        EntryKind.GRANTED,
        EntryKind.SPENT,
        EntryKind.GIVEN_BACK,
    ]


def test_a_hold_spends_nothing_before_it_is_confirmed(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    pack = bought(app, anais, wish(), now)
    hold = held(app, anais, now)
    assert (hold.gross.minor, right(app, pack).left) == (0, 10)
    confirmed(app, anais, hold.ref, now)
    assert right(app, pack).left == 9


def test_a_move_gives_back_and_spends_anew(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    pack = bought(app, anais, wish(), now)
    booking = booked(app, anais, now)
    with app.app_context(), transaction() as session:
        moved = service.move(session, anais, booking.ref, stay(DAY, SEATS, people=1), now=now)
    assert (moved.gross.minor, right(app, pack).left) == (0, 8)  # two halves
    with app.app_context(), transaction() as session:
        service.move(session, anais, booking.ref, stay(MORNING, MIRABELLE, people=1), now=now)
    assert right(app, pack).left == 10


def test_once_begun_a_stay_given_up_by_staff_gives_nothing_back(app: Flask, now: datetime) -> None:
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    pack = bought(app, anais, wish(), now)
    booking = booked(app, anais, now)
    cancelled(app, odile, booking.ref, booking.span.start + timedelta(minutes=1))
    assert right(app, pack).left == 9


def test_the_right_that_ends_first_is_used_first(app: Flask, now: datetime) -> None:
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    pack = bought(app, anais, wish(), now)
    gift = credited(app, odile, anais.account_id, now)
    booked(app, anais, now)
    assert (right(app, gift).left, right(app, pack).left) == (0, 10)


def test_a_right_counts_on_the_day_of_use(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    late = bought(app, anais, wish(first=date(2026, 11, 25)), now)
    assert booked(app, anais, now).gross.minor > 0
    assert booked(app, anais, now, day=date(2026, 11, 25)).gross.minor == 0
    assert right(app, late).left == 9


def test_the_last_half_day_is_not_promised_twice(app: Flask, now: datetime) -> None:
    """Both holds were shown nothing to pay; the second is told the new price and then goes on."""
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    gift = credited(app, odile, anais.account_id, now)
    first, second = held(app, anais, now), held(app, anais, now, day=date(2026, 11, 25))
    assert (first.gross.minor, second.gross.minor) == (0, 0)
    confirmed(app, anais, first.ref, now)
    with pytest.raises(PriceChanged) as told:
        confirmed(app, anais, second.ref, now)
    assert (told.value.shown_minor, told.value.now_minor) == (0, 1080)
    with app.app_context(), reading() as session:
        network = find_network(session)
        hold = queries.get_booking(session, network, anais, second.ref, now=now)
        assert queries.as_it_stands(session, network, hold).gross.minor == 1080
    done = confirmed(app, anais, second.ref, now, shown=1080)
    assert (done.gross.minor, right(app, gift).left) == (1080, 0)


def test_a_right_taken_back_after_a_hold_is_not_spent(app: Flask, now: datetime) -> None:
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    pack = bought(app, anais, wish(), now)
    hold = held(app, anais, now)
    with app.app_context(), transaction() as session:
        rights_service.reverse_right(
            session, find_network(session), odile, pack, reason="erreur", now=now
        )
    with pytest.raises(PriceChanged):
        confirmed(app, anais, hold.ref, now)


def test_a_right_in_use_is_not_taken_back(app: Flask, now: datetime) -> None:
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    pack = bought(app, anais, wish("month_any_seat"), now)
    booked(app, anais, now)
    with app.app_context(), transaction() as session, pytest.raises(RightUsed):
        rights_service.reverse_right(
            session, find_network(session), odile, pack, reason="erreur", now=now
        )


def test_a_membership_is_one_seat_at_a_time(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    bought(app, anais, wish("month_any_seat"), now)
    assert booked(app, anais, now).gross.minor == 0
    assert booked(app, anais, now, hours="10:00-12:00").gross.minor > 0
    assert booked(app, anais, now, hours="12:00-15:00").gross.minor == 0


def test_a_membership_makes_a_resident_of_rooms(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    before = booked(app, anais, now, hours="09:00-10:00", space=MIRABELLE)
    bought(app, anais, wish("month_any_seat"), now)
    after = booked(app, anais, now, hours="10:00-11:00", space=MIRABELLE)
    assert (before.profile, after.profile) == (Profile.SMALL_BUSINESS, Profile.RESIDENT)
    assert (before.net.minor, after.net.minor) == (2500, 1750)


def test_residence_counts_on_its_days_and_can_be_said_anew(app: Flask, now: datetime) -> None:
    anais = make_person(app)

    def reside(last: date) -> None:
        with app.app_context(), transaction() as session:
            rights_service.set_residence(
                session,
                holder=Holder(account_id=anais.account_id),
                source="lease:1",
                valid_from=date(2026, 1, 1),
                valid_until=last,
                now=now,
            )

    def profile(hours: str) -> Profile:
        return booked(app, anais, now, hours=hours, space=MIRABELLE).profile

    reside(date(2028, 12, 31))
    assert profile("09:00-10:00") is Profile.RESIDENT
    reside(date(2026, 11, 23))
    assert profile("10:00-11:00") is Profile.SMALL_BUSINESS


def test_hours_of_a_month_pay_for_a_room_in_part(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    month = bought(app, anais, wish("month_own_seat"), now)
    booking = booked(app, anais, now, hours="09:00-12:00", space=MIRABELLE)
    assert booking.gross.minor == 0
    assert right(app, month + 1).left == 60


def test_members_share_the_pack_of_their_organisation_when_it_pays(
    app: Flask, now: datetime
) -> None:
    owner, member = make_person(app), make_person(app, "Basile")
    company = make_organisation(app, Member(owner.account_id, "", ""))
    add_member(app, company, Member(member.account_id, "", ""))
    with app.app_context(), transaction() as session:
        owner = actor_of(session, owner.account_id)
    pack = bought(app, owner, wish(organisation=company), now)
    assert booked(app, member, now).gross.minor > 0
    with app.app_context(), transaction() as session:
        people.choose_payer(session, actor_of(session, member.account_id), company)
    assert booked(app, member, now, hours="14:00-17:00").gross.minor == 0
    assert right(app, pack).left == 9


class TestRoaming:
    def test_a_visit_elsewhere_is_owed_once_when_it_takes_place(
        self, app: Flask, now: datetime
    ) -> None:
        anais, desk = make_person(app), make_person(app, "Odile", concierge_of="nancy")
        bought(app, anais, wish("month_any_seat"), now)
        booking = booked(app, anais, now, space=self.seats_in(app, "nancy"))
        assert booking.gross.minor == 0
        assert self.owed(app) == []

        def come(deed: Callable[..., object]) -> None:
            with app.app_context(), transaction() as session:
                deed(session, desk, booking.ref, now=booking.span.start)

        come(service.check_in)
        come(service.check_in)
        assert self.owed(app) == [("metz", "nancy", 1, 500)]
        come(service.undo_check_in)
        assert self.owed(app) == []
        come(service.check_in)
        assert self.owed(app) == [("metz", "nancy", 1, 500)]

    def test_at_home_and_with_a_pack_nothing_is_owed(self, app: Flask, now: datetime) -> None:
        anais, desk = make_person(app), make_person(app, "Odile", concierge_of="metz")
        bought(app, anais, wish("month_any_seat"), now)
        bought(app, anais, wish(), now)
        booking = booked(app, anais, now)
        with app.app_context(), transaction() as session:
            service.check_in(session, desk, booking.ref, now=booking.span.start)
        assert self.owed(app) == []

    def test_a_pack_counts_at_the_sites_of_its_operator_only(
        self, app: Flask, now: datetime
    ) -> None:
        anais = make_person(app)
        bought(app, anais, wish(), now)
        assert booked(app, anais, now, space=self.seats_in(app, "nancy")).gross.minor > 0

    @staticmethod
    def seats_in(app: Flask, site: str) -> str:
        with app.app_context(), reading() as session:
            spaces = find_network(session).get_site(site).spaces
        return next(space.code for space in spaces if space.kind == "seat" and space.bookable)

    @staticmethod
    def owed(app: Flask) -> list[tuple[str, str, int, int]]:
        with app.app_context(), reading() as session:
            found = rights.owed_in(session, TUESDAY)
        return [(each.debtor, each.creditor, each.visits, each.amount.minor) for each in found]


def test_two_requests_never_spend_one_half_day_twice(app: Flask, now: datetime) -> None:
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    gift = credited(app, odile, anais.account_id, now, amount=3)
    days = [date(2026, 12, number) for number in (1, 2, 3, 4, 7, 8, 9, 10)]
    prices: list[int] = []

    def ask(day: date) -> None:
        prices.append(booked(app, anais, now, day=day).gross.minor)

    assert side_by_side([partial(ask, day) for day in days]) == [None] * len(days)
    assert sorted(prices) == [0, 0, 0, *[1080] * 5]
    assert right(app, gift).left == 0
    assert all(kept == added for kept, added in balances(app).values())


def side_by_side(deeds: Sequence[Callable[[], object]]) -> list[BaseException | None]:
    """Do all at once; gives what each was refused by, or None."""
    together = threading.Barrier(len(deeds))
    ends: list[BaseException | None] = [None] * len(deeds)

    def do(number: int) -> None:
        together.wait()
        try:
            deeds[number]()
        except BaseException as error:
            ends[number] = error

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_of_two_confirmations_one_gets_the_last_half_day(app: Flask, now: datetime) -> None:
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    gift = credited(app, odile, anais.account_id, now)
    holds = [held(app, anais, now, day=day) for day in (TUESDAY, date(2026, 11, 25))]
    ends = side_by_side([partial(confirmed, app, anais, hold.ref, now) for hold in holds])
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "PriceChanged"]
    assert right(app, gift).left == 0


def test_changes_side_by_side_end_politely_and_keep_the_ledger_whole(
    app: Flask, now: datetime
) -> None:
    """Several rights locked, given back and spent in every order: nobody waits for ever."""
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    for amount in (2, 3):
        credited(app, odile, anais.account_id, now, amount=amount)
    days = [date(2026, 12, 1) + timedelta(days=number) for number in (0, 1, 2, 3, 6, 7)]
    standing = [booked(app, anais, now, day=day, hours=DAY) for day in days[:3]]

    def move(ref: str, hours: str) -> None:
        with app.app_context(), transaction() as session:
            service.move(session, anais, ref, stay(hours, SEATS, days[5], people=1), now=now)

    deeds: list[Callable[[], object]] = [
        lambda: booked(app, anais, now, day=days[3]),
        lambda: booked(app, anais, now, day=days[4], hours=DAY),
        lambda: cancelled(app, anais, standing[0].ref, now),
        lambda: move(standing[1].ref, MORNING),
        lambda: move(standing[2].ref, "14:00-15:00"),
        lambda: cancelled(app, anais, standing[2].ref, now),
    ]
    ends = side_by_side(deeds)
    assert all(end is None or isinstance(end, DomainError) for end in ends), ends
    assert all(kept == added >= 0 for kept, added in balances(app).values())


def test_a_person_without_rights_costs_no_statement_more(app: Flask, now: datetime) -> None:
    anais, basile = make_person(app), make_person(app, "Basile")
    bought(app, basile, wish(), now)
    booked(app, anais, now)
    with databases.counting(app) as without:
        booked(app, anais, now, day=date(2026, 11, 25))
    with databases.counting(app) as with_pack:
        booked(app, basile, now, day=date(2026, 11, 25))
    assert len(with_pack) <= 10, with_pack.statements
    assert len(without) < len(with_pack)
    assert not any("entitlement_entries" in each for each in without.statements)


DAYS = [date(2026, 12, 1) + timedelta(days=number) for number in (0, 1, 2, 3, 6, 7)]
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["book", "hold", "confirm", "cancel", "move"]),
        st.integers(0, 5),
        st.sampled_from([MORNING, DAY, "14:00-15:00"]),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=25)
@given(deeds=DEEDS)
def test_whatever_is_done_no_credit_is_lost_or_doubled(
    sqlite_app: Flask, now: datetime, deeds: list[tuple[str, int, str]]
) -> None:
    """What is left and what standing bookings have spent is always what was given."""
    databases.clear(sqlite_app)
    anais = make_person(sqlite_app)
    odile = make_person(sqlite_app, "Odile", concierge_of="metz")
    ids = [
        credited(sqlite_app, odile, anais.account_id, now, amount=3),
        credited(sqlite_app, odile, anais.account_id, now, kind=RightKind.DAYS, amount=1),
        credited(sqlite_app, odile, anais.account_id, now, kind=RightKind.MONEY, amount=700),
    ]
    given_at_first = {number: right(sqlite_app, number).balance for number in ids}
    made: dict[int, Booking] = {}
    for deed, which, hours in deeds:
        try:
            _do(sqlite_app, anais, now, made, deed, which, hours)
        except DomainError:
            continue
    spent = dict.fromkeys(ids, 0)
    with sqlite_app.app_context(), reading() as session:
        network = find_network(session)
        for known in made.values():
            booking = queries.get_booking(session, network, anais, known.ref, now=now)
            if booking.state == "confirmed":
                for each in booking.quote.spent:
                    spent[each.right_id] += each.amount
    for number, (kept, added) in balances(sqlite_app).items():
        assert kept == added
        assert kept + spent[number] == given_at_first[number]


def _do(
    app: Flask,
    actor: Actor,
    now: datetime,
    made: dict[int, Booking],
    deed: str,
    which: int,
    hours: str,
) -> None:
    if deed == "book":
        made[len(made)] = booked(app, actor, now, hours=hours, day=DAYS[which])
    elif deed == "hold":
        made[len(made)] = held(app, actor, now, day=DAYS[which])
    elif which in made and deed == "confirm":
        confirmed(app, actor, made[which].ref, now, shown=100_000)
    elif which in made and deed == "cancel":
        cancelled(app, actor, made[which].ref, now)
    elif which in made and deed == "move":
        with app.app_context(), transaction() as session:
            wanted = stay(hours, SEATS, DAYS[which], people=1)
            service.move(session, actor, made[which].ref, wanted, now=now)
