"""What tests of races share: deeds done at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from app.domain.errors import DomainError

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
