"""Deeds of state aid: headroom asked for, aid entered and reversed, declared, companies linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.aid import Assessment, Rebate, nominal, rebates_of
from app.domain.errors import BadCompanyLink, UnknownAid
from app.domain.ids import OrganisationId
from app.domain.json_values import JsonObject
from app.domain.permissions import Actor, Permission, Subject, require
from app.domain.rent_schedules import market_and_paid
from app.leases.aid import AidEntry, AidSource, Declaration, aid_number
from app.leases.aid_tables import (
    AidDeclarationRow,
    AidDeclaredRow,
    AidEntryRow,
    UndertakingLinkRow,
)
from app.leases.lease import Lease
from app.leases.queries.aid import (
    aid_of_reference,
    assess,
    get_aid,
    latest_declarations,
    undertaking_of,
)
from app.people.queries import get_organisation
from app.people.tables import OrganisationRow
from app.spaces.network import Network, Site
from app.spaces.queries import find_network


@dataclass(frozen=True, slots=True)
class Grant:
    """An aid about to be entered: to whom, where, with what, period by period."""

    organisation_id: int
    site: Site
    source: AidSource
    reference: str
    rebates: tuple[Rebate, ...]
    granted_on: date


def require_headroom(
    session: Session, *, organisation_id: int, rebates: Sequence[Rebate], granted_on: date
) -> Assessment:
    """Lock an undertaking and let a rebate pass that it may still be given.

    Two signatures at once wait for each other. Raises AidDeclarationMissing, AidCeilingExceeded.
    """
    companies = _locked(session, organisation_id)
    found = assess(
        session,
        organisation_id=organisation_id,
        granted_on=granted_on,
        rebates=rebates,
        companies=companies,
    )
    found.refuse()
    return found


def lease_grant(lease: Lease, signed_on: date) -> Grant:
    """Give the aid that a lease's stages are, as its signature would grant it."""
    return Grant(
        organisation_id=lease.tenant.id,
        site=lease.site,
        source=AidSource.LEASE,
        reference=lease.ref,
        rebates=rebates_of(market_and_paid(lease.terms)),
        granted_on=signed_on,
    )


def record_aid(session: Session, actor: Actor | None, grant: Grant, *, now: datetime) -> str | None:
    """Enter an aid once there is headroom for it; gives its number, or None when it is none.

    What stands for the same lease already is not entered twice. Raises as `require_headroom`.
    """
    found = require_headroom(
        session,
        organisation_id=grant.organisation_id,
        rebates=grant.rebates,
        granted_on=grant.granted_on,
    )
    return _enter(session, actor, grant, found, now)


def record_enjoyed(session: Session, grant: Grant, *, now: datetime) -> str | None:
    """Enter an aid that was enjoyed already: it counts, even where it should not have been given.

    Gives its number, or None when it is none or stands already.
    """
    companies = _locked(session, grant.organisation_id)
    found = assess(
        session,
        organisation_id=grant.organisation_id,
        granted_on=grant.granted_on,
        rebates=grant.rebates,
        companies=companies,
    )
    return _enter(session, None, grant, found, now)


def _enter(
    session: Session, actor: Actor | None, grant: Grant, found: Assessment, now: datetime
) -> str | None:
    if not found.wanted.minor or _standing(session, grant):
        return None
    own = latest_declarations(session, [grant.organisation_id], on=grant.granted_on)
    declared = own.get(grant.organisation_id)
    made = session.scalar(
        insert(AidEntryRow)
        .values(
            organisation_id=grant.organisation_id,
            site_id=grant.site.id,
            granted_on=grant.granted_on,
            amount_minor=found.wanted.minor,
            nominal_minor=nominal(grant.rebates).minor,
            source=grant.source,
            reference=grant.reference,
            granter=_granter(find_network(session), grant.site),
            regulation=found.rule.regulation,
            nace=declared.nace if declared else "",
            basis=_basis(grant.rebates, found),
            reason="",
            recorded_at=now,
            recorded_by=actor.account_id if actor else None,
        )
        .returning(AidEntryRow.id)
    )
    return aid_number(made or 0)


def reverse_aid(
    session: Session, actor: Actor, entry_id: int, *, reason: str, now: datetime
) -> str:
    """Take an aid back by an entry of its own; gives that one's number.

    Raises UnknownAid, also when it was reversed before, and NotAllowed.
    """
    entry = get_aid(session, entry_id)
    site = _site(find_network(session), entry)
    require(actor, Permission.AID_MANAGE, Subject(site=site.code))
    if not entry.stands:
        raise UnknownAid
    try:
        with session.begin_nested():
            reversal = insert(AidEntryRow).values(_reversal(entry, actor, reason, now))
            made = session.scalar(reversal.returning(AidEntryRow.id))
    except IntegrityError as error:  # somebody else reversed it meanwhile
        raise UnknownAid from error
    return aid_number(made or 0)


