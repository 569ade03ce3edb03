"""Waiting for a place: who is next in line, for which stay, and how long an offer runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain.booking_states import GONE, BookingState
from app.domain.ids import SiteCode, SpaceCode
from app.domain.intervals import Span

ANSWER = timedelta(minutes=30)
LEAST_ANSWER = timedelta(minutes=5)  # less is no offer, only a mail that comes too late
MOST_PASSED = 3
LONGEST_WINDOW = timedelta(days=7)
GRID = timedelta(minutes=15)
TRIED = 4  # starts tried in a free stretch: those of an hour, for places that begin on the hour
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class OfferState(StrEnum):
    """What became of an offer: it runs, it was taken, or its person let it pass."""

    OPEN = "open"
    TAKEN = "taken"
    PASSED = "passed"


class WaitState(StrEnum):
    """Where a wait stands: in line, with an offer, served, left, or over."""

    WAITING = "waiting"
    OFFERED = "offered"
    SERVED = "served"
    LEFT = "left"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Offered:
    """A stay that was offered to somebody in line."""

    space: SpaceCode
    span: Span
    state: OfferState


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in line for a stay of so many minutes within a window; no site: at any Totem."""

    id: int
    joined_at: datetime
    window: Span
    minutes: int
    site: SiteCode | None = None
    left_at: datetime | None = None
    offers: tuple[Offered, ...] = ()

    @property
    def turn(self) -> tuple[int, datetime, int]:
        """Where it comes in line: who let an offer pass goes behind who did not, then by age."""
        return self._passed, self.joined_at, self.id

    @property
    def last_start(self) -> datetime:
        """The last instant at which its stay could begin."""
        return self.window.end - timedelta(minutes=self.minutes)

    @property
    def _passed(self) -> int:
        return sum(each.state is OfferState.PASSED for each in self.offers)

    def state(self, now: datetime) -> WaitState:
        """Give where it stands at that instant; no timer has a part in it."""
        if any(each.state is OfferState.TAKEN for each in self.offers):
            return WaitState.SERVED
        if self.left_at is not None:
            return WaitState.LEFT
        if any(each.state is OfferState.OPEN for each in self.offers):
            return WaitState.OFFERED
        if self._passed >= MOST_PASSED or self.last_start < now + LEAST_ANSWER:
            return WaitState.OVER
        return WaitState.WAITING

    def had(self, space: SpaceCode, span: Span) -> bool:
        """Whether that place was offered before for some of that time: once is enough."""
        return any(each.space == space and each.span.overlaps(span) for each in self.offers)

    def competes(self, other: "Waiting") -> bool:
        """Whether one stay might do for both."""
        same = self.site is None or other.site is None or self.site == other.site
        return same and self.window.overlaps(other.window)


def offer_state(state: BookingState, confirmed_at: datetime | None) -> OfferState:
    """Give what became of an offer by the booking it is, in the state the clock makes of it."""
    if state is BookingState.HELD:
        return OfferState.OPEN
    if state in GONE and confirmed_at is None:
        return OfferState.PASSED
    return OfferState.TAKEN


def line(waits: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """Give who may be offered something, first come first; with an offer running one steps out."""
    waiting = [each for each in waits if each.state(now) is WaitState.WAITING]
    return sorted(waiting, key=lambda each: each.turn)


def place_in_line(one: Waiting, waits: Iterable[Waiting], now: datetime) -> int:
    """Give the rank of somebody in line among those whom the same stay might serve: 1 is next."""
    ahead = [each for each in line(waits, now) if each.turn < one.turn and each.competes(one)]
    return len(ahead) + 1


def answer_until(now: datetime, starts_at: datetime) -> datetime | None:
    """Give until when an offer of that stay runs; None when it begins too soon to be offered."""
    if starts_at < now + LEAST_ANSWER:
        return None
    return min(now + ANSWER, starts_at)


def stays_within(one: Waiting, free: Iterable[Span], *, now: datetime) -> Iterator[Span]:
    """Give stays that would do, the earliest few of each free stretch, on quarters of an hour.

    Whose window is as long as the stay wants that very stay, whatever the quarter.
    """
    length, soonest = timedelta(minutes=one.minutes), now + LEAST_ANSWER
    is_exact = one.window.duration == length
    for stretch in sorted(free):
        part = stretch.within(one.window)
        if part is None:
            continue
        earliest = max(part.start, soonest)
        start = earliest if is_exact else _on_grid(earliest)
        for _ in range(TRIED):
            if start + length > part.end:
                break
            yield Span(start, start + length)
            start += GRID


def _on_grid(instant: datetime) -> datetime:
    return instant + (_EPOCH - instant) % GRID
