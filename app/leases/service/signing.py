"""From the signature to the exit: the office is taken, handed over, and given back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.calendars import local_day as day_of
from app.domain.errors import BadLeaseTerms, InventoryMissing, WrongLeaseState
from app.domain.events import DoorsTold
from app.domain.intervals import Span
from app.domain.lease_states import LeaseState
from app.domain.permissions import Actor
from app.entitlements.entitlement import Holder
from app.entitlements.service import set_residence
from app.leases.lease import Inventory, Lease, Way
from app.leases.queries import get_lease
from app.leases.queries.rows import items_json
from app.leases.service.aid import lease_grant, record_aid, shorten_aid
from app.leases.service.drafting import local_day, lock, require_months_left
from app.leases.service.journal import note, write
from app.leases.tables import LeaseInventoryRow
from app.spaces import service as spaces
from app.spaces.occupancy import AllocationKind


def sign(
    session: Session,
    actor: Actor,
    ref: str,
    *,
    signed_on: date,
    signatory: str,
    now: datetime,
) -> Lease:
    """Note the signature of an offer and take the office for all its days.

    Raises RoomTaken when somebody has it then, LeaseTooLong, AidDeclarationMissing and
    AidCeilingExceeded.
    """
    network, lease = lock(session, actor, ref)
    if signed_on > local_day(lease, now):
        raise BadLeaseTerms("entry")
    require_months_left(session, lease)
    write(session, lease, state=LeaseState.SIGNED, signed_on=signed_on, signatory=signatory)
    _occupy(session, lease, lease.terms.last_day, now=now)
    _reside(session, lease, lease.terms.last_day, now=now)
    record_aid(session, actor, lease_grant(lease, signed_on), now=now)
    note(
        session,
        lease.id,
        "signed",
        by=actor,
        now=now,
        facts={"on": signed_on.isoformat(), "signatory": signatory},
    )
    return get_lease(session, network, ref)


def enter(session: Session, actor: Actor, ref: str, found: Inventory, *, now: datetime) -> Lease:
    """Hand the keys over, with the state of the office; some titles cannot do without it."""
    network, lease = lock(session, actor, ref)
    if found.done_on > local_day(lease, now):
        raise BadLeaseTerms("entry")
    write(session, lease, state=LeaseState.ENTERED)
    _record(session, actor, lease, found, now=now)
    note(
        session,
        lease.id,
        "entered",
        by=actor,
        now=now,
        facts={"on": found.done_on.isoformat(), "keys": found.keys},
    )
    outbox.put(session, DoorsTold("tenant"), now=now)
    return get_lease(session, network, ref)


def leave(session: Session, actor: Actor, ref: str, found: Inventory, *, now: datetime) -> Lease:
    """Take the keys back, with the state of the office, and free it from the next day on.

    The aid of the days that will not come goes back to the tenant's headroom.
    """
    network, lease = lock(session, actor, ref)
    if not lease.terms.first_day <= found.done_on <= local_day(lease, now):
        raise BadLeaseTerms("entry")
    write(session, lease, state=LeaseState.ENDED, left_on=found.done_on)
    _record(session, actor, lease, found, now=now)
    if found.done_on < lease.terms.last_day:
        spaces.release(session, kind=AllocationKind.LEASE, holder_id=lease.id)
        _occupy(session, lease, found.done_on, now=now)
        _reside(session, lease, found.done_on, now=now)
        shorten_aid(session, actor, lease, found.done_on, now=now)
    note(
        session,
        lease.id,
        "left",
        by=actor,
        now=now,
        facts={"on": found.done_on.isoformat(), "keys": found.keys},
    )
    outbox.put(session, DoorsTold("tenant"), now=now)
    return get_lease(session, network, ref)


def return_deposit(session: Session, actor: Actor, ref: str, *, on: date, now: datetime) -> Lease:
    """Note that the deposit went back, less what the inventory at exit keeps."""
    network, lease = lock(session, actor, ref)
    if lease.state is not LeaseState.ENDED or lease.deposit_returned_on is not None:
        raise WrongLeaseState(lease.state, LeaseState.ENDED)
    write(session, lease, deposit_returned_on=on)
    note(session, lease.id, "deposit", by=actor, now=now, facts={"on": on.isoformat()})
    return get_lease(session, network, ref)


def _record(
    session: Session, actor: Actor, lease: Lease, found: Inventory, *, now: datetime
) -> None:
    if lease.needs_inventory and not found.items:
        raise InventoryMissing(found.way)
    if found.way is Way.OUT and lease.needs_inventory and lease.inventory(Way.IN) is None:
        raise InventoryMissing(Way.IN)
    session.execute(
        insert(LeaseInventoryRow).values(
            lease_id=lease.id,
            way=found.way.value,
            done_on=found.done_on,
            keys=found.keys,
            items=items_json(found.items),
            note=found.note,
            recorded_at=now,
            recorded_by=actor.account_id,
        )
    )


def _occupy(session: Session, lease: Lease, last_day: date, *, now: datetime) -> None:
    """Take the office from the first day to a last one, whole days on the wall clock."""
    calendar = lease.site.calendar
    span = Span(day_of(calendar, lease.terms.first_day).start, day_of(calendar, last_day).end)
    spaces.occupy(
        session,
        space=lease.space,
        span=span,
        units_wanted=1,
        kind=AllocationKind.LEASE,
        holder_id=lease.id,
        expires_at=None,
        now=now,
    )


def _reside(session: Session, lease: Lease, last_day: date, *, now: datetime) -> None:
    """Let the tenant's people be priced as residents on those days."""
    set_residence(
        session,
        holder=Holder(organisation_id=lease.tenant.id),
        source=f"lease-{lease.ref}",
        valid_from=lease.terms.first_day,
        valid_until=last_day,
        now=now,
    )
