"""What programs ask of a booking, read out of its JSON: a wish, or a change of one."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from app.bookings.booking import Change, Guest, Override, Wanted
from app.domain.ids import SpaceCode
from app.domain.intervals import Span


class Asked(TypedDict):
    """What ``WantedSchema`` gives."""

    space: SpaceCode
    starts_at: datetime
    ends_at: datetime
    people: int
    title: str
    setup: str | None
    companion: str | None
    guest: dict[str, str] | None
    override: dict[str, str] | None


class Changed(TypedDict, total=False):
    """What ``ChangeSchema`` gives."""

    space: SpaceCode
    starts_at: datetime
    ends_at: datetime
    people: int
    title: str
    setup: str
    override: dict[str, str]


def wanted_from(asked: Asked) -> Wanted:
    """Read a wish; raises EndBeforeStart."""
    guest, override = asked["guest"], asked["override"]
    return Wanted(
        asked["space"],
        Span(asked["starts_at"], asked["ends_at"]),
        asked["people"],
        asked["title"],
        setup=asked["setup"],
        companion=asked["companion"],
        guest=None if guest is None else Guest(**guest),
        override=None if override is None else Override(**override),
    )


def change_from(changed: Changed) -> Change:
    """Read a change; what is left out stays as it is."""
    override = changed.get("override")
    return Change(
        space=changed.get("space"),
        starts_at=changed.get("starts_at"),
        ends_at=changed.get("ends_at"),
        people=changed.get("people"),
        title=changed.get("title"),
        setup=changed.get("setup"),
        override=None if override is None else Override(**override),
    )
