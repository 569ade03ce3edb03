"""Reads of places: the network as a value, and who occupies what when."""

from app.spaces.queries.network import find_network, find_revision, read_network
from app.spaces.queries.occupancy import (
    can_take,
    day_of_site,
    day_of_space,
    find_free,
    free_stretches,
    is_alive,
    taken,
)

__all__ = [
    "can_take",
    "day_of_site",
    "day_of_space",
    "find_free",
    "find_network",
    "find_revision",
    "free_stretches",
    "is_alive",
    "read_network",
    "taken",
]
