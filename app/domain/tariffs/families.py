"""The families of what is sold, which share coefficients and tax."""

from enum import StrEnum


class Family(StrEnum):
    """What is sold, as far as coefficients and VAT go."""

    SEATS = "seats"
    ROOMS = "rooms"
    STUDIOS = "studios"
    MACHINES = "machines"
    SERVICES = "services"
    OFFICES = "offices"