def shorten_aid(
    session: Session, actor: Actor, lease: Lease, left_on: date, *, now: datetime
) -> None:
    """Give back the aid that a tenant who leaves early will not receive.

    What was entered is reversed and what was enjoyed entered anew, both on the day of the grant.
    """
    companies = _locked(session, lease.tenant.id)
    entries = aid_of_reference(session, AidSource.LEASE, lease.ref)
    entry = next((each for each in entries if each.stands), None)
    enjoyed = replace(lease.terms, last_day=left_on)
    rebates = rebates_of(market_and_paid(enjoyed))
    if entry is None or nominal(rebates) == entry.nominal:
        return
    basis: JsonObject = {"left_on": left_on.isoformat()}
    taken_back = _reversal(entry, actor, "", now) | {"basis": basis}
    session.execute(insert(AidEntryRow).values(taken_back))
    grant = replace(lease_grant(lease, entry.granted_on), rebates=rebates)
    found = assess(
        session,
        organisation_id=grant.organisation_id,
        granted_on=grant.granted_on,
        rebates=rebates,
        companies=companies,
    )
    _enter(session, actor, grant, found, now)


def declare_aid(session: Session, actor: Actor, declaration: Declaration, *, now: datetime) -> None:
    """Note what an undertaking declares; it takes the place of what it declared before.

    Raises UnknownOrganisation, NotAllowed.
    """
    subject = Subject(organisation_id=OrganisationId(declaration.organisation_id))
    require(actor, Permission.AID_DECLARE, subject)
    get_organisation(session, declaration.organisation_id)
    made = session.scalar(
        insert(AidDeclarationRow)
        .values(
            organisation_id=declaration.organisation_id,
            declared_on=declaration.declared_on,
            is_economic=declaration.is_economic,
            legal_form=declaration.legal_form,
            nace=declaration.nace,
            companies=declaration.companies,
            signatory=declaration.signatory,
            recorded_at=now,
            recorded_by=actor.account_id,
        )
        .returning(AidDeclarationRow.id)
    )
    for each in declaration.aids:
        session.execute(
            insert(AidDeclaredRow).values(
                declaration_id=made,
                received_on=each.received_on,
                granter=each.granter,
                regulation=each.regulation,
                amount_minor=each.amount.minor,
            )
        )


def link_companies(
    session: Session, actor: Actor, one: int, other: int, *, reason: str, now: datetime
) -> None:
    """Note that two organisations are one undertaking; raises BadCompanyLink."""
    require(actor, Permission.AID_LINK, Subject())
    for number in (one, other):
        get_organisation(session, number)
    first, second = sorted((one, other))
    if first == second:
        raise BadCompanyLink
    try:
        with session.begin_nested():
            session.execute(
                insert(UndertakingLinkRow).values(
                    one_id=first,
                    other_id=second,
                    reason=reason,
                    linked_at=now,
                    linked_by=actor.account_id,
                )
            )
    except IntegrityError as error:
        raise BadCompanyLink from error


def unlink_companies(session: Session, actor: Actor, link_id: int, *, now: datetime) -> None:
    """Note that two organisations are one undertaking no more; raises BadCompanyLink."""
    require(actor, Permission.AID_LINK, Subject())
    ended = session.scalar(
        update(UndertakingLinkRow)
        .where(UndertakingLinkRow.id == link_id, UndertakingLinkRow.ended_at.is_(None))
        .values(ended_at=now, ended_by=actor.account_id)
        .returning(UndertakingLinkRow.id)
    )
    if ended is None:
        raise BadCompanyLink


def _locked(session: Session, organisation_id: int) -> frozenset[int]:
    """Lock the companies of an undertaking in the order of their ids."""
    companies = undertaking_of(session, organisation_id)
    session.execute(
        select(OrganisationRow.id)
        .where(OrganisationRow.id.in_(sorted(companies)))
        .order_by(OrganisationRow.id)
        .with_for_update()
    )
    return companies


def _standing(session: Session, grant: Grant) -> bool:
    return any(
        entry.stands
        for entry in aid_of_reference(session, grant.source, grant.reference)
        if entry.organisation_id == grant.organisation_id and entry.site_id == grant.site.id
    )


def _reversal(entry: AidEntry, actor: Actor, reason: str, now: datetime) -> dict[str, object]:
    """The same line with the sign turned, on the same day: the ceiling is as it was before."""
    return {
        "organisation_id": entry.organisation_id,
        "site_id": entry.site_id,
        "granted_on": entry.granted_on,
        "amount_minor": -entry.amount.minor,
        "nominal_minor": -entry.nominal.minor,
        "source": entry.source,
        "reference": entry.reference,
        "granter": entry.granter,
        "regulation": entry.regulation,
        "nace": entry.nace,
        "basis": {},
        "reason": reason,
        "reverses_id": entry.id,
        "recorded_at": now,
        "recorded_by": actor.account_id,
    }


def _basis(rebates: Sequence[Rebate], found: Assessment) -> JsonObject:
    """Keep what the amount was worked out from: every period, and the rate with its source."""
    return {
        "percent": str(found.rule.discount_percent),
        "source": found.rule.discount_source,
        "periods": [
            [each.due_on.isoformat(), each.market.minor, each.paid.minor]
            for each in rebates
            if each.amount.minor
        ],
    }


def _granter(network: Network, site: Site) -> str:
    return next(each.name for each in network.operators if each.code == site.operator)


def _site(network: Network, entry: AidEntry) -> Site:
    return next(site for site in network.sites if site.id == entry.site_id)
