"""The room behind a door as its screen shows it: now, next, free until, and what may be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from devices.kiosk.views import Button, Wording
from devices.kiosk.wishes import Deed, Wish
from devices.passes.claims import Seconds
from devices.passes.sheets import DoorSheet, Occupied, Room

_BEGAN_AT_MOST: Final = 300
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class RoomNow:
    """The stay that runs (people may come a little early), and what is on offer."""

    running: Occupied | None
    has_arrived: bool
    lengths: tuple[int, ...]


def room_now(sheet: DoorSheet, now: Seconds) -> RoomNow:
    """Look at the day of the room at an instant."""
    running, following = _running_and_following(sheet, now)
    if running is None and following is not None and following.starts - sheet.rules.early <= now:
        running = following
    return RoomNow(
        running,
        running is not None and running.starts in sheet.arrived,
        () if running is not None and running.starts <= now else _lengths(sheet, now),
    )


def lines(sheet: DoorSheet, words: Wording, now: Seconds) -> Iterator[str]:
    """Say whether the room is taken, until when, and what comes next; nothing of a mere way in."""
    running, following = _running_and_following(sheet, now)
    if running is not None:
        yield words.say("room-taken", until=words.instant("until", running.ends, now))
    elif following is not None:
        yield words.say("room-free", until=words.instant("until", following.starts, now))
    elif sheet.room is not None:
        yield words.say("room-free-today")
    if following is not None:
        starts, ends = words.clock(following.starts), words.clock(following.ends)
        yield words.say("room-next", starts=starts, ends=ends)
    if running is not None and running.starts in sheet.arrived:
        yield words.say("arrival-noted")


def buttons(
    sheet: DoorSheet, words: Wording, now: Seconds, *, is_online: bool
) -> tuple[Button, ...]:
    """Give what may be asked at this door now; all but the list of people needs the network."""
    wishes: list[Wish] = []
    if sheet.room is not None:
        room = room_now(sheet, now)
        if room.running is not None:
            wishes += [] if room.has_arrived else [Wish(Deed.CHECK_IN)]
            wishes += [Wish(Deed.END)] if room.running.starts <= now else []
        wishes += [Wish(Deed.BOOK, minutes) for minutes in room.lengths]
    found = [_button(wish, words, is_enabled=is_online) for wish in wishes]
    if sheet.is_muster:
        found.append(_button(Wish(Deed.MUSTER), words, is_enabled=True))
    return tuple(found)


def end_of(room: Room, minutes: int, now: Seconds) -> Seconds:
    """Give when a stay of so many minutes from now ends, by the rule of the server."""
    return _start(room, now) + minutes * _MINUTE


def _running_and_following(
    sheet: DoorSheet, now: Seconds
) -> tuple[Occupied | None, Occupied | None]:
    day = sorted(sheet.day, key=lambda span: span.starts)
    running = next((span for span in day if span.starts <= now < span.ends), None)
    return running, next((span for span in day if span.starts > now), None)


def _button(wish: Wish, words: Wording, *, is_enabled: bool) -> Button:
    label = words.say(f"button-{wish.deed}", minutes=str(wish.minutes))
    return Button(wish.name, label, is_enabled)


def _lengths(sheet: DoorSheet, now: Seconds) -> tuple[int, ...]:
    """Give the lengths for which the room is free from now on, in opening hours."""
    room = sheet.room
    if room is None:
        return ()
    start = _start(room, now)
    return tuple(
        minutes
        for minutes in room.lengths
        if any(opens <= start and start + minutes * _MINUTE <= shuts for opens, shuts in room.hours)
        and not any(
            span.starts < start + minutes * _MINUTE and start < span.ends for span in sheet.day
        )
    )


def _start(room: Room, now: Seconds) -> Seconds:
    step = room.step * _MINUTE
    past = now % step
    return now - past if past <= _BEGAN_AT_MOST else now - past + step
