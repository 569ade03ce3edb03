"""The answer to a clash: when the place is taken, never by whom, and what is free instead."""

from __future__ import annotations

from datetime import datetime

from flask import Response

from app.bookings import queries
from app.bookings.api.schemas import alternative_json, span_json
from app.bookings.booking import Wanted
from app.bookings.queries import Whose
from app.db.transaction import reading
from app.domain.errors import RoomTaken
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.web.api import problem
from app.web.errors import status_of
from app.web.sentences import sentence


def taken_problem(taken: RoomTaken, wanted: Wanted, whose: Whose, now: datetime) -> Response:
    """Answer 409 with the clashes and the ways out, looked up after the failed transaction."""
    with reading() as session:
        network = find_network(session)
        cards = find_cards(session, network)
        ways = queries.alternatives_for(session, network, cards, wanted, whose, now=now)
    return problem(
        status_of(taken),
        taken.code,
        sentence(taken),
        clashes=[span_json(clash) for clash in taken.clashes],
        alternatives=[alternative_json(way) for way in ways],
    )
