"""Who may be in the house now: those to be counted when it is evacuated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Known(StrEnum):
    """Why somebody is on the list: they came, a door let them in, or their booking runs."""

    ARRIVED = "arrived"
    ENTERED = "entered"
    EXPECTED = "expected"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody who may be inside and is not known to have left; `people` come with them."""

    name: str
    organisation: str
    place: str
    known: Known
    people: int
    until: datetime


def count_people(inside: Iterable[Inside]) -> int:
    """Count heads: a guest is one of the people of the booking they came for."""
    return sum(each.people for each in inside if each.known is not Known.GUEST)
