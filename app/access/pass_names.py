"""What a pass is called before it is hashed to an id: for whom or for which phone it was made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

STATIC: Final = "static"
GUEST: Final = "guest"
PHONE: Final = "phone"
EMERGENCY: Final = "emergency"
CARD: Final = "card"
# A phone is given passes so long ahead and no longer, so one revoked before can have none.
AHEAD: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PassNames:
    """The names of all passes of one version of a booking: those that open, those given up.

    `died_at` tells of the latter when that was.
    """

    live: tuple[str, ...] = (STATIC,)
    dead: tuple[str, ...] = ()
    died_at: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def all(self) -> tuple[str, ...]:
        """Every name there was."""
        return self.live + self.dead


PLAIN: Final = PassNames()


def static_name(epoch: int = 0) -> str:
    """Name the person's own pass on paper or in a mail; a new epoch gives up those before."""
    return STATIC if epoch == 0 else f"{STATIC}.{epoch}"


def named(kind: str, code: str) -> str:
    """Name the pass of a phone, a guest or an emergency."""
    return f"{kind}:{code}"


def device_of(day: date | None, name: str = STATIC) -> str:
    """Give a name as pass ids know it: of a long stay each day has a pass of its own."""
    return name if day is None else f"{name}:{day.isoformat()}"


def names_from(
    epoch: int,
    codes: Collection[tuple[str, str, datetime | None]],
    given_up_at: datetime | None = None,
) -> PassNames:
    """Gather the names of a booking's passes; each code comes with its kind and when it died.

    Epochs before the present one ended at `given_up_at` at the latest.
    """
    died_at = {named(kind, code): died for kind, code, died in codes if died is not None}
    live = [static_name(epoch)]
    live += sorted(named(kind, code) for kind, code, died in codes if died is None)
    past = [static_name(each) for each in range(epoch)]
    dead = (*past, *sorted(died_at))
    if given_up_at is not None:
        died_at |= dict.fromkeys(past, given_up_at)
    return PassNames(tuple(live), dead, died_at)
