"""A static decision of a door against the one signature check it contains."""

from __future__ import annotations

from devices.passes import base45, cose
from devices.passes.rules import Granted, judge
from devices.passes.text import PREFIX
from tests.bench.ratios import Line, in_turns
from tests.unit.passes.papers import ISSUER, KNOWN, STARTS, sealed

ROUNDS = 4000
WANTED = 1.5


def measure() -> Line:
    """Give the cost of the decision over that of the bare check."""
    text = sealed()
    signed = cose.split(base45.decode(text[len(PREFIX) :]))
    content = cose.to_be_signed(signed.header, signed.payload)
    public = ISSUER.public_key()
    assert isinstance(judge(text, KNOWN, now=STARTS), Granted)
    bare, whole = in_turns(
        lambda: public.verify(signed.signature, content),
        lambda: judge(text, KNOWN, now=STARTS),
        ROUNDS,
    )
    note = f"{whole * 1e6:.0f} µs over {bare * 1e6:.0f} µs"
    return Line("static door decision / bare Ed25519 verify", whole / bare, WANTED, note=note)
