"""The calendar: one unit is never taken twice, holds run out by the clock, pools fill in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.base import db
from app.db.ddl import is_overlap
from app.db.transaction import OneConnectionSession, reading, transaction
from app.domain.errors import RoomTaken, UnknownSpace
from app.domain.intervals import Span
from app.domain.kinds import Sharing
from app.spaces.network import Network, Space
from app.spaces.occupancy import AllocationKind
from app.spaces.queries import find_network, taken
from app.spaces.service import (
    confirm_hold,
    forget_expired_holds,
    occupy,
    release,
)
from app.spaces.tables import AllocationRow, UnitRow
from tests.conftest import NOW
from tests.databases import counting

TOMORROW = NOW + timedelta(days=1)
HOLD = timedelta(minutes=35)


@pytest.fixture
def network(app: Flask) -> Iterator[Network]:
    """The four Totems, with nothing taken."""
    with app.app_context():
        with reading() as session:
            found = find_network(session)
        yield found


def hours(first: float, last: float, start: datetime = TOMORROW) -> Span:
    return Span(start + timedelta(hours=first), start + timedelta(hours=last))


def take(
    session: Session,
    space: Space,
    span: Span,
    *,
    holder: int = 1,
    people: int = 1,
    until: datetime | None = None,
    now: datetime = NOW,
) -> list[int]:
    """Book a space, or hold it until an instant."""
    kind = AllocationKind.BOOKING if until is None else AllocationKind.HOLD
    taken_units = occupy(
        session,
        space=space,
        span=span,
        units_wanted=people,
        kind=kind,
        holder_id=holder,
        expires_at=until,
        now=now,
    )
    return [int(unit) for unit in taken_units]


def test_a_room_is_taken_once(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    with transaction() as session:
        take(session, room, hours(1, 3))
    with pytest.raises(RoomTaken) as raised, transaction() as session:
        take(session, room, hours(2, 4), holder=2)
    assert raised.value.clashes == (hours(1, 3),)


def test_stays_that_touch_do_not_clash(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    with transaction() as session:
        take(session, room, hours(1, 2))
        take(session, room, hours(2, 3), holder=2)
        take(session, room, hours(0, 1), holder=3)


def test_a_stay_within_a_longer_one_clashes(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    with transaction() as session:
        take(session, room, hours(0, 8))
        for span in (hours(2, 3), hours(-1, 9), hours(7, 9), hours(-1, 1)):
            with pytest.raises(RoomTaken):
                take(session, room, span, holder=2)


def test_a_divisible_room_and_its_parts_exclude_each_other(network: Network) -> None:
    whole, part = network.get_space("metz-moselle"), network.get_space("metz-seille")
    other = network.get_space("metz-cheneau")
    with transaction() as session:
        take(session, part, hours(1, 2))
        with pytest.raises(RoomTaken):
            take(session, whole, hours(1, 2), holder=2)
        assert len(take(session, whole, hours(2, 3), holder=2)) == 2
        with pytest.raises(RoomTaken):
            take(session, other, hours(2, 3), holder=3)
        take(session, other, hours(1, 2), holder=3)


def test_a_pool_gives_its_next_free_seats(network: Network) -> None:
    floor = network.get_space("nancy-rive")
    first, second, *_, last = floor.unit_ids
    with transaction() as session:
        assert take(session, floor, hours(0, 4)) == [first]
        assert take(session, floor, hours(2, 6), holder=2) == [second]
        assert take(session, floor, hours(4, 6), holder=3) == [first]
        assert len(take(session, floor, hours(0, 6), holder=4, people=6)) == 6
        with pytest.raises(RoomTaken):
            take(session, floor, hours(3, 5), holder=5)
    assert last == max(floor.unit_ids)


def test_a_group_gets_all_its_seats_or_none(network: Network) -> None:
    floor = network.get_space("epinal-correspondance")
    with transaction() as session:
        take(session, floor, hours(0, 4), people=3)
        with pytest.raises(RoomTaken):
            take(session, floor, hours(0, 4), holder=2, people=2)
        assert len(take(session, floor, hours(0, 4), holder=3, people=1)) == 1


def test_a_hold_runs_out_by_the_clock(network: Network) -> None:
    room = network.get_space("metz-moselle")
    with transaction() as session:
        take(session, room, hours(1, 3), until=NOW + HOLD)
        with pytest.raises(RoomTaken):
            take(session, room, hours(1, 3), holder=2, now=NOW + HOLD - timedelta(seconds=1))
        assert take(session, room, hours(2, 4), holder=2, now=NOW + HOLD)
        assert confirm_hold(session, holder_id=1) == 0


def test_a_hold_that_is_confirmed_stays(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    with transaction() as session:
        take(session, room, hours(1, 3), until=NOW + HOLD)
        assert confirm_hold(session, holder_id=1) == 1
        with pytest.raises(RoomTaken):
            take(session, room, hours(1, 3), holder=2, now=NOW + 2 * HOLD)


def test_a_hold_that_ran_out_is_not_seen_and_may_be_tidied(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    with transaction() as session:
        take(session, room, hours(1, 3), until=NOW + HOLD)
        take(session, room, hours(3, 4), holder=2)
        seen = taken(session, room.unit_ids, hours(0, 8), NOW + HOLD)
        assert [row.holder for row in seen[room.unit_ids[0]]] == [2]
        assert forget_expired_holds(session, now=NOW + HOLD) == 1
        assert forget_expired_holds(session, now=NOW + HOLD) == 0


def test_what_is_released_is_free(network: Network) -> None:
    floor = network.get_space("nancy-rive")
    with transaction() as session:
        take(session, floor, hours(0, 4), people=8)
        assert release(session, kind=AllocationKind.HOLD, holder_id=1) == 0
        assert release(session, kind=AllocationKind.BOOKING, holder_id=1) == 8
        assert len(take(session, floor, hours(0, 4), holder=2, people=8)) == 8


def row(unit: int, space: int, span: Span, holder: int = 1) -> dict[str, object]:
    return {
        "unit_id": unit,
        "starts_at": span.start,
        "ends_at": span.end,
        "space_id": space,
        "kind": "booking",
        "holder_id": holder,
        "expires_at": None,
    }


@pytest.mark.parametrize("second", [(1, 3), (0, 2), (2, 4), (0, 4), (1.5, 2.5)])
def test_the_database_itself_refuses_an_overlap(
    network: Network, second: tuple[float, float]
) -> None:
    room = network.get_space("metz-mirabelle")
    unit = room.unit_ids[0]
    with transaction() as session:
        session.execute(insert(AllocationRow), [row(unit, room.id, hours(1, 3))])
    with pytest.raises(IntegrityError) as raised, transaction() as session:
        session.execute(insert(AllocationRow), [row(unit, room.id, hours(*second), 2)])
    assert is_overlap(raised.value)


def test_the_database_refuses_to_move_a_row_onto_another(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    unit = room.unit_ids[0]
    with transaction() as session:
        session.execute(insert(AllocationRow), [row(unit, room.id, hours(1, 3))])
        session.execute(insert(AllocationRow), [row(unit, room.id, hours(3, 5), 2)])
        session.execute(
            update(AllocationRow)
            .where(AllocationRow.holder_id == 2)
            .values(starts_at=hours(4, 5).start)
        )
    with pytest.raises(IntegrityError) as raised, transaction() as session:
        session.execute(
            update(AllocationRow)
            .where(AllocationRow.holder_id == 1)
            .values(ends_at=hours(1, 4.5).end)
        )
    assert is_overlap(raised.value)


def test_other_faults_are_not_taken_for_overlaps(network: Network) -> None:
    room = network.get_space("metz-mirabelle")
    backwards = row(room.unit_ids[0], room.id, hours(1, 3)) | {"ends_at": hours(0, 1).start}
    with pytest.raises(IntegrityError) as raised, transaction() as session:
        session.execute(insert(AllocationRow), [backwards])
    assert not is_overlap(raised.value)


def test_a_clash_the_look_cannot_see_is_a_refusal_and_keeps_the_transaction(
    app: Flask, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = network.get_space("metz-mirabelle")
    with transaction() as session:
        take(session, room, hours(1, 3))
    monkeypatch.setattr("app.spaces.service.allocations.rows_around", lambda *_: [])
    with transaction() as session:
        with pytest.raises(RoomTaken) as raised:
            take(session, room, hours(2, 4), holder=2)
        take(session, room, hours(3, 4), holder=3)
    assert raised.value.clashes == (hours(2, 4),)


def test_taking_costs_one_statement_where_three_are_not_needed(
    app: Flask, network: Network
) -> None:
    room, floor = network.get_space("metz-mirabelle"), network.get_space("metz-poulailler")
    for number, (space, most) in enumerate([(room, 1), (floor, 3)]):
        with transaction() as session, counting(app) as counted:
            take(session, space, hours(1, 3), holder=number)
        assert len(counted) == most, counted.statements


def test_more_people_than_a_single_seat_holds_are_refused(network: Network) -> None:
    seat = replace(network.get_space("metz-mirabelle"), sharing=Sharing.POOLED)
    with transaction() as session:
        with pytest.raises(RoomTaken):
            take(session, seat, hours(1, 3), people=2)
        assert take(session, seat, hours(1, 3), people=1) == list(seat.unit_ids)


@pytest.mark.parametrize("code", ["metz-mirabelle", "metz-moselle", "metz-poulailler"])
def test_a_place_retired_since_it_was_looked_up_is_not_taken(network: Network, code: str) -> None:
    place = network.get_space(code)
    retire = update(UnitRow).where(UnitRow.id == place.unit_ids[0]).values(retired_at=NOW)
    session = OneConnectionSession(db.engine)
    session.execute(retire)
    with pytest.raises(UnknownSpace):
        take(session, place, hours(1, 3))
    session.close()  # undone, for the network stays


def test_sixteen_people_at_once_get_one_room_once(app: Flask, network: Network) -> None:
    room, floor = network.get_space("metz-mirabelle"), network.get_space("nancy-rive")
    for space, places in ((room, 1), (floor, 8)):
        won: list[int] = []
        lost: list[int] = []
        others: list[BaseException] = []
        start = threading.Barrier(16)

        def rush(
            holder: int,
            space: Space = space,
            won: list[int] = won,
            lost: list[int] = lost,
            others: list[BaseException] = others,
            start: threading.Barrier = start,
        ) -> None:
            begins = TOMORROW + timedelta(minutes=5 * holder)
            with app.app_context():
                start.wait()
                try:
                    with transaction() as session:
                        take(session, space, hours(0, 2, begins), holder=holder)
                    won.append(holder)
                except RoomTaken:
                    lost.append(holder)
                except BaseException as error:  # shown by the assertion below
                    others.append(error)

        threads = [threading.Thread(target=rush, args=(holder,)) for holder in range(1, 17)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert others == []
        assert (len(won), len(lost)) == (places, 16 - places)


STARTS = st.integers(0, 40)
WISHES = st.lists(
    st.tuples(
        st.sampled_from(["metz-moselle", "metz-seille", "metz-cheneau", "epinal-correspondance"]),
        STARTS,
        st.integers(1, 12),
        st.integers(1, 4),
        st.sampled_from(["book", "hold", "release"]),
    ),
    max_size=25,
)


@given(WISHES)
def test_no_sequence_of_wishes_ever_overlaps(
    network: Network, wishes: list[tuple[str, int, int, int, str]]
) -> None:
    with transaction() as session:
        session.execute(delete(AllocationRow))
        for holder, (code, start, length, people, what) in enumerate(wishes, start=1):
            now = NOW + timedelta(minutes=10 * holder)
            span = hours(start / 4, (start + length) / 4)
            if what == "release":
                release(session, kind=AllocationKind.BOOKING, holder_id=holder - 1)
                continue
            until = now + HOLD if what == "hold" else None
            _take_if_free(session, network.get_space(code), span, holder, people, until, now)
        rows = session.execute(
            select(AllocationRow.unit_id, AllocationRow.starts_at, AllocationRow.ends_at).order_by(
                AllocationRow.unit_id, AllocationRow.starts_at
            )
        ).all()
    for before, after in pairwise(rows):
        assert before[0] != after[0] or before[2] <= after[1]


def _take_if_free(
    session: Session,
    space: Space,
    span: Span,
    holder: int,
    people: int,
    until: datetime | None,
    now: datetime,
) -> None:
    """Take it exactly when the look says that it is free: the refusal must be honest."""
    busy = [unit for unit, rows in taken(session, space.unit_ids, span, now).items() if rows]
    free = len(space.unit_ids) - len(busy)
    possible = free >= people if space.is_pooled else not busy
    try:
        got = take(session, space, span, holder=holder, people=people, until=until, now=now)
    except RoomTaken:
        assert not possible
    else:
        assert possible
        assert not set(got) & set(busy)
