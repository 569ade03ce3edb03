"""The chain of a door's journal: each line is bound to all before it, so none can be changed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cbor2

from devices.passes.cbor import NotStrictCbor, load
from devices.passes.claims import PASS_ID_LENGTH, Seconds

BATCH: Final = 200
HASH_LENGTH: Final = 32


class Kind(StrEnum):
    """What happened at a door."""

    GRANT = "grant"
    DENY = "deny"
    OPENED = "opened"
    FORCED = "forced"
    HELD = "held"
    REX = "rex"
    CLOCK = "clock"
    BOOT = "boot"
    FAULT = "fault"
    MODE = "mode"
    TAMPER = "tamper"
    FIRE = "fire"


class BrokenChain(Exception):
    """A batch does not continue the chain: `why` is `gap`, `fork` or `chain`, at line `seq`."""

    def __init__(self, why: str, seq: int) -> None:
        super().__init__(f"{why} at {seq}")
        self.why = why
        self.seq = seq


class NotAnEntry(ValueError):
    """A line of a journal does not say what a line must say."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened at a door, as the door saw it; no names, only the id of a pass."""

    at: Seconds
    uptime_ms: int
    boot: bytes
    kind: Kind
    door: int
    reason: str = ""
    pass_id: bytes = b""
    online: bool = False
    snapshot: int = 0
    clock_trusted: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in its place: the bytes that were hashed, and the hash that binds them."""

    seq: int
    body: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain stands: the number of its last line, and that line's hash."""

    seq: int
    digest: bytes


def genesis(device: str) -> Head:
    """Return the head of an empty journal of this device."""
    return Head(0, hashlib.sha256(b"RBJ1-genesis\0" + device.encode("utf-8")).digest())


def link(head: Head, body: bytes) -> Line:
    """Return the line that `body` becomes after `head`."""
    seq = head.seq + 1
    content = b"".join(
        (b"RBJ1", head.digest, seq.to_bytes(8, "big"), hashlib.sha256(body).digest())
    )
    return Line(seq, body, hashlib.sha256(content).digest())


def extend(head: Head, lines: Iterable[Line]) -> Head:
    """Return the head after `lines`, all new and in order; raises BrokenChain."""
    for line in lines:
        if line.seq != head.seq + 1:
            raise BrokenChain("gap", head.seq + 1)
        if link(head, line.body) != line:
            raise BrokenChain("chain", line.seq)
        head = Head(line.seq, line.digest)
    return head


def to_body(entry: Entry) -> bytes:
    """Write an entry as the bytes that are hashed and sent, about 50."""
    return cbor2.dumps(
        [
            entry.at,
            entry.uptime_ms,
            entry.boot,
            str(entry.kind),
            entry.door,
            entry.reason,
            entry.pass_id,
            entry.online,
            entry.snapshot,
            entry.clock_trusted,
        ]
    )


def from_body(body: bytes) -> Entry:
    """Read an entry back; raises NotAnEntry."""
    try:
        content = load(body)
    except NotStrictCbor as error:
        raise NotAnEntry(str(error)) from error
    match content:
        case [
            int() as at,
            int() as uptime_ms,
            bytes() as boot,
            str() as kind,
            int() as door,
            str() as reason,
            bytes() as pass_id,
            bool() as online,
            int() as snapshot,
            bool() as clock_trusted,
        ] if kind in set(Kind) and len(pass_id) in (0, PASS_ID_LENGTH):
            return Entry(
                at,
                uptime_ms,
                boot,
                Kind(kind),
                door,
                reason,
                pass_id,
                online,
                snapshot,
                clock_trusted,
            )
        case _:
            raise NotAnEntry("shape")
