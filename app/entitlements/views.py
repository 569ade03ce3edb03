"""Rights ready for a page: in words, sorted into what counts now, later, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.entitlements import EntryKind, tell_ending_from
from app.domain.tariffs import RightKind
from app.entitlements import words
from app.entitlements.entitlement import Entitlement, Entry

_FILLING = frozenset({EntryKind.GRANTED, EntryKind.CREDITED})


@dataclass(frozen=True, slots=True)
class EntryView:
    """A movement in words."""

    id: int
    at: datetime
    text: str
    actor: str | None
    can_take_back: bool


@dataclass(frozen=True, slots=True)
class RightView:
    """A right in words, with every movement, the latest first."""

    right: Entitlement
    name: str
    left: str
    where: str
    source: str
    ends_soon: bool
    entries: tuple[EntryView, ...]

    @property
    def is_pieces(self) -> bool:
        """Whether the desk notes its use by hand."""
        return self.right.kind is RightKind.PIECES

    @property
    def is_taken_back(self) -> bool:
        """Whether it was taken back, so that nothing of it counts."""
        return self.right.balance == 0 and self.right.kind is RightKind.UNLIMITED


@dataclass(frozen=True, slots=True)
class RightsView:
    """All rights of a holder."""

    now: tuple[RightView, ...]
    later: tuple[RightView, ...]
    over: tuple[RightView, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there never was one."""
        return not (self.now or self.later or self.over)


def rights_view(
    rights: Iterable[Entitlement], entries: dict[int, list[Entry]], *, today: date
) -> RightsView:
    """Sort rights: those that count today, the first to end in front; to come; ended or used up."""
    ordered = sorted(rights, key=lambda right: (right.valid_until, right.id))
    views = [_view(right, entries.get(right.id, []), today) for right in ordered]
    return RightsView(
        now=tuple(view for view in views if view.right.is_usable(today)),
        later=tuple(
            view for view in views if view.right.balance > 0 and view.right.valid_from > today
        ),
        over=tuple(
            view
            for view in reversed(views)
            if view.right.balance == 0 or view.right.valid_until < today
        ),
    )


def _view(right: Entitlement, entries: list[Entry], today: date) -> RightView:
    return RightView(
        right=right,
        name=words.name(right),
        left=words.left(right, right.left) if right.balance else words.left(right, 0),
        where=words.where(right),
        source=words.source(right.source),
        ends_soon=right.is_usable(today)
        and today >= tell_ending_from(right.valid_from, right.valid_until),
        entries=tuple(
            EntryView(
                entry.id,
                entry.at,
                words.movement(right, entry),
                entry.actor,
                can_take_back=entry.kind is EntryKind.USED and not entry.undone,
            )
            for entry in reversed(entries)
        ),
    )
