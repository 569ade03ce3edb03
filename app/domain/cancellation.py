"""The terms of giving a booking up: by how early, what share of its price comes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.json_values import JsonObject, JsonValue
from app.domain.money import Money

WHOLE = 100  # per cent


@dataclass(frozen=True, slots=True)
class Tier:
    """What comes back of the price, in per cent, from so many hours before the start on."""

    hours_before: int
    percent: int


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms frozen on a booking: its tiers, the longest notice first.

    Until `free_minutes` after it was confirmed, everything comes back: a slip of the hand costs
    nothing. `at_most` is what is left of them after a late move, so that moving is no way around.
    """

    tiers: tuple[Tier, ...]
    free_minutes: int = 0
    at_most: int = WHOLE

    def percent(self, starts_at: datetime, confirmed_at: datetime | None, now: datetime) -> int:
        """Give the per cent of the price that comes back now; of a stay that has begun, nothing."""
        if now >= starts_at:
            return 0
        if confirmed_at is None or now < confirmed_at + timedelta(minutes=self.free_minutes):
            return self.at_most
        notice = starts_at - now
        for tier in self.tiers:
            if notice >= timedelta(hours=tier.hours_before):
                return min(tier.percent, self.at_most)
        return 0

    def capped(self, percent: int) -> "Terms":
        """The same terms that never give back more than this."""
        return Terms(self.tiers, self.free_minutes, min(self.at_most, percent))

    def to_json(self) -> JsonObject:
        """Give the shape `terms_from_json` reads."""
        return {
            "tiers": [[tier.hours_before, tier.percent] for tier in self.tiers],
            "free_minutes": self.free_minutes,
            "at_most": self.at_most,
        }


# What the house gave before it had terms: all of the price until the stay begins. Never changed,
# because bookings of that time carry no terms of their own.
FREE_UNTIL_START = Terms((Tier(0, WHOLE),))


def part_of(price: Money, percent: int) -> Money:
    """Give what comes back of a price: rounded up to the cent, in favour of who paid."""
    return Money(-(-price.minor * percent // WHOLE), price.currency)


def kept_of_change(before: Money, after: Money, percent: int) -> Money:
    """Give what stays due of the old price though the new one is lower: the part not given back.

    `before` is all that was due, with what earlier changes had kept; a dearer stay keeps nothing.
    """
    lost = Money(max(0, before.minor - after.minor), before.currency)
    return lost - part_of(lost, percent)


def terms_from_json(content: JsonValue) -> Terms:
    """Read frozen terms back; raises ValueError for anything else."""
    match content:
        case {"tiers": list(tiers), "free_minutes": int(free), "at_most": int(at_most)}:
            return Terms(tuple(_tier(each) for each in tiers), free, at_most)
    raise ValueError("terms are tiers, minutes and a limit")


def _tier(content: JsonValue) -> Tier:
    match content:
        case [int(hours), int(percent)]:
            return Tier(hours, percent)
    raise ValueError("a tier is hours and per cent")
