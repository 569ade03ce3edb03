"""Doors that wait for news: who may wait, and one look at the database for all of them.

Each waiting door holds a thread, but none looks for itself: whoever comes first after half a second
looks, and the others take its answer. Two hundred doors cost two small statements a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeAlias

from app.access.queries import SiteNews

Mark: TypeAlias = tuple[object, ...]
BETWEEN_LOOKS: Final = 0.5  # seconds
_SHARED_FOR: Final = 1.0


class WaitingRoom:
    """The places of one process for doors that wait, and what its last look saw."""

    def __init__(self, places: int) -> None:
        self.places = threading.BoundedSemaphore(places)
        self._looking = threading.Lock()
        self._looked_at = float("-inf")
        self._mark: Mark = ()
        self._reading = threading.Lock()
        self._news: dict[str, tuple[Mark, datetime, float, SiteNews]] = {}

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Take one of the places; gives False at once when none is left."""
        admitted = self.places.acquire(blocking=False)
        try:
            yield admitted
        finally:
            if admitted:
                self.places.release()

    def mark(self, look: Callable[[], Mark]) -> Mark:
        """Give the mark as of less than half a second ago, looking if nobody did since."""
        with self._looking:
            if time.monotonic() - self._looked_at >= BETWEEN_LOOKS:
                self._mark = look()
                self._looked_at = time.monotonic()
            return self._mark

    def news(self, site: str, mark: Mark, now: datetime, read: Callable[[], SiteNews]) -> SiteNews:
        """Give the news of a site as of this mark and second; its doors read it once together."""
        with self._reading:
            known = self._news.get(site)
            fresh = time.monotonic()
            if known is None or known[:2] != (mark, now) or fresh - known[2] > _SHARED_FOR:
                known = (mark, now, fresh, read())
                self._news[site] = known
            return known[3]
