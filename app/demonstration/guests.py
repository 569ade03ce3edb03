"""Guests of the demonstration: two on the list of the association's next booking."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import queries, service
from app.access.holders import Invitee
from app.bookings.queries import upcoming
from app.domain.booking_states import OPENING
from app.domain.permissions import Actor
from app.spaces.network import Network

EXPECTED = (Invitee("Camille Petit", None, "fr"), Invitee("Léo Martin", None, "fr"))


def invite(session: Session, network: Network, host: Actor, *, now: datetime) -> None:
    """Put two people on the list of the host's next booking; again, it changes nothing."""
    coming = upcoming(session, network, host, now=now, limit=1)
    if not coming or coming[0].state not in OPENING:
        return
    if not queries.guests_of(session, {coming[0].id})[coming[0].id]:
        service.invite_guests(session, host, coming[0].ref, EXPECTED, now=now)
