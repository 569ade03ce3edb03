"""The door's questions, in their order: the first no is the answer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.passes.claims import Claims, Curve, HolderKey
from devices.passes.keys import KeyRing, PassKey
from devices.passes.reasons import Opening, Reason
from devices.passes.rules import Granted, Knowledge, Mode, Policy, Refused, judge
from tests.unit.passes.papers import (
    CLAIMS,
    DOOR,
    ENDS,
    ISSUER,
    KID,
    KNOWN,
    OTHER_DOOR,
    PASS_ID,
    RULES,
    STARTS,
    knowing,
    sealed,
    staff_sealed,
)


def reason(text: str, known: Knowledge = KNOWN, now: int = STARTS) -> Reason | Opening:
    """Return the word with which the door answers."""
    decision = judge(text, known, now=now)
    return decision.opening if isinstance(decision, Granted) else decision.reason


def test_a_pass_opens_its_door_and_says_until_when() -> None:
    assert judge(sealed(), KNOWN, now=STARTS) == Granted(Opening.STATIC, PASS_ID, ENDS)


@given(st.integers(STARTS - 86_400, ENDS + 86_400))
def test_a_pass_opens_exactly_within_its_hours_and_their_grace(now: int) -> None:
    known = replace(KNOWN, server_time=STARTS - 86_400, clock_floor=0)
    opens = STARTS - RULES.early <= now < ENDS + RULES.late
    assert isinstance(judge(sealed(), known, now=now), Granted) is opens


def test_a_guest_who_is_early_is_told_when_the_door_opens() -> None:
    known = replace(KNOWN, server_time=0, clock_floor=0)
    known = knowing(known, max_stale=10**10)
    early = judge(sealed(), known, now=STARTS - 3600)
    assert early == Refused(Reason.TOO_EARLY, CLAIMS, at=STARTS - 600)
    ended = judge(sealed(), known, now=ENDS + 301)
    assert ended == Refused(Reason.ENDED, CLAIMS, at=ENDS)


def test_another_door_learns_which_doors_the_pass_is_for() -> None:
    refused = judge(sealed(), knowing(door=OTHER_DOOR), now=STARTS)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.OTHER_DOOR
    assert refused.claims is not None
    assert DOOR in refused.claims.doors


def test_a_door_that_never_heard_the_server_opens_for_nobody() -> None:
    assert reason(sealed(), Knowledge(RULES)) is Reason.OFFLINE_TOO_LONG
    assert reason("RB1:", Knowledge(RULES)) is Reason.NOT_A_PASS


def test_a_clock_that_went_back_opens_for_nobody() -> None:
    late_floor = replace(KNOWN, clock_floor=STARTS + 1000)
    assert reason(sealed(), late_floor, STARTS + 880) is Opening.STATIC
    assert reason(sealed(), late_floor, STARTS + 879) is Reason.CLOCK
    assert reason(sealed(), replace(KNOWN, server_time=STARTS + 1000), STARTS) is Reason.CLOCK


def test_a_door_too_long_without_the_server_opens_for_nobody() -> None:
    known = knowing(max_stale=3600)
    assert reason(sealed(), known, STARTS + 3600) is Opening.STATIC
    assert reason(sealed(), known, STARTS + 3601) is Reason.OFFLINE_TOO_LONG


def test_a_key_past_its_end_is_no_longer_known() -> None:
    keys = KeyRing([PassKey(KID, ISSUER.public_key(), STARTS + 60)])
    known = replace(KNOWN, keys=keys)
    assert reason(sealed(), known, STARTS + 59) is Opening.STATIC
    assert reason(sealed(), known, STARTS + 60) is Reason.UNKNOWN_KEY


def test_a_locked_down_door_opens_for_staff_alone_until_the_lock_down_ends() -> None:
    known = knowing(mode=Mode.LOCKED_DOWN, mode_until=STARTS + 100)
    assert reason(sealed(), known) is Reason.LOCKED_DOWN
    assert reason(staff_sealed(), known) is Opening.STAFF
    assert reason(sealed(), known, STARTS + 100) is Opening.STATIC


@pytest.mark.parametrize("policy", [Policy.LIVE, Policy.CHALLENGE])
def test_a_static_pass_does_not_open_a_door_that_wants_more(policy: Policy) -> None:
    assert reason(sealed(), knowing(policy=policy)) is Reason.LIVE_NEEDED
    assert reason(staff_sealed(), knowing(policy=policy)) is Opening.STAFF


def test_a_pass_bound_to_a_phone_is_only_a_copy_without_its_proof() -> None:
    bound = replace(CLAIMS, holder=HolderKey(Curve.ED25519, bytes(32)))
    assert reason(sealed(bound)) is Reason.LIVE_NEEDED


def test_a_revoked_pass_stays_shut_for_staff_too() -> None:
    known = replace(KNOWN, revoked=frozenset({PASS_ID}))
    assert reason(sealed(), known) is Reason.REVOKED
    assert reason(staff_sealed(), known) is Reason.REVOKED


BROKEN: list[tuple[Reason, dict[str, object], dict[str, object], Claims]] = [
    (Reason.CLOCK, {"clock_floor": STARTS + 999}, {}, CLAIMS),
    (Reason.OFFLINE_TOO_LONG, {"server_time": STARTS - 10**6}, {}, CLAIMS),
    (Reason.OTHER_SITE, {}, {"site": "nc"}, CLAIMS),
    (Reason.OTHER_DOOR, {}, {"door": OTHER_DOOR}, CLAIMS),
    (Reason.LOCKED_DOWN, {}, {"mode": Mode.LOCKED_DOWN, "mode_until": ENDS}, CLAIMS),
    (Reason.TOO_EARLY, {}, {}, replace(CLAIMS, not_before=STARTS + 900)),
    (Reason.REVOKED, {"revoked": frozenset({PASS_ID})}, {}, CLAIMS),
    (Reason.LIVE_NEEDED, {}, {"policy": Policy.LIVE}, CLAIMS),
]


@pytest.mark.parametrize("first", range(len(BROKEN)))
def test_of_several_faults_the_first_in_order_is_told(first: int) -> None:
    known, claims = KNOWN, CLAIMS
    for _, world, rules, changed in BROKEN[first:]:
        known = knowing(replace(known, **world), **rules)  # type: ignore[arg-type]
        claims = replace(claims, not_before=max(claims.not_before, changed.not_before))
    assert reason(sealed(claims), known) is BROKEN[first][0]


def test_a_mistake_of_our_own_keeps_the_door_shut() -> None:
    broken = replace(KNOWN, revoked=None)  # type: ignore[arg-type]
    assert judge(sealed(), broken, now=STARTS) == Refused(Reason.INTERNAL)
