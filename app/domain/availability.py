"""Which units of a place are free for a stay, and when a place is free at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from app.domain.ids import UnitId
from app.domain.intervals import Span, gaps
from app.domain.kinds import Sharing


def free_units(
    units: Sequence[UnitId], taken: Iterable[tuple[UnitId, Span]], wanted: Span
) -> list[UnitId]:
    """Give the units nobody has during the wanted span, in the order they came."""
    busy = {unit for unit, span in taken if span.overlaps(wanted)}
    return [unit for unit in units if unit not in busy]


def units_for(
    sharing: Sharing,
    units: Sequence[UnitId],
    taken: Iterable[tuple[UnitId, Span]],
    wanted: Span,
    *,
    people: int,
) -> list[UnitId]:
    """Choose the units for so many people: all of a whole place, the first free of a pool.

    Gives an empty list when the place cannot take them then.
    """
    free = free_units(units, taken, wanted)
    if sharing is Sharing.WHOLE:
        return free if len(free) == len(units) else []
    return free[:people] if len(free) >= people else []


def free_spans(
    sharing: Sharing,
    taken: Mapping[UnitId, Sequence[Span]],
    window: Span,
    *,
    people: int = 1,
) -> list[Span]:
    """Give the stretches of the window in which the place can take so many people.

    `taken` names every unit of the place, also those with nothing taken. In a pool each person
    keeps one unit for the whole stay, so stretches may overlap: one seat until noon, another
    from eleven. Any stay inside one stretch is possible, and no other.
    """
    if sharing is Sharing.WHOLE:
        return gaps(window, [span for spans in taken.values() for span in spans])
    return _shared_by([gaps(window, spans) for spans in taken.values()], people)


def next_free(
    free: Iterable[Span],
    wanted: Span,
    *,
    not_before: datetime | None = None,
    step: timedelta = timedelta(minutes=15),
) -> Span | None:
    """Give the earliest span of the wanted length inside the free ones, on the wanted grid.

    It starts at the wanted start or any number of steps later, and not before the given instant.
    """
    earliest = max(wanted.start, not_before or wanted.start)
    for stretch in sorted(free):
        start = max(stretch.start, earliest)
        start += -(start - wanted.start) % step
        if start + wanted.duration <= stretch.end:
            return Span(start, start + wanted.duration)
    return None


def nearest_free(
    free: Iterable[Span], wanted: Span, *, step: timedelta = timedelta(minutes=15)
) -> Span | None:
    """Give the span of the wanted length inside the free ones that begins nearest to the wanted.

    It begins any number of steps earlier or later; of two as near, the later.
    """
    starts = []
    for stretch in free:
        latest = stretch.end - wanted.duration
        start = min(max(wanted.start, stretch.start), latest)
        off = (start - wanted.start) % step
        start += (step - off if off else off) if start >= wanted.start else -off
        if stretch.start <= start <= latest:
            starts.append(start)
    if not starts:
        return None
    best = min(starts, key=lambda start: (abs(start - wanted.start), start < wanted.start))
    return Span(best, best + wanted.duration)


def _shared_by(free: Sequence[Sequence[Span]], people: int) -> list[Span]:
    shared: list[Span] = []
    for start in sorted({span.start for spans in free for span in spans}):
        ends = sorted(
            (span.end for spans in free for span in spans if span.holds(start)), reverse=True
        )
        if len(ends) >= people and (not shared or ends[people - 1] > shared[-1].end):
            shared.append(Span(start, ends[people - 1]))
    return shared
