"""Cards: known by a keyed hash, judged by the same order of questions as passes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.passes.cards import CardStay, NotACard, best_of, fingerprint, number_of
from devices.passes.reasons import Opening, Reason
from devices.passes.rules import Granted, Knowledge, Mode, Policy, Refused, judge
from devices.passes.sheets import DoorSheet
from devices.passes.snapshot import Snapshot, read_snapshot, seal_snapshot
from tests.unit.passes.papers import ENDS, KNOWN, PASS_ID, RULES, STARTS, STRANGER, knowing

KEY = bytes(range(32))
NUMBER = bytes.fromhex("0412AB99")
SHOWN = fingerprint(KEY, NUMBER)
STAY = CardStay(SHOWN, STARTS, ENDS, PASS_ID)
CARDS = replace(KNOWN, card_key=KEY, cards=(STAY,))
MORNING = replace(CARDS, server_time=STARTS - 3600, clock_floor=0)
TEXT = "CARD:0412AB99"


def test_a_card_of_a_running_stay_opens_as_a_static_pass_does() -> None:
    assert judge(TEXT, CARDS, now=STARTS) == Granted(Opening.STATIC, PASS_ID, ENDS)


@pytest.mark.parametrize(
    ("known", "now", "reason"),
    [
        (MORNING, STARTS - RULES.early - 1, Reason.TOO_EARLY),
        (CARDS, ENDS + RULES.late, Reason.ENDED),
        (CARDS, STARTS - 121, Reason.CLOCK),
        (CARDS, STARTS + RULES.max_stale + 1, Reason.OFFLINE_TOO_LONG),
        (replace(CARDS, revoked=frozenset({PASS_ID})), STARTS, Reason.REVOKED),
        (replace(CARDS, cards=()), STARTS, Reason.UNKNOWN_CARD),
        (replace(CARDS, card_key=bytes(32)), STARTS, Reason.UNKNOWN_CARD),
        (replace(CARDS, card_key=b""), STARTS, Reason.NOT_A_PASS),
        (knowing(CARDS, policy=Policy.LIVE), STARTS, Reason.LIVE_NEEDED),
        (
            knowing(CARDS, mode=Mode.LOCKED_DOWN, mode_until=ENDS),
            STARTS,
            Reason.LOCKED_DOWN,
        ),
    ],
)
def test_the_first_no_is_the_answer(known: Knowledge, now: int, reason: Reason) -> None:
    refused = judge(TEXT, known, now=now)
    assert isinstance(refused, Refused)
    assert refused.reason is reason
    if reason is Reason.UNKNOWN_CARD:
        assert refused.pass_id == fingerprint(known.card_key, NUMBER), "so that staff may give it"


@pytest.mark.parametrize("text", ["CARD:", "CARD:4", "CARD:0Z", "CARD:04 12", "CARD:" + "00" * 65])
def test_what_is_no_number_is_no_pass(text: str) -> None:
    with pytest.raises(NotACard):
        number_of(text)
    refused = judge(text, CARDS, now=STARTS)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.NOT_A_PASS


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=5), st.integers(0, 80))
def test_of_several_stays_one_that_runs_counts_before_the_next_and_that_before_the_last(
    spans: list[tuple[int, int]], now: int
) -> None:
    stays = tuple(CardStay(SHOWN, start, start + length, PASS_ID) for start, length in spans)
    best = best_of((*stays, replace(STAY, fingerprint=bytes(8))), SHOWN, now)
    if not stays:
        assert best is None
        return
    assert best in stays
    assert best is not None
    runs = [stay for stay in stays if stay.starts <= now < stay.ends]
    coming = [stay for stay in stays if stay.starts > now]
    assert best in (runs or coming or stays)


def test_a_list_of_cards_travels_in_the_snapshot_and_no_number_does() -> None:
    sheet = DoorSheet(RULES, "metz-2.07", {"fr": "2.07"}, cards=(STAY,))
    snapshot = Snapshot(
        1, STARTS, "dev-1", "mz", "Europe/Paris", (), frozenset(), (sheet,), card_key=KEY
    )
    sealed = seal_snapshot(snapshot, STRANGER)
    read = read_snapshot(sealed, STRANGER.public_key())
    assert read == snapshot
    assert NUMBER not in sealed
    known = read.knowledge(read.doors[0], clock_floor=0)
    assert isinstance(judge(TEXT, known, now=STARTS), Granted)
