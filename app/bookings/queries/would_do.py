"""Places that would do for a search if they were free: where ways out of finding nothing begin."""

from __future__ import annotations

from collections.abc import Iterable

from app.bookings.queries.offers import Search, criteria_of
from app.domain.calendars import refuse_closed
from app.domain.errors import Closed, OverCapacity
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.spaces.network import Network, Space
from app.spaces.queries import search_spaces


def is_shown(search: Search, space: Space) -> bool:
    """Whether a place may be shown for a search: machines only to who asks for machines."""
    return search.kind is not None or space.kind is not SpaceKind.MACHINE


def places_that_would_do(network: Network, search: Search) -> list[Space]:
    """Give the places that fit and are open, the closest fit first; no query is made.

    Raises ``OverCapacity`` when all are too small and ``Closed`` when all are shut.
    """
    anybody = criteria_of(network, search, people=None)
    suited = [
        space
        for space in search_spaces(network, anybody)
        if space.bookable and is_shown(search, space)
    ]
    if not suited:
        return []
    holding = [(space, space.rules.capacity_of(search.setup, space.capacity)) for space in suited]
    large = [space for space, held in holding if held >= search.people]
    if not large:
        raise OverCapacity(max(held for _, held in holding), search.people)
    return sorted(_open(large, search.span), key=lambda space: (space.capacity, space.code))


def _open(spaces: Iterable[Space], span: Span) -> list[Space]:
    found, shut = [], None
    for space in spaces:
        try:
            refuse_closed(space.calendar, span, overnight=space.limits.overnight)
        except Closed as refusal:
            shut = shut or refusal
        else:
            found.append(space)
    if shut is not None and not found:
        raise shut
    return found
