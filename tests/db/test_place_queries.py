"""Reading places: a site's day, what is free, and the ways out of a clash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.db.transaction import reading, transaction
from app.domain.errors import NoRateCard
from app.domain.intervals import Span
from app.domain.profiles import Profile, ProvenProfile
from app.domain.tariffs import Quote
from app.spaces.network import Network, Space
from app.spaces.occupancy import SpaceDay
from app.spaces.queries import (
    Wanted,
    alternatives,
    day_of_site,
    day_of_space,
    find_free,
    find_network,
    search_spaces,
    taken,
)
from app.spaces.service import occupy
from app.tariffs.cards import Cards
from app.tariffs.queries import find_cards
from app.tariffs.service import quote_for
from tests.conftest import NOW
from tests.databases import counting
from tests.stays import TUESDAY, span


@pytest.fixture
def network(app: Flask) -> Iterator[Network]:
    """The four Totems, with nothing taken."""
    with app.app_context():
        with reading() as session:
            found = find_network(session)
        yield found


def take(
    space: Space,
    hours: str,
    *,
    day: date = TUESDAY,
    holder: int = 1,
    people: int = 1,
    until: datetime | None = None,
) -> None:
    with transaction() as session:
        occupy(
            session,
            space=space,
            span=span(hours, day),
            units_wanted=people,
            kind="hold" if until else "booking",
            holder_id=holder,
            expires_at=until,
            now=NOW,
        )


def day_of(network: Network, site: str, day: date = TUESDAY) -> dict[str, SpaceDay]:
    with reading() as session:
        shown = day_of_site(session, network.get_site(site), day, NOW)
    return {each.space.code: each for each in shown.spaces}


def test_a_day_shows_what_is_taken_and_what_is_free(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    take(room, "10:00-12:00")
    take(room, "14:00-15:00", holder=2, until=NOW + timedelta(minutes=35))
    take(room, "16:00-17:00", holder=3, until=NOW - timedelta(minutes=1))
    shown = day_of(network, "metz")["metz-mirabelle"]
    assert [row.span for row in shown.taken] == [span("10:00-12:00"), span("14:00-15:00")]
    assert shown.free == (span("08:00-10:00"), span("12:00-14:00"), span("15:00-20:00"))
    assert shown.opening == (span("08:00-20:00"),)
    assert shown.busy_units(span("10:00-12:00").start) == 1


def test_the_days_beside_are_not_shown(network: Network) -> None:
    room = network.get_space("metz-graoully")
    for holder, day in enumerate((-1, 0, 1)):
        take(room, "10:00-12:00", day=TUESDAY + timedelta(days=day), holder=holder)
    assert [row.holder for row in day_of(network, "metz")["metz-graoully"].taken] == [1]


def test_what_began_before_the_span_is_seen(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    take(room, "09:00-18:00")
    with reading() as session:
        seen = taken(session, room.unit_ids, span("12:00-13:00"), NOW)
        before = taken(session, room.unit_ids, span("08:00-09:00"), NOW)
        after = taken(session, room.unit_ids, span("18:00-19:00"), NOW)
    assert [row.span for row in seen[room.unit_ids[0]]] == [span("09:00-18:00")]
    assert before == after == {room.unit_ids[0]: []}


def test_a_part_taken_shows_on_the_whole(network: Network) -> None:
    take(network.get_space("metz-seille"), "10:00-12:00")
    shown = day_of(network, "metz")
    assert [row.space for row in shown["metz-moselle"].taken] == [
        network.get_space("metz-seille").id
    ]
    assert shown["metz-moselle"].free == (span("08:00-10:00"), span("12:00-20:00"))
    assert shown["metz-cheneau"].free == (span("08:00-20:00"),)


def test_a_floor_is_free_while_a_seat_is(network: Network) -> None:
    floor = network.get_space("epinal-correspondance")
    take(floor, "09:00-12:00", people=3)
    take(floor, "10:00-11:00", holder=2)
    shown = day_of(network, "epinal")["epinal-correspondance"]
    assert shown.busy_units(span("10:30-11:30").start) == 4
    assert span("08:00-10:00") in shown.free
    assert span("11:00-20:00") in shown.free
    assert not any(free.overlaps(span("10:00-11:00")) for free in shown.free)


def test_a_closed_day_has_no_hours(network: Network) -> None:
    closed = day_of(network, "thionville-3eme-lieu", date(2026, 11, 23))
    assert closed["thionville-3eme-lieu-salon"].opening == ()
    assert closed["thionville-3eme-lieu-auditorium"].is_open


def test_a_day_of_a_space_is_that_of_its_site(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    take(room, "10:00-12:00")
    with reading() as session:
        alone = day_of_space(session, room, TUESDAY, NOW)
    assert alone == day_of(network, "metz")["metz-mirabelle"]


def test_the_days_of_clock_change_have_23_and_25_hours(network: Network) -> None:
    with reading() as session:
        site = network.get_site("metz")
        spring = day_of_site(session, site, date(2027, 3, 28), NOW).span
        autumn = day_of_site(session, site, date(2026, 10, 25), NOW).span
    assert (spring.duration, autumn.duration) == (timedelta(hours=23), timedelta(hours=25))


def test_a_day_and_a_search_cost_one_statement(app: Flask, network: Network) -> None:
    for site in network.sites:
        with reading() as session, counting(app) as counted:
            day_of_site(session, site, TUESDAY, NOW)
        assert len(counted) == 1
    with reading() as session, counting(app) as counted:
        find_free(session, network.spaces, span("10:00-12:00"), 6, NOW)
    assert len(counted) == 1
    room = network.get_space("metz-mirabelle")
    with reading() as session, counting(app) as counted:
        alternatives(session, network, room, span("10:00-12:00"), 6, NOW)
    assert len(counted) == 2


def test_nothing_is_asked_for_no_place(app: Flask, network: Network) -> None:
    with reading() as session, counting(app) as counted:
        assert find_free(session, [], span("10:00-12:00"), 6, NOW) == []
    assert len(counted) == 0


def test_places_are_found_by_what_they_are_and_have(network: Network) -> None:
    def codes(wanted: Wanted) -> list[str]:
        return [str(space.code) for space in search_spaces(network, wanted)]

    assert codes(Wanted(site="metz", kind="machine")) == ["metz-laser", "metz-imprimantes-3d"]
    assert codes(Wanted(kind="training", people=21)) == [
        "metz-verlaine",
        "nancy-poincare",
        "epinal-vosges",
        "thionville-gare-fonderie",
    ]
    assert codes(Wanted(site="nancy", equipment=("recording", "green_screen"))) == [
        "nancy-studio-image"
    ]
    assert "metz-labo-jeu" not in codes(Wanted(accessible=True))
    assert len(codes(Wanted())) == len(network.spaces)


def test_free_places_come_with_the_fewest_spare_chairs_first(network: Network) -> None:
    rooms = search_spaces(network, Wanted(site="nancy", kind="meeting_room"))
    take(network.get_space("nancy-daum"), "10:00-11:00")
    with reading() as session:
        found = find_free(session, rooms, span("10:00-12:00"), 5, NOW)
    assert [free.space.code for free in found] == [
        "nancy-majorelle",
        "nancy-here",
        "nancy-lamour",
        "nancy-prouve",
        "nancy-galle",
        "nancy-stanislas",
    ]
    assert all(free.free_units == len(free.space.units) for free in found)


def test_a_clash_has_ways_out(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    take(room, "10:00-12:00")
    take(room, "13:00-14:00", holder=2)
    take(room, "10:00-12:00", day=TUESDAY + timedelta(days=2), holder=3)
    take(network.get_space("metz-seille"), "10:00-12:00", holder=4)
    with reading() as session:
        ways = alternatives(session, network, room, span("10:00-12:00"), 10, NOW)
    assert list(ways.later) == [
        span("14:00-16:00"),
        span("10:00-12:00", TUESDAY + timedelta(days=1)),
        span("12:00-14:00", TUESDAY + timedelta(days=2)),
    ]
    assert [space.code for space in ways.similar] == [
        "metz-koltes",
        "metz-romances",
        "metz-sagesse",
    ]
    assert {space.site for space in ways.elsewhere} <= {
        "nancy",
        "epinal",
        "thionville-gare",
        "thionville-3eme-lieu",
    }
    assert all(space.kind == "meeting_room" for space in ways.elsewhere)
    assert "thionville-3eme-lieu-colpach" not in {space.code for space in ways.elsewhere}


def test_a_laser_is_not_replaced_by_a_printer(network: Network) -> None:
    laser = network.get_space("metz-laser")
    take(laser, "10:00-12:00")
    with reading() as session:
        ways = alternatives(session, network, laser, span("10:00-12:00"), 1, NOW)
    assert [space.code for space in (*ways.similar, *ways.elsewhere)] == ["thionville-gare-laser"]


def test_stays_are_priced_by_the_card_of_their_site(network: Network) -> None:
    with reading() as session:
        cards = find_cards(session, network)
        assert find_cards(session, network) is cards

    def net(code: str, hours: str, *, people: int = 1, profile: Profile | None = None) -> int:
        proven = [ProvenProfile(profile, TUESDAY, TUESDAY)] if profile else []
        space = network.get_space(code)
        return quote_for(cards, space, span(hours), people, proven, booked_on=TUESDAY).net.minor

    assert net("metz-mirabelle", "08:30-18:00", profile=Profile.RESIDENT) == 9800
    assert net("metz-mirabelle", "08:30-12:30", profile=Profile.LARGE_COMPANY) == 11200
    assert net("metz-mirabelle", "17:00-19:00") == 5313
    assert net("epinal-durkheim", "08:30-12:30") == 6800
    assert net("thionville-gare-merlin", "08:30-12:30") == 8800
    assert net("thionville-3eme-lieu-salon", "13:00-18:00", people=3) == 0
    assert net("nancy-bassin", "09:00-18:00", people=2) == 3000
    assert net("thionville-gare-imprimantes-3d", "10:00-12:00", people=2) == 2000


def test_a_proof_counts_on_the_day_of_the_stay(network: Network) -> None:
    with reading() as session:
        cards = find_cards(session, network)
    room = network.get_space("metz-mirabelle")
    student = ProvenProfile(Profile.STUDENT, date(2026, 9, 1), TUESDAY)

    def quoted(stay: Span) -> Quote:
        return quote_for(cards, room, stay, 6, [student], booked_on=date(2026, 2, 1))

    today = quoted(span("08:30-12:30"))
    later = quoted(span("08:30-12:30", TUESDAY + timedelta(days=1)))
    assert (today.net.minor, today.proof) == (3200, student)
    assert (later.net.minor, later.proof) == (8000, None)


def test_the_card_in_force_on_the_day_of_asking_sets_the_price(network: Network) -> None:
    with reading() as session:
        read = find_cards(session, network)
    room = network.get_space("metz-mirabelle")
    (now,) = read.by_site[room.site]
    dearer = replace(now, version=2, effective_on=TUESDAY, coefficient=Decimal("1.10"))
    cards = Cards({room.site: (now, dearer)})

    def asked(on: date, stay: Span) -> tuple[int, int]:
        quote = quote_for(cards, room, stay, 6, [], booked_on=on)
        return quote.card_version, quote.net.minor

    after = span("08:30-12:30", TUESDAY + timedelta(days=7))
    assert asked(TUESDAY - timedelta(days=1), after) == (now.version, 8000)
    assert asked(TUESDAY, after) == (2, 8800)
    with pytest.raises(NoRateCard):
        asked(date(2025, 11, 24), after)


def test_every_bookable_place_is_priced_on_a_day_it_opens(network: Network) -> None:
    with reading() as session:
        cards = find_cards(session, network)
    for space in network.spaces:
        if space.bookable:
            afternoon = span("14:00-16:00")
            assert space.calendar.hours_on(TUESDAY), space.code
            assert quote_for(cards, space, afternoon, 1, [], booked_on=TUESDAY).lines, space.code
