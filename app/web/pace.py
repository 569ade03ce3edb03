"""How often one network may ask for what costs much to answer: counted in memory, nothing is kept.

A page that is only read may not write, so each process counts for itself: enough against a loop.
What must be counted exactly, such as passwords, is counted in the database (people's attempts).
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

from flask import request

from app.domain.errors import TooManyAttempts

EXTENSION = "totem.pace"
MOST_ORIGINS = 5_000


def origin() -> str:
    """Give the network the request comes from: one IPv4 address, or one IPv6 customer (/64)."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


class Pace:
    """At most so many askings of one network within so long."""

    def __init__(self, most: int = 60, within: timedelta = timedelta(minutes=1)) -> None:
        self._most = most
        self._within = within
        self._asked: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def step(self, who: str, now: datetime) -> None:
        """Count one asking; raises TooManyAttempts with the minute from which it is worth it."""
        with self._lock:
            asked = self._asked.setdefault(who, deque(maxlen=self._most))
            if len(asked) == self._most and now < asked[0] + self._within:
                raise TooManyAttempts(_next_minute(asked[0] + self._within))
            asked.append(now)
            self._asked.move_to_end(who)
            while len(self._asked) > MOST_ORIGINS:
                self._asked.popitem(last=False)


def _next_minute(instant: datetime) -> datetime:
    """Give the first full minute from an instant on: what a sentence can say."""
    return (instant + timedelta(seconds=59, microseconds=999_999)).replace(second=0, microsecond=0)
