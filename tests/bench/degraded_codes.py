"""How many of 500 badly seen codes the decoder of a door reads: in one frame, and within three."""

from __future__ import annotations

from collections.abc import Iterator

from devices.drivers.camera.driver import codes_in
from tests.bench.ratios import Line
from tests.kiosk.degraded import frame

CODES = 500
LOOKS = 3  # a camera sees a phone thirty times a second
WANTED = {("static", 1): 80, ("static", LOOKS): 95, ("live", 1): 45, ("live", LOOKS): 80}


def measure(codes: int = CODES) -> Iterator[Line]:
    """Give the per cent that were read, half of them static passes, half of them live ones."""
    for kind in ("static", "live"):
        taken = [_looks_needed(number, kind) for number in range(codes // 2)]
        for looks in (1, LOOKS):
            read = 100 * sum(1 <= each <= looks for each in taken) / len(taken)
            name = f"{kind} codes read in {looks} frame{'s' * (looks > 1)} of a bad camera, %"
            yield Line(name, read, WANTED[kind, looks], is_least=True)


def _looks_needed(number: int, kind: str) -> int:
    """Give in which frame the code was read; 0 when in none."""
    for look in range(LOOKS):
        text, seen = frame(number, look, kind=kind)
        if codes_in(seen) == [text]:
            return look + 1
    return 0
