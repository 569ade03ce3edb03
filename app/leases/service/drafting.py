"""Drafts and offers: what is proposed by the card, written, checked, offered or withdrawn."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.errors import BadLeaseTerms, WrongLeaseState
from app.domain.events import LeaseOffered
from app.domain.ids import SpaceCode
from app.domain.kinds import SpaceKind
from app.domain.lease_states import LeaseState
from app.domain.permissions import Actor, Permission, Subject, require
from app.domain.rents import RentTerms, check_deposit, check_terms
from app.domain.titles import Tenure, require_within_cap, require_words
from app.leases.lease import Clauses, Lease
from app.leases.queries import get_lease, tenures_before
from app.leases.queries.rows import stages_json
from app.leases.service.journal import note, write
from app.leases.tables import LeaseRow
from app.people import queries as people
from app.spaces.network import Network, Space
from app.spaces.queries import find_network

# Without 0 o 1 i l, so that a reference survives the telephone.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
REF_LENGTH = 8


@dataclass(frozen=True, slots=True)
class LeaseWish:
    """What somebody writes down for an office and a tenant."""

    space: SpaceCode
    organisation_id: int
    terms: RentTerms
    clauses: Clauses


def draft_lease(session: Session, actor: Actor, wish: LeaseWish, *, now: datetime) -> Lease:
    """Write the draft of a lease; raises the rule that its terms break."""
    network = find_network(session)
    space = _leasable(network, wish)
    require(actor, Permission.LEASE_MANAGE, Subject(site=space.site))
    people.get_organisation(session, wish.organisation_id)
    _check(wish)
    ref = "".join(secrets.choice(ALPHABET) for _ in range(REF_LENGTH))
    row = LeaseRow(
        ref=ref,
        state=LeaseState.DRAFT.value,
        created_at=now,
        created_by=actor.account_id,
        signatory="",
        **_columns(wish, space),
    )
    session.add(row)
    session.flush()
    note(session, row.id, "drafted", by=actor, now=now)
    return get_lease(session, network, ref)


def edit_draft(
    session: Session, actor: Actor, ref: str, wish: LeaseWish, *, now: datetime
) -> Lease:
    """Write a draft anew; raises WrongLeaseState for anything else, and what `draft_lease` does."""
    network, lease = lock(session, actor, ref)
    if lease.state is not LeaseState.DRAFT:
        raise WrongLeaseState(lease.state, LeaseState.DRAFT)
    space = _leasable(network, wish)
    require(actor, Permission.LEASE_MANAGE, Subject(site=space.site))
    people.get_organisation(session, wish.organisation_id)
    _check(wish)
    write(session, lease, **_columns(wish, space))
    note(session, lease.id, "edited", by=actor, now=now)
    return get_lease(session, network, ref)


def offer(session: Session, actor: Actor, ref: str, *, now: datetime) -> Lease:
    """Offer a draft to its tenant, who gets the letter; raises LeaseTooLong before it is sent."""
    network, lease = lock(session, actor, ref)
    require_months_left(session, lease)
    write(session, lease, state=LeaseState.OFFERED, offered_on=local_day(lease, now))
    note(session, lease.id, "offered", by=actor, now=now)
    outbox.put(session, LeaseOffered(ref), now=now)
    return get_lease(session, network, ref)


def reopen(session: Session, actor: Actor, ref: str, *, now: datetime) -> Lease:
    """Make an offer a draft again, to correct it."""
    network, lease = lock(session, actor, ref)
    write(session, lease, state=LeaseState.DRAFT, offered_on=None)
    note(session, lease.id, "reopened", by=actor, now=now)
    return get_lease(session, network, ref)


def withdraw(session: Session, actor: Actor, ref: str, *, now: datetime) -> Lease:
    """Give up a draft or an offer."""
    network, lease = lock(session, actor, ref)
    write(session, lease, state=LeaseState.WITHDRAWN)
    note(session, lease.id, "withdrawn", by=actor, now=now)
    return get_lease(session, network, ref)


def lock(session: Session, actor: Actor, ref: str) -> tuple[Network, Lease]:
    """Lock a lease for somebody who manages its site; raises UnknownLease, NotAllowed."""
    network = find_network(session)
    lease = get_lease(session, network, ref, lock=True)
    require(actor, Permission.LEASE_MANAGE, Subject(site=lease.site.code))
    return network, lease


def require_months_left(session: Session, lease: Lease) -> None:
    """Let a lease pass whose tenant has months left in that office; raises LeaseTooLong."""
    before = tenures_before(
        session, organisation_id=lease.tenant.id, space_id=lease.space.id, but=lease.id
    )
    wanted = Tenure(lease.title, lease.terms.first_day, lease.terms.last_day)
    require_within_cap(wanted, before)


def local_day(lease: Lease, now: datetime) -> date:
    """Give the date at the site of a lease."""
    return lease.site.calendar.local_date(now)


def _leasable(network: Network, wish: LeaseWish) -> Space:
    space = network.get_space(wish.space)
    if space.kind is not SpaceKind.OFFICE:
        raise BadLeaseTerms("space")
    return space


def _check(wish: LeaseWish) -> None:
    check_terms(wish.terms)
    check_deposit(wish.clauses.deposit, wish.terms)
    clauses = wish.clauses
    require_words(clauses.title, motive=clauses.motive, call_reference=clauses.call_reference)


def _columns(wish: LeaseWish, space: Space) -> dict[str, Any]:
    terms, clauses = wish.terms, wish.clauses
    return {
        "organisation_id": wish.organisation_id,
        "site_id": space.site_id,
        "space_id": space.id,
        "title": clauses.title.value,
        "motive": clauses.motive,
        "call_reference": clauses.call_reference,
        "first_day": terms.first_day,
        "last_day": terms.last_day,
        "area_m2": terms.area_m2,
        "rent_per_m2": terms.rent_per_m2,
        "stages": stages_json(terms.stages),
        "charges_per_m2": terms.charges_per_m2,
        "services_minor": terms.services.minor,
        "services": clauses.services,
        "deposit_minor": clauses.deposit.minor,
        "vat_code": clauses.vat_code.value,
        "index_series": clauses.series.value,
        "base_year": clauses.base.year,
        "base_quarter": clauses.base.number,
    }
