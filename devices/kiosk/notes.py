"""The small print of an idle door: fire first, then what works less well than it should."""

from collections.abc import Iterator
from dataclasses import dataclass

from devices.kiosk.muster import Muster
from devices.kiosk.views import Wording
from devices.passes.claims import Seconds


@dataclass(frozen=True, slots=True)
class State:
    """How a door fares, as far as people at it should know."""

    link_problem: str
    offline_since: Seconds | None
    fingerprint: str
    reader_problem: str
    has_reserve: bool
    is_burning: bool
    inside: Muster | None


def notes_of(words: Wording, state: State, now: Seconds) -> tuple[str, ...]:
    """Return what is to be said, the most pressing first."""
    notes = [*_fire(words, state), *_link(words, state, now)]
    if state.reader_problem:
        notes.append(words.say("reader-lost", problem=state.reader_problem))
    if not state.has_reserve:
        notes.append(words.say("disk-nearly-full"))
    return tuple(notes)


def _fire(words: Wording, state: State) -> Iterator[str]:
    if state.is_burning:
        yield words.say("fire")
        if state.inside is not None:
            hour = words.clock(state.inside.made_at)
            yield words.say("inside", count=str(state.inside.count), hour=hour)


def _link(words: Wording, state: State, now: Seconds) -> Iterator[str]:
    if state.link_problem == "device-pending":
        yield words.say("pending", fingerprint=state.fingerprint)
    elif state.link_problem == "unreachable":
        if state.offline_since is not None:
            yield words.say("offline", since=words.instant("since", state.offline_since, now))
    elif state.link_problem:
        yield words.say("server-refuses", code=state.link_problem)
