"""The kiosk's clock: the one place of the doorkeeper that asks what time it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from devices.passes.claims import Seconds


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant twice: as people count it, and as uptime, which nobody can set back."""

    now: Seconds
    uptime: float


Clock: TypeAlias = Callable[[], Moment]


def system_clock() -> Moment:
    """Return the moment this machine believes it is."""
    return Moment(int(time.time()), time.monotonic())


def as_instant(seconds: Seconds) -> datetime:
    """Return seconds since 1970 as an aware UTC instant."""
    return datetime.fromtimestamp(seconds, tz=UTC)
