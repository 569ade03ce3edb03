"""What somebody at a door asks for by a tap, before they show their pass; forgotten soon."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

WAITS_FOR: Final = 30.0
"""Seconds within which a pass must be shown after a tap."""
ANSWER_LASTS: Final = 20.0
"""Seconds after which nobody is taken to stand there still: a later answer opens nothing."""
_NAME: Final = re.compile(r"(book)-(\d{1,3})|(check-in|end|muster)")


class Deed(StrEnum):
    """What can be asked for."""

    BOOK = "book"
    CHECK_IN = "check-in"
    END = "end"
    MUSTER = "muster"


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish; `minutes` is for how long the room is wanted."""

    deed: Deed
    minutes: int = 0

    @property
    def name(self) -> str:
        """How its button is called."""
        return f"{self.deed}-{self.minutes}" if self.minutes else str(self.deed)


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish with the pass that was shown for it, on its way to the server."""

    number: int
    wish: Wish
    text: str
    language: str


SendAsk: TypeAlias = Callable[[Ask], None]


def wish_from(name: str) -> Wish | None:
    """Read the name of a button; None for what is none."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    if found[1]:
        return Wish(Deed.BOOK, int(found[2]))
    return Wish(Deed(found[3]))


@dataclass(slots=True)
class Wishes:
    """The one wish of a door, and the one that its server was asked; times are uptime."""

    send: SendAsk
    _wish: Wish | None = None
    _until: float = 0.0
    _asked: Ask | None = None
    _asked_at: float = 0.0
    _numbers: int = 0

    def choose(self, wish: Wish | None, uptime: float) -> None:
        """Remember a wish until a pass is shown for it; None takes it back."""
        self._wish, self._until = wish, uptime + WAITS_FOR

    def standing(self, uptime: float) -> Wish | None:
        """Give the wish that waits for a pass, or None."""
        if uptime >= self._until:
            self._wish = None
        return self._wish

    def ask(self, wish: Wish, text: str, language: str, uptime: float) -> None:
        """Have the server asked; whatever it was asked before no longer matters."""
        self._numbers += 1
        self._asked, self._asked_at = Ask(self._numbers, wish, text, language), uptime
        self.send(self._asked)

    def answered(self, number: int, uptime: float) -> Wish | None:
        """Give the wish this answer is for; None when nobody waits for it any more."""
        asked = self._asked
        if asked is None or asked.number != number:
            return None
        self._asked = None
        return asked.wish if uptime - self._asked_at <= ANSWER_LASTS else None
