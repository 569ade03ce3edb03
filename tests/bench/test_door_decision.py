"""A door decides at little more than the price of the one signature check it needs."""

import statistics
import time
from collections.abc import Callable

from devices.passes import base45, cose
from devices.passes.rules import Granted, judge
from devices.passes.text import PREFIX
from tests.unit.passes.papers import ISSUER, KNOWN, STARTS, sealed

ROUNDS = 1500
LIMIT = 1.5


def decision_ratio(rounds: int) -> float:
    """Return the median cost of a static decision over that of the bare check, interleaved."""
    text = sealed()
    signed = cose.split(base45.decode(text[len(PREFIX) :]))
    content = cose.to_be_signed(signed.header, signed.payload)
    public = ISSUER.public_key()
    bare, whole = [], []
    for _ in range(rounds):
        bare.append(_timed(lambda: public.verify(signed.signature, content)))
        whole.append(_timed(lambda: judge(text, KNOWN, now=STARTS)))
    return statistics.median(whole) / statistics.median(bare)


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def test_a_static_decision_costs_at_most_half_more_than_its_signature_check() -> None:
    assert isinstance(judge(sealed(), KNOWN, now=STARTS), Granted)
    assert min(decision_ratio(ROUNDS // 3) for _ in range(3)) <= LIMIT
