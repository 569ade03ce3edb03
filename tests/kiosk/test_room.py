"""The room at its door: what is offered, asked with a pass, answered, and what no network does."""

import json
import queue
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from devices.drivers.fake.driver import FakeLock
from devices.kiosk import room
from devices.kiosk.asking import NO_ANSWER, Answer, AskThread, Booked, Done, Refusal, answer_of
from devices.kiosk.clock import system_clock
from devices.kiosk.events import Answered, LinkChanged, SnapshotCame, Tick, WishChosen
from devices.kiosk.room import room_now
from devices.kiosk.server import Server
from devices.kiosk.views import Tone, View
from devices.kiosk.wishes import ANSWER_LASTS, WAITS_FOR, Ask, Deed, Wish, wish_from
from devices.passes.rules import Policy
from devices.passes.sheets import Occupied, Room
from devices.passes.snapshot import Snapshot, read_snapshot
from tests.kiosk.doors import (
    IDENTITY,
    SHEET,
    SNAPSHOT,
    SNAPSHOT_KEY,
    Door,
    kinds,
    open_door,
    sealed,
)
from tests.kiosk.twin import Twin, serving
from tests.unit.passes.papers import CLAIMS, PASS_ID, RULES, STARTS
from tests.unit.passes.papers import sealed as pass_text

HOURS = ((STARTS - 6 * 3600, STARTS + 4 * 3600),)
ROOM = Room(step=5, lengths=(15, 30, 60), hours=HOURS)
NOON = STARTS - 2 * 3600
BOOK = Wish(Deed.BOOK, 30)
GIVEN = replace(CLAIMS, not_before=NOON, not_after=NOON + 1800, pass_id=b"newbookd")


def held(*day: Occupied, arrived: tuple[int, ...] = (), policy: Policy = Policy.ANY) -> Snapshot:
    rules = replace(RULES, policy=policy)
    sheet = replace(SHEET, rules=rules, day=day, room=ROOM, arrived=arrived)
    return replace(SNAPSHOT, server_time=NOON - 60, doors=(sheet,))


def at_noon(folder: Path, snapshot: Snapshot) -> Door:
    door = open_door(folder, held=snapshot, now=NOON)
    door.act(LinkChanged())
    return door


def names(view: View) -> list[str]:
    return [each.name for each in view.buttons if each.is_enabled]


def pulses(door: Door) -> list[float]:
    assert isinstance(door.lock, FakeLock)
    return door.lock.pulses


@given(
    st.lists(st.tuples(st.integers(-30, 200), st.integers(1, 90)), max_size=4),
    st.integers(0, 12_000),
)
def test_a_length_is_offered_exactly_when_the_room_is_free_and_open_so_long(
    stays: list[tuple[int, int]], after: int
) -> None:
    now = NOON + after
    day = tuple(
        Occupied(NOON + start * 60, NOON + (start + length) * 60) for start, length in stays
    )
    sheet = held(*day).doors[0]
    offered = room_now(sheet, now).lengths
    is_running = any(span.starts <= now < span.ends for span in day)
    for minutes in ROOM.lengths:
        ends = room.end_of(ROOM, minutes, now)
        starts = ends - minutes * 60
        is_free = all(span.ends <= starts or ends <= span.starts for span in day)
        is_open = ends <= HOURS[0][1]
        assert (minutes in offered) == (is_free and is_open and not is_running)


def test_the_screen_says_now_and_next_and_offers_what_is_free(tmp_path: Path) -> None:
    door = at_noon(tmp_path, held(Occupied(NOON + 2700, NOON + 6300)))
    idle = door.screen.shown[-1]
    assert idle.lines == (
        "Libre jusqu’à 13\xa0h\xa045",
        "Ensuite\xa0: 13\xa0h\xa045\u202f–\u202f14\xa0h\xa045",
    )
    assert names(idle) == ["book-15", "book-30"]
    door.now += 2700
    running = door.act(Tick())
    assert running.lines[0] == "Occupée jusqu’à 14\xa0h\xa045"
    assert names(running) == ["check-in", "end"]


