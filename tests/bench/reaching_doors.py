"""How long a cancelling and a lost phone take to the last of the doors that listen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask

from app.access import service
from app.bookings import service as bookings
from app.db.transaction import transaction
from app.domain.permissions import Actor
from devices.passes.text import read
from tests import databases
from tests.bench.ratios import Line
from tests.conftest import NOW
from tests.kiosk.listeners import MORNING, Listener, listening, seconds_until_all_know
from tests.phones import enrol, passes
from tests.readers import ENTRANCE, MIRABELLE_DOOR, keys_of, make_manager, make_reader
from tests.servers import serving
from tests.stays import make_person, stay

ROUNDS = 8
MOST_FOR_CANCELLING, MOST_FOR_LOST = 1.0, 2.0


def measure(engine: str, folder: Path) -> Iterator[Line]:
    """Give the worst of several rounds, from before the commit to the last door's answer."""
    app = databases.network_app(engine, folder)
    manager, anais = make_manager(app), make_person(app)
    readers = [make_reader(app, manager, NOW, door) for door in (ENTRANCE, MIRABELLE_DOOR)]
    with (
        serving(app, target=MORNING, workers=1) as address,
        listening(app, address, readers) as doors,
    ):
        rounds = [_round(app, anais, doors) for _ in range(ROUNDS)]
    databases.close(app)
    cancelled, lost = (max(each) for each in zip(*rounds, strict=True))
    yield Line(f"s from a cancelling to the doors, {engine}", cancelled, MOST_FOR_CANCELLING)
    yield Line(f"s from a lost phone to the doors, {engine}", lost, MOST_FOR_LOST)


def _round(app: Flask, anais: Actor, doors: list[Listener]) -> tuple[float, float]:
    """Cancel one booking whose pass a phone holds, and lose the phone that holds another's."""

    def commit(act: Callable[..., object], what: object) -> None:
        with app.app_context(), transaction() as session:
            act(session, anais, what, now=NOW)

    ref, shown = _booked(app, anais)
    cancelled = seconds_until_all_know(doors, shown, lambda: commit(bookings.cancel, ref))
    ref, shown = _booked(app, anais)
    losing = (service.give_up_passes, anais.account_id)
    lost = seconds_until_all_know(doors, shown, lambda: commit(*losing))
    commit(bookings.cancel, ref)
    return cancelled, lost


def _booked(app: Flask, anais: Actor) -> tuple[str, set[bytes]]:
    """Book a room of tomorrow; gives the booking and the passes of a phone that holds it."""
    with app.app_context(), transaction() as session:
        ref = bookings.book(session, anais, stay(), now=NOW).ref
    given = passes(app, anais, enrol(app, anais, NOW), NOW)
    return ref, {read(each.text, keys_of(app).ring).claims.pass_id for each in given}
