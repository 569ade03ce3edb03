"""Confirming all that a person keeps at once: every place, or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.service.asking import confirm
from app.domain.errors import BasketRefused, DomainError, UnknownBooking
from app.domain.permissions import Actor


def confirm_basket(
    session: Session, actor: Actor, shown: Mapping[str, int], *, now: datetime
) -> list[Booking]:
    """Turn these holds into bookings at the prices shown, in cents with VAT.

    Raises BasketRefused with the reason of each that cannot be had, so that the caller's
    transaction undoes the others; UnknownBooking for one that is not theirs.
    """
    confirmed: list[Booking] = []
    refused: list[tuple[str, DomainError]] = []
    for ref, price in sorted(shown.items()):
        try:
            confirmed.append(confirm(session, actor, ref, now=now, shown=price))
        except UnknownBooking:
            raise
        except DomainError as refusal:
            refused.append((ref, refusal))
    if refused:
        raise BasketRefused(tuple(refused))
    return confirmed
