"""The room behind a door, and for how long from now somebody at the door may take it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.domain.intervals import Span
from app.domain.kinds import Sharing
from app.domain.stays import GRACE, StayLimits
from app.spaces.network import Door, Site, Space

OFFERED: Final = (15, 30, 60)  # minutes; a door asks for no keyboard
_MINUTE: Final = timedelta(minutes=1)


def spaces_behind(door: Door, site: Site) -> list[Space]:
    """Give the one room this door opens, with its parts; nothing for an entrance or a hall."""
    behind = [space for space in site.spaces if space.doors and space.doors[-1].id == door.id]
    units = {unit for space in behind for unit in space.unit_ids}
    is_one_room = any(units == set(space.unit_ids) for space in behind)
    whole = all(space.sharing is Sharing.WHOLE for space in behind)
    return behind if is_one_room and whole else []


def room_behind(door: Door, site: Site) -> Space | None:
    """Give the whole room this door opens, when it is given out by booking; else None."""
    behind = spaces_behind(door, site)
    whole = max(behind, key=lambda space: len(space.unit_ids), default=None)
    return whole if whole is not None and whole.bookable else None


def lengths_of(room: Space) -> tuple[int, ...]:
    """Give the lengths that a door offers, of those for which the room is given out.

    None where staff must say yes first, or the house wants notice.
    """
    if room.rules.approval or room.rules.notice_minutes:
        return ()
    limits = room.limits
    return tuple(
        minutes
        for minutes in OFFERED
        if limits.min_minutes <= minutes <= limits.max_minutes and not minutes % limits.step_minutes
    )


def stay_from_now(limits: StayLimits, minutes: int, now: datetime) -> Span:
    """Give the stay of so many minutes that begins now, on the grid of a room.

    It begins a moment ago where the house allows that, else with the next step.
    """
    past = timedelta(minutes=now.minute % limits.step_minutes, seconds=now.second)
    start = now.replace(microsecond=0) - past
    if now - start > GRACE:
        start += limits.step_minutes * _MINUTE
    return Span(start, start + minutes * _MINUTE)