def test_an_arrival_that_is_known_is_said_and_not_asked_again(tmp_path: Path) -> None:
    span = Occupied(NOON - 600, NOON + 3600, (PASS_ID,))
    door = at_noon(tmp_path, held(span, arrived=(span.starts,)))
    idle = door.screen.shown[-1]
    assert "Arrivée notée" in idle.lines
    assert names(idle) == ["end"]


@pytest.mark.parametrize("policy", [Policy.ANY, Policy.LIVE])
def test_a_tap_and_a_pass_book_the_room_and_the_door_opens_to_what_was_booked(
    tmp_path: Path, policy: Policy
) -> None:
    door = at_noon(tmp_path, held(policy=policy))
    asked = door.act(WishChosen(BOOK))
    assert "30\xa0min, jusqu’à 13\xa0h\xa030" in asked.sentence
    assert names(asked) == ["cancel"]
    assert door.scan("RB1:ANYTHING").tone is Tone.WAIT
    assert door.asks == [Ask(1, BOOK, "RB1:ANYTHING", "fr")]
    assert pulses(door) == [], "the door waits for the server's word"
    booked = Booked(pass_text(GIVEN), NOON, NOON + 1800, 1250)
    opened = door.act(Answered(1, booked), after=1)
    assert opened.tone is Tone.OPEN
    assert "12,50\xa0€" in opened.sentence
    assert pulses(door) == [5.0]
    assert door.entries()[-1].pass_id == GIVEN.pass_id, "so that the server knows who came"
    assert kinds(door.entries())[-1] == ("grant", "static")


def test_an_answer_that_is_no_pass_of_ours_opens_nothing(tmp_path: Path) -> None:
    door = at_noon(tmp_path, held())
    door.act(WishChosen(BOOK))
    door.scan("RB1:ANYTHING")
    forged = Booked("RB1:FORGED", NOON, NOON + 1800, 0)
    assert door.act(Answered(1, forged), after=1).tone is Tone.WAIT
    assert pulses(door) == []


def test_an_answer_nobody_waits_for_any_more_opens_nothing(tmp_path: Path) -> None:
    door = at_noon(tmp_path, held())
    booked = Booked(pass_text(GIVEN), NOON, NOON + 1800, 1250)
    door.act(Answered(1, booked))
    door.act(WishChosen(BOOK))
    door.scan("RB1:ANYTHING")
    door.act(Answered(2, booked))
    door.act(Answered(1, booked), after=ANSWER_LASTS)
    assert pulses(door) == []


def test_a_wish_is_forgotten_when_it_is_taken_back_or_nobody_shows_a_pass(tmp_path: Path) -> None:
    door = at_noon(tmp_path, held())
    door.act(WishChosen(BOOK))
    assert door.act(WishChosen(None)).tone is Tone.IDLE
    door.act(WishChosen(BOOK))
    assert door.act(Tick(), after=WAITS_FOR).tone is Tone.IDLE
    door.scan("RB1:ANYTHING")
    assert door.asks == []


def test_who_says_they_are_here_is_let_in_and_told_to_the_server_at_once(tmp_path: Path) -> None:
    span = Occupied(NOON, NOON + 1800, (GIVEN.pass_id,))
    door = at_noon(tmp_path, held(span))
    door.act(WishChosen(Wish(Deed.CHECK_IN)))
    assert door.scan(pass_text(GIVEN)).tone is Tone.OPEN
    assert [ask.wish.deed for ask in door.asks] == [Deed.CHECK_IN]
    assert door.act(Answered(1, Done()), after=1).sentence == "Arrivée notée"
    door.act(WishChosen(Wish(Deed.CHECK_IN)))
    assert door.scan("not a pass").tone is Tone.SHUT
    assert len(door.asks) == 1


def test_an_early_end_is_asked_and_its_refusal_told_in_words(tmp_path: Path) -> None:
    span = Occupied(NOON, NOON + 1800, (GIVEN.pass_id,))
    door = at_noon(tmp_path, held(span))
    for answer, word in (
        (Refusal("not-the-holder"), "celui d’un invité"),
        (Refusal("wrong-state", "Cette réservation est terminée."), "est terminée."),
        (Refusal(NO_ANSWER), "Pas de réponse"),
        (Done(), "Séjour terminé"),
    ):
        door.act(WishChosen(Wish(Deed.END)))
        door.scan(pass_text(GIVEN))
        assert word in door.act(Answered(len(door.asks), answer), after=1).sentence
    assert pulses(door) == []


