"""A wait as a value: what somebody waits for, who they are, and what they were offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import AccountId, BookingId, BookingRef
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.money import Money
from app.domain.waiting import Offered, OfferState, Waiting, WaitState
from app.spaces.network import Network, Site, Space
from app.spaces.queries import Wanted as Criteria
from app.spaces.queries import search_spaces


@dataclass(frozen=True, slots=True)
class WaitWish:
    """A stay of so many minutes within a window, and what its place must be or have."""

    window: Span
    minutes: int
    people: int
    site: str | None = None
    kind: SpaceKind | None = None
    equipment: tuple[str, ...] = ()
    accessible: bool = False
    hearing_loop: bool = False

    def places(self, network: Network) -> list[Space]:
        """Give the places that would do if they were free, the closest fit first.

        Machines only for who names them.
        """
        criteria = Criteria(
            site=self.site,
            kind=self.kind,
            people=self.people,
            equipment=self.equipment,
            accessible=self.accessible,
            hearing_loop=self.hearing_loop,
        )
        suited = [
            space
            for space in search_spaces(network, criteria)
            if space.bookable and (self.kind is not None or space.kind is not SpaceKind.MACHINE)
        ]
        return sorted(suited, key=lambda each: (_spare(each, self.people), each.code))


@dataclass(frozen=True, slots=True)
class WaitOffer:
    """A place held for somebody in line until then, at their price."""

    id: int
    booking_id: BookingId
    ref: BookingRef
    space: Space
    span: Span
    until: datetime | None
    gross: Money
    state: OfferState


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody in line for a place."""

    id: int
    ref: str
    account_id: AccountId
    name: str
    wish: WaitWish
    site: Site | None
    joined_at: datetime
    left_at: datetime | None
    offers: tuple[WaitOffer, ...]

    @property
    def waiting(self) -> Waiting:
        """The same as the rule of the line looks at it."""
        wish = self.wish
        return Waiting(
            self.id,
            self.joined_at,
            wish.window,
            wish.minutes,
            None if self.site is None else self.site.code,
            self.left_at,
            tuple(Offered(each.space.code, each.span, each.state) for each in self.offers),
        )

    def state(self, now: datetime) -> WaitState:
        """Give where it stands at that instant."""
        return self.waiting.state(now)

    @property
    def open_offer(self) -> WaitOffer | None:
        """The offer that runs, if any."""
        running = (each for each in self.offers if each.state is OfferState.OPEN)
        return next(running, None)


def _spare(space: Space, people: int) -> int:
    return 0 if space.is_pooled else space.capacity - people
