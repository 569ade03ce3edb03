"""The thread that asks the server for who stands at the door: the room, an arrival, an end."""

import queue
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from devices.kiosk.server import Server, ServerRefused, ServerUnreachable
from devices.kiosk.wishes import Ask, Deed
from devices.passes.claims import Seconds

NO_ANSWER: Final = "no-answer"
_PATHS: Final = {Deed.BOOK: "/bookings", Deed.CHECK_IN: "/check-ins", Deed.END: "/ends"}
_ONCE_MORE_AFTER: Final = 0.3
"""Seconds in which a link that was just cut may come back; only the thread that asks waits."""


@dataclass(frozen=True, slots=True)
class Booked:
    """The room is theirs: the pass that opens it, its hours, and what stands on account."""

    text: str
    starts: Seconds
    ends: Seconds
    minor: int


@dataclass(frozen=True, slots=True)
class Done:
    """It was done."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """It was not done: the stable word for why, and a sentence in the language asked for."""

    code: str
    sentence: str = ""


Answer: TypeAlias = Booked | Done | Refusal
Told: TypeAlias = Callable[[int, Answer], None]


class AskThread(threading.Thread):
    """Asks one thing after the other, so that the loop of the door waits for no network."""

    def __init__(self, connect: Callable[[], Server], told: Told) -> None:
        super().__init__(name="ask", daemon=True)
        self._connect = connect
        self._told = told
        self._asks: queue.SimpleQueue[Ask | None] = queue.SimpleQueue()

    def ask(self, ask: Ask) -> None:
        """Have it asked as soon as those before it are answered."""
        self._asks.put(ask)

    def stop(self) -> None:
        """Ask the thread to end after what it is at."""
        self._asks.put(None)

    def run(self) -> None:
        """Ask until stopped."""
        server = self._connect()
        while (ask := self._asks.get()) is not None:
            self._told(ask.number, answer_of(server, ask))
        server.close()


def answer_of(server: Server, ask: Ask) -> Answer:
    """Ask, and ask once more when no answer came: by its key the server does it only once."""
    content: dict[str, object] = {"pass": ask.text}
    if ask.wish.deed is Deed.BOOK:
        content["minutes"] = ask.wish.minutes
    headers = {"Idempotency-Key": secrets.token_hex(16), "Accept-Language": ask.language}
    for is_last in (False, True):
        try:
            told = server.ask(_PATHS[ask.wish.deed], content, headers)
            return _booked(told) if ask.wish.deed is Deed.BOOK else Done()
        except ServerRefused as error:
            return Refusal(error.reason or error.code, error.sentence)
        except ServerUnreachable:
            if not is_last:
                time.sleep(_ONCE_MORE_AFTER)
    return Refusal(NO_ANSWER)


def _booked(told: dict[str, object]) -> Booked:
    """Read what was booked; raises ServerUnreachable when the answer cannot be read."""
    match told:
        case {
            "booking": {
                "starts_at": str() as starts,
                "ends_at": str() as ends,
                "due": {"amount": int() as minor},
            },
            "pass": {"text": str() as text},
        }:
            try:
                return Booked(text, _instant(starts), _instant(ends), minor)
            except ValueError as error:
                raise ServerUnreachable("not an instant") from error
        case _:
            raise ServerUnreachable("not a booking")


def _instant(text: str) -> Seconds:
    return int(datetime.fromisoformat(text).timestamp())
