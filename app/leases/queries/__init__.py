"""What can be read of leases."""

from app.leases.queries.leases import (
    count_standing,
    get_lease,
    leases_of_organisations,
    leases_of_sites,
    log_of,
    standing_leases,
    tenures_before,
)

__all__ = [
    "count_standing",
    "get_lease",
    "leases_of_organisations",
    "leases_of_sites",
    "log_of",
    "standing_leases",
    "tenures_before",
]
