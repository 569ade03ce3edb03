"""Reads of places: the network as a value, and who occupies what when."""

from app.spaces.queries.closures import closures_to_come, find_closures
from app.spaces.queries.network import (
    STAMP,
    Stamp,
    find_network,
    find_revision,
    kept_network,
    read_network,
    stamp_in,
)
from app.spaces.queries.occupancy import (
    can_take,
    day_of_site,
    day_of_space,
    free_count,
    free_stretches,
    taken,
    taken_beside,
    units_of,
)
from app.spaces.queries.search import (
    Alternatives,
    Wanted,
    alternatives,
    find_free,
    may_stand_in,
    parts_of,
    search_spaces,
)
from app.spaces.queries.standing import judge_by
from app.spaces.queries.windows import rows_within, taken_within

__all__ = [
    "STAMP",
    "Alternatives",
    "Stamp",
    "Wanted",
    "alternatives",
    "can_take",
    "closures_to_come",
    "day_of_site",
    "day_of_space",
    "find_closures",
    "find_free",
    "find_network",
    "find_revision",
    "free_count",
    "free_stretches",
    "judge_by",
    "kept_network",
    "may_stand_in",
    "parts_of",
    "read_network",
    "rows_within",
    "search_spaces",
    "stamp_in",
    "taken",
    "taken_beside",
    "taken_within",
    "units_of",
]
