"""The price of a stay, by the card in force on the day somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.domain.buffers import billed
from app.domain.intervals import Span
from app.domain.profiles import ProvenProfile, in_date, proof_of
from app.domain.tariffs import Asked, Quote, Right, quote
from app.domain.vat_rules import PRIVATE_PERSON, Customer
from app.spaces.network import Space
from app.tariffs.cards import Cards
from app.tariffs.priced import Priced


def quote_for(
    cards: Cards,
    space: Space,
    span: Span,
    people: int,
    profiles: Sequence[ProvenProfile],
    *,
    booked_on: date,
    customer: Customer = PRIVATE_PERSON,
    rights: Sequence[Right] = (),
) -> Quote:
    """Price a stay as `price_for` does, and keep its price alone."""
    return price_for(
        cards,
        space,
        span,
        people,
        profiles,
        booked_on=booked_on,
        customer=customer,
        rights=rights,
    ).quote


def price_for(
    cards: Cards,
    space: Space,
    span: Span,
    people: int,
    profiles: Sequence[ProvenProfile],
    *,
    booked_on: date,
    customer: Customer = PRIVATE_PERSON,
    rights: Sequence[Right] = (),
) -> Priced:
    """Price a stay by the card in force on the day of asking; proofs, rights and tax by its own.

    A move is a new asking; buffers that are sold are priced with it. Raises NoRateCard, or NoPrice
    when the card does not sell such a stay.
    """
    day = space.calendar.local_date(span.start)
    card = cards.card_for(space.site, booked_on)
    family = card.row_for(space.kind, space.capacity, space.rate).family if rights else None
    asked = Asked(
        kind=space.kind,
        capacity=space.capacity,
        span=billed(span, space.buffers),
        people=people,
        profiles=in_date(profiles, on=day),
        row=space.rate,
        customer=customer,
        rights=tuple(
            right
            for right in rights
            if family is not None and right.honours(family, space.kind, space.site, day)
        ),
    )
    found = quote(card, asked, space.calendar)
    proof = proof_of(found.profile, profiles, on=day)
    found = found if proof is None else replace(found, proof=proof)
    return Priced(found, card, asked, space.calendar)
