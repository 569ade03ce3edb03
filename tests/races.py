"""What tests of races share: deeds done at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from flask import Flask

from app.bookings import service
from app.bookings.booking import Wanted
from app.db.transaction import transaction
from app.domain.errors import DomainError, RoomTaken
from app.domain.permissions import Actor

Deed = Callable[[], object]


def at_once(app: Flask, deeds: list[Deed]) -> list[object]:
    """Do all deeds at the same moment, each in a thread; gives results and refusals."""
    ready = Barrier(len(deeds))

    def do(deed: Deed) -> object:
        with app.app_context():
            ready.wait()
            try:
                return deed()
            except DomainError as refusal:
                return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def booking_of(actor: Actor, wanted: Wanted, now: datetime) -> Deed:
    """Give the deed of booking that place."""

    def deed() -> object:
        with transaction() as session:
            return service.book(session, actor, wanted, now=now)

    return deed


def won(results: list[object]) -> int:
    """Count those who got the place; everybody else must have found it taken."""
    refused = [each for each in results if isinstance(each, DomainError)]
    assert all(isinstance(each, RoomTaken) for each in refused), refused
    return len(results) - len(refused)
