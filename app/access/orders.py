"""Orders to doors as values: unlocked or locked down until an instant, or opened once from afar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.spaces.network import Door, Site

LONGEST_ORDER: Final = timedelta(hours=12)
OPENING_LIVES: Final = timedelta(seconds=30)  # a door that hears of it later leaves it be
LONGEST_REASON: Final = 200


class OrderKind(StrEnum):
    """What a door is told to do; it decides entry only, the way out is never locked."""

    UNLOCKED = "unlocked"
    LOCKED_DOWN = "locked-down"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Order:
    """One order; without a door it is for every door of the site."""

    id: int
    site: Site
    door: Door | None
    kind: OrderKind
    reason: str
    ordered_at: datetime
    ordered_by: str
    ends_at: datetime

    def is_for(self, door: Door) -> bool:
        """Whether this door must follow it."""
        return self.door is None or self.door.number == door.number


def mode_of(orders: Iterable[Order], door: Door) -> Order | None:
    """Give the order that rules a door now: a lock-down before anything, else the latest."""
    mine = [order for order in orders if order.kind is not OrderKind.OPEN and order.is_for(door)]
    locked = [order for order in mine if order.kind is OrderKind.LOCKED_DOWN]
    return max(locked or mine, key=lambda order: order.id, default=None)
