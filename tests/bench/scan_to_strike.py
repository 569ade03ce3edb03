"""From the text of a scanner to the relay, against a bare fsync and verify, p99."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

from devices.kiosk.clock import Moment
from devices.kiosk.events import Scanned
from devices.passes import base45, cose
from devices.passes.text import PREFIX
from tests.bench.ratios import Line
from tests.kiosk.doors import Door, open_door, snapshot_with
from tests.unit.passes.papers import CLAIMS, ISSUER, STARTS, sealed

ROUNDS = 600
WANTED = 5.0
_LINE = b"x" * 120
_PERCENT = 99


class Strike:
    """A relay that notes when it was driven."""

    def __init__(self) -> None:
        self.driven_at = 0.0

    def pulse(self, seconds: float) -> None:
        """Note the moment."""
        self.driven_at = time.perf_counter()

    def hold(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def measure(folder: Path) -> Line:
    """Give the 99th percentile of scan to strike over that of one append, fsync and verify."""
    folder.mkdir()
    strike = Strike()
    door = open_door(folder, lock=strike, held=snapshot_with(server_time=STARTS), reserve=0)
    texts = [sealed(replace(CLAIMS, pass_id=n.to_bytes(8, "big"))) for n in range(ROUNDS)]
    bare, whole = [], []
    with (folder / "bare").open("ab", buffering=0) as file:
        for number, text in enumerate(texts):
            bare.append(_bare(text, file.fileno()))
            whole.append(_scan(door, strike, text, number))
    slow, slowest = _percentile(bare), _percentile(whole)
    note = f"{slowest * 1e3:.2f} ms over {slow * 1e3:.2f} ms"
    return Line("scan to strike / bare fsync + verify, p99", slowest / slow, WANTED, note=note)


def _scan(door: Door, strike: Strike, text: str, number: int) -> float:
    moment = Moment(STARTS, 1000.0 + number)
    started = time.perf_counter()
    door.keeper.act(Scanned(text), moment)
    if strike.driven_at < started:
        raise RuntimeError("the door did not open")
    return strike.driven_at - started


def _bare(text: str, descriptor: int) -> float:
    signed = cose.split(base45.decode(text[len(PREFIX) :]))
    content = cose.to_be_signed(signed.header, signed.payload)
    public = ISSUER.public_key()
    started = time.perf_counter()
    public.verify(signed.signature, content)
    os.write(descriptor, _LINE)
    os.fsync(descriptor)
    return time.perf_counter() - started


def _percentile(values: list[float]) -> float:
    return sorted(values)[len(values) * _PERCENT // 100]
