"""What threads tell the loop; they send, and the loop alone acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from devices.drivers.protocol import Input
from devices.kiosk.asking import Answer
from devices.kiosk.muster import Muster
from devices.kiosk.wishes import Wish
from devices.passes.chain import Head
from devices.passes.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Scanned:
    """A reader saw this text."""

    text: str


@dataclass(frozen=True, slots=True)
class ReaderChanged:
    """The reader works again, or `problem` says why it does not."""

    problem: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotCame:
    """The server signed a new word; `sealed` is what goes to disk."""

    snapshot: Snapshot
    sealed: bytes


@dataclass(frozen=True, slots=True)
class JournalTaken:
    """The server holds the journal up to this head."""

    head: Head


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """On one of two ways the server answers, or `problem` is the word for why not."""

    problem: str = ""
    way: Literal["pull", "push"] = "pull"


@dataclass(frozen=True, slots=True)
class MusterCame:
    """The server said who may be inside."""

    muster: Muster


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A contact of the door left its rest (`is_away`), or came back to it."""

    which: Input
    is_away: bool


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """Somebody at the screen wants to read another language for a while."""

    language: str


@dataclass(frozen=True, slots=True)
class WishChosen:
    """Somebody at the screen wants something of the room, or nothing any more."""

    wish: Wish | None


@dataclass(frozen=True, slots=True)
class Answered:
    """The server answered what somebody at the door had asked under this number."""

    number: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Tick:
    """Some time went by."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Whoever runs this machine wants the kiosk to end."""


Event: TypeAlias = (
    Scanned
    | ReaderChanged
    | SnapshotCame
    | JournalTaken
    | LinkChanged
    | MusterCame
    | ContactChanged
    | LanguageChosen
    | WishChosen
    | Answered
    | Tick
    | Stop
)
Send: TypeAlias = Callable[[Event], None]
