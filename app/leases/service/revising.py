"""The yearly revision: every anniversary that came, provisional while its index is not published.

Each batch is one transaction of the caller; a lease has one revision per anniversary, so that the
command may stop anywhere and be run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.events import LeaseRevised
from app.domain.indices import IndexTable, IndexValue, Quarter, revised
from app.domain.json_values import JsonObject
from app.domain.money import Money
from app.domain.months import add_months, first_of_month
from app.domain.permissions import Actor
from app.domain.rents import anniversaries
from app.leases.lease import Lease, Revision
from app.leases.queries import get_lease, standing_leases
from app.leases.service.drafting import lock
from app.leases.tables import LeaseLogRow, LeaseRevisionRow
from app.spaces.queries import find_network
from app.tariffs.indices import read_index_table

BATCH = 100
NEW = 0  # the id of a revision that has no row yet


@dataclass(frozen=True, slots=True)
class Step:
    """One revision of one lease as it becomes: a new one, or one whose value has come."""

    lease: Lease
    revision: Revision
    base: IndexValue | None
    new: IndexValue | None

    @property
    def is_settling(self) -> bool:
        """Whether a provisional revision becomes final."""
        return self.revision.id != NEW


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction did, and where the next one goes on; None when there is no more."""

    steps: tuple[Step, ...]
    leases: int
    after_id: int | None


def revise_batch(
    session: Session, *, on: date, after_id: int = 0, dry_run: bool = False, now: datetime
) -> Batch:
    """Revise the next leases by id whose anniversaries came by a day."""
    network = find_network(session)
    found = standing_leases(
        session, network, begun_by=add_months(on, -12), after_id=after_id, most=BATCH
    )
    table = read_index_table(session, on=on)
    steps = tuple(step for lease in found for step in due_steps(lease, table, on))
    if not dry_run:
        _write(session, steps, by=None, now=now)
    return Batch(steps, len(found), found[-1].id if len(found) == BATCH else None)


def revise_lease(session: Session, actor: Actor, ref: str, *, now: datetime) -> Lease:
    """Revise one lease by hand, as the yearly command would today."""
    network, lease = lock(session, actor, ref)
    today = lease.site.calendar.local_date(now)
    steps = due_steps(lease, read_index_table(session, on=today), today)
    _write(session, steps, by=actor, now=now)
    return get_lease(session, network, ref)


def mark_told(session: Session, revision_id: int, *, now: datetime) -> None:
    """Remember that the notice of a revision went out."""
    told = update(LeaseRevisionRow).where(LeaseRevisionRow.id == revision_id).values(told_at=now)
    session.execute(told)


def due_steps(lease: Lease, table: IndexTable, on: date) -> tuple[Step, ...]:
    """Give what a lease's revisions become on a day, earliest first; nothing when all is done.

    The rent of a year is made of the rent of the year before, so that a value still missing there
    makes this one wait too.
    """
    if not lease.stands:
        return ()
    return tuple(_steps(lease, table, on))


def _steps(lease: Lease, table: IndexTable, on: date) -> Iterator[Step]:
    made = {revision.effective_on: revision for revision in lease.revisions}
    annual, is_certain = lease.terms.annual, True
    until = min(on, lease.terms.last_day)
    for years, effective in enumerate(anniversaries(lease.terms.first_day, until)):
        base = lease.clauses.base.years_later(years)
        old = table.find(lease.clauses.series, base)
        new = table.find(lease.clauses.series, base.years_later(1))
        known = made.get(effective)
        if known is None or known.after is None:
            after = revised(annual, old.value, new.value) if is_certain and old and new else None
            before = known or _planned(lease, effective, base, annual, on)
            step = _with_values(before, old, new, after, on)
            if known is None or after is not None:
                yield Step(lease, step, old, new)
            known = step
        annual, is_certain = known.after or known.before, known.after is not None


def _planned(lease: Lease, effective: date, base: Quarter, before: Money, on: date) -> Revision:
    return Revision(
        id=NEW,
        effective_on=effective,
        series=lease.clauses.series,
        base=base,
        base_value=None,
        new_value=None,
        before=before,
        after=None,
        made_on=on,
        settled_on=None,
    )


def _with_values(
    revision: Revision,
    old: IndexValue | None,
    new: IndexValue | None,
    after: Money | None,
    on: date,
) -> Revision:
    """Give a revision with what is known; made after its month, it is settled in one line."""
    is_late = first_of_month(on) > first_of_month(revision.effective_on)
    return replace(
        revision,
        base_value=old.value if old else None,
        new_value=new.value if new and after is not None else None,
        after=after,
        settled_on=on if after is not None and is_late else None,
    )


def _write(session: Session, steps: Iterable[Step], *, by: Actor | None, now: datetime) -> None:
    """Write revisions, their log and what tenants must hear: a constant number of statements."""
    planned = list(steps)
    if not planned:
        return
    fresh = [_columns(step) for step in planned if not step.is_settling]
    if fresh:
        session.execute(insert(LeaseRevisionRow), fresh)
    settled = [
        {f"set_{name}": value for name, value in _columns(step).items()}
        | {"row_id": step.revision.id}
        for step in planned
        if step.is_settling
    ]
    if settled:
        session.connection().execute(_SETTLE, settled)
    session.execute(insert(LeaseLogRow), [_log_line(step, by, now) for step in planned])
    outbox.put(session, *(_event(step) for step in planned), now=now)


def _columns(step: Step) -> dict[str, object]:
    revision, is_final = step.revision, step.revision.is_final
    return {
        "lease_id": step.lease.id,
        "effective_on": revision.effective_on,
        "series": revision.series.value,
        "base_year": revision.base.year,
        "base_quarter": revision.base.number,
        "base_value": revision.base_value,
        "base_revision": step.base.revision if step.base else None,
        "new_value": revision.new_value,
        "new_revision": step.new.revision if step.new and is_final else None,
        "rent_before_minor": revision.before.minor,
        "rent_after_minor": revision.after.minor if revision.after else None,
        "made_on": revision.made_on,
        "settled_on": revision.settled_on,
    }


def _log_line(step: Step, by: Actor | None, now: datetime) -> dict[str, object]:
    revision = step.revision
    facts: JsonObject = {
        "on": revision.effective_on.isoformat(),
        "before": revision.before.minor,
        "after": revision.after.minor if revision.after else None,
    }
    return {
        "lease_id": step.lease.id,
        "at": now,
        "actor_id": None if by is None else by.account_id,
        "action": "settled" if step.is_settling else "revised",
        "facts": facts,
    }


def _event(step: Step) -> LeaseRevised:
    revision = step.revision
    return LeaseRevised(step.lease.ref, revision.effective_on.isoformat(), revision.is_final)


_SETTLED = (
    "base_value",
    "base_revision",
    "new_value",
    "new_revision",
    "rent_after_minor",
    "settled_on",
)
_SETTLE = (
    update(LeaseRevisionRow)
    .where(LeaseRevisionRow.id == bindparam("row_id"))
    .values({name: bindparam(f"set_{name}") for name in _SETTLED})
)