def test_without_a_network_the_buttons_say_so(tmp_path: Path) -> None:
    door = at_noon(tmp_path, held())
    offline = door.act(LinkChanged("unreachable"))
    assert names(offline) == []
    assert "Sans réseau, cet écran ne peut ni réserver ni terminer" in offline.notes
    assert {each.name for each in offline.buttons} == {"book-15", "book-30", "book-60"}


def test_a_door_that_leads_to_no_room_offers_nothing(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    door.act(LinkChanged())
    assert door.screen.shown[-1].buttons == ()


def test_what_the_room_is_offered_for_comes_with_the_snapshot(tmp_path: Path) -> None:
    snapshot = held(Occupied(NOON, NOON + 60), arrived=(NOON,))
    assert read_snapshot(sealed(snapshot), SNAPSHOT_KEY.public_key()) == snapshot
    door = open_door(tmp_path, now=NOON)
    door.act(LinkChanged())
    door.act(SnapshotCame(replace(held(), version=2), sealed(held())))
    assert names(door.screen.shown[-1]) == ["book-15", "book-30", "book-60"]


@pytest.mark.parametrize("name", ["book-30", "check-in", "end", "muster"])
def test_a_button_is_known_by_its_name(name: str) -> None:
    wish = wish_from(name)
    assert wish is not None
    assert wish.name == name
    assert wish_from(f"{name}!") is None


TOLD = {
    "booking": {
        "starts_at": "2026-11-22T12:00:00Z",
        "ends_at": "2026-11-22T12:30:00Z",
        "due": {"amount": 1250, "currency": "EUR"},
    },
    "pass": {"text": "RB1:X"},
}
REFUSED = {"code": "not-a-pass", "reason": "not-the-holder", "detail": "Non."}


@pytest.mark.server
@pytest.mark.parametrize(
    ("status", "content", "answer"),
    [
        (201, TOLD, Booked("RB1:X", NOON, NOON + 1800, 1250)),
        (422, REFUSED, Refusal("not-the-holder", "Non.")),
        (409, {"code": "room-taken", "detail": "Pris."}, Refusal("room-taken", "Pris.")),
        (201, {"booking": 7}, Refusal(NO_ANSWER)),
        (500, {}, Refusal(NO_ANSWER)),
    ],
)
def test_the_server_is_asked_at_most_twice_under_one_key(
    status: int, content: object, answer: object
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    told = {"/bookings": (status, json.dumps(content).encode())}
    with serving(Twin(answers=told, key=key.public_key())) as twin:
        server = Server(twin.address, identity=IDENTITY, key=key, clock=system_clock)
        assert answer_of(server, Ask(1, BOOK, "RB1:X", "fr")) == answer
        server.close()
    assert len(twin.calls) == (2 if answer == Refusal(NO_ANSWER) else 1)


@pytest.mark.server
def test_a_door_waits_for_no_answer_and_each_comes_in_its_turn() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    is_reached, answers = threading.Event(), queue.SimpleQueue[tuple[int, Answer]]()
    refused = {"/bookings": (422, json.dumps(REFUSED).encode())}
    with serving(Twin(answers=refused, key=key.public_key())) as twin:

        def connect() -> Server:
            is_reached.wait(5)
            return Server(twin.address, identity=IDENTITY, key=key, clock=system_clock)

        asking = AskThread(connect, lambda number, answer: answers.put((number, answer)))
        asking.start()
        for number in (1, 2):
            asking.ask(Ask(number, BOOK, "RB1:X", "fr"))
        asking.stop()
        assert asking.is_alive()
        assert answers.empty()
        is_reached.set()
        asking.join(5)
    told = Refusal("not-the-holder", "Non.")
    assert [answers.get(timeout=1) for _ in range(2)] == [(1, told), (2, told)]
