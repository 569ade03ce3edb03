"""Reads of state aid: the ledger, what was declared, who belongs together, and the headroom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.aid import (
    Assessment,
    Rebate,
    Received,
    gross_grant_equivalent,
    received_by,
    rule_on,
    single_undertaking,
    window_start,
)
from app.domain.errors import UnknownAid
from app.domain.ids import OrganisationId, SiteId
from app.domain.money import Money
from app.leases.aid import AidEntry, AidSource, CompanyLink, Declaration, Declared
from app.leases.aid_rules import aid_rules
from app.leases.aid_tables import (
    AidDeclarationRow,
    AidDeclaredRow,
    AidEntryRow,
    UndertakingLinkRow,
)
from app.people.tables import AccountRow, OrganisationRow
from app.spaces.tables import SiteRow

_Reversal = aliased(AidEntryRow, name="reversal")
_One = aliased(OrganisationRow, name="one")
_Other = aliased(OrganisationRow, name="other")


def undertaking_of(session: Session, organisation_id: int) -> frozenset[int]:
    """Give all organisations that are one undertaking with this one; one statement."""
    rows = session.execute(
        select(UndertakingLinkRow.one_id, UndertakingLinkRow.other_id)
        .where(UndertakingLinkRow.ended_at.is_(None))
        .order_by(UndertakingLinkRow.id)
    )
    return single_undertaking(organisation_id, [(row.one_id, row.other_id) for row in rows])


def assess(
    session: Session,
    *,
    organisation_id: int,
    granted_on: date,
    rebates: Sequence[Rebate] = (),
    companies: Collection[int] | None = None,
) -> Assessment:
    """Say how an undertaking stands on a day, and what a wish would add; raises NoAidRule."""
    rule = rule_on(aid_rules(), granted_on)
    members = companies or undertaking_of(session, organisation_id)
    declarations = latest_declarations(session, members, on=granted_on)
    received = [*_received(session, members, granted_on)]
    for each in declarations.values():
        received += [Received(aid.received_on, aid.amount) for aid in each.aids]
    own = declarations.get(organisation_id)
    wanted = gross_grant_equivalent(rebates, granted_on=granted_on, percent=rule.discount_percent)
    if own is not None and not own.is_economic:
        wanted = Money(0)  # who has no economic activity is no undertaking and gets no aid
    declared_on = own.declared_on if own else None
    return Assessment(rule, granted_on, received_by(received, granted_on), wanted, declared_on)


def _received(session: Session, members: Collection[int], granted_on: date) -> list[Received]:
    rows = session.execute(
        select(AidEntryRow.granted_on, func.sum(AidEntryRow.amount_minor).label("minor"))
        .where(
            AidEntryRow.organisation_id.in_(sorted(members)),
            AidEntryRow.granted_on >= window_start(granted_on),
        )
        .group_by(AidEntryRow.granted_on)
        .order_by(AidEntryRow.granted_on)
    )
    return [Received(row.granted_on, Money(int(row.minor))) for row in rows]


def latest_declarations(
    session: Session, organisations: Collection[int], *, on: date
) -> dict[int, Declaration]:
    """Give the last declaration of each organisation up to a day, with the aids it lists."""
    rows = session.scalars(
        select(AidDeclarationRow)
        .where(
            AidDeclarationRow.organisation_id.in_(sorted(organisations)),
            AidDeclarationRow.declared_on <= on,
        )
        .order_by(AidDeclarationRow.declared_on, AidDeclarationRow.id)
    )
    latest = {row.organisation_id: row for row in rows}
    listed: dict[int, list[Declared]] = {row.id: [] for row in latest.values()}
    if listed:
        for aid in session.scalars(
            select(AidDeclaredRow)
            .where(AidDeclaredRow.declaration_id.in_(sorted(listed)))
            .order_by(AidDeclaredRow.received_on, AidDeclaredRow.id)
        ):
            listed[aid.declaration_id].append(
                Declared(aid.received_on, aid.granter, aid.regulation, Money(aid.amount_minor))
            )
    return {
        organisation: Declaration(
            row.organisation_id,
            row.declared_on,
            row.is_economic,
            row.legal_form,
            row.nace,
            row.companies,
            row.signatory,
            tuple(listed[row.id]),
        )
        for organisation, row in latest.items()
    }


def aid_of_organisations(session: Session, organisations: Collection[int]) -> list[AidEntry]:
    """Give the ledger of organisations, the latest first."""
    return _entries(session, AidEntryRow.organisation_id.in_(sorted(organisations)))


def aid_of_sites(
    session: Session, sites: Collection[int], *, since: date, until: date
) -> list[AidEntry]:
    """Give the ledger of sites between two days, both included, the latest first."""
    return _entries(
        session,
        AidEntryRow.site_id.in_(sorted(sites)),
        AidEntryRow.granted_on.between(since, until),
    )


def aid_of_reference(session: Session, source: AidSource, reference: str) -> list[AidEntry]:
    """Give what was entered for a lease or a month, the latest first."""
    return _entries(session, AidEntryRow.source == source, AidEntryRow.reference == reference)


def get_aid(session: Session, entry_id: int) -> AidEntry:
    """Give an entry by its id; raises UnknownAid."""
    found = _entries(session, AidEntryRow.id == entry_id)
    if not found:
        raise UnknownAid
    return found[0]


def links_of(session: Session, organisations: Collection[int]) -> list[CompanyLink]:
    """Give the standing links among organisations and with others, by name."""
    wanted = sorted(organisations)
    rows = session.execute(
        select(
            UndertakingLinkRow.id,
            UndertakingLinkRow.one_id,
            _One.name.label("one"),
            UndertakingLinkRow.other_id,
            _Other.name.label("other"),
            UndertakingLinkRow.reason,
        )
        .join(_One, _One.id == UndertakingLinkRow.one_id)
        .join(_Other, _Other.id == UndertakingLinkRow.other_id)
        .where(
            UndertakingLinkRow.ended_at.is_(None),
            UndertakingLinkRow.one_id.in_(wanted) | UndertakingLinkRow.other_id.in_(wanted),
        )
        .order_by(_One.name, _Other.name, UndertakingLinkRow.id)
    )
    return [
        CompanyLink(
            row.id,
            OrganisationId(row.one_id),
            row.one,
            OrganisationId(row.other_id),
            row.other,
            row.reason,
        )
        for row in rows
    ]


def _entries(session: Session, *wanted: ColumnElement[bool]) -> list[AidEntry]:
    rows = session.execute(
        select(
            AidEntryRow,
            OrganisationRow.name,
            OrganisationRow.siren,
            SiteRow.code,
            _Reversal.id.label("reversed_by"),
            AccountRow.name.label("recorder"),
        )
        .join(OrganisationRow, OrganisationRow.id == AidEntryRow.organisation_id)
        .join(SiteRow, SiteRow.id == AidEntryRow.site_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == AidEntryRow.id)
        .outerjoin(AccountRow, AccountRow.id == AidEntryRow.recorded_by)
        .where(*wanted)
        .order_by(AidEntryRow.granted_on.desc(), AidEntryRow.id.desc())
        .limit(2000)
    )
    return [_entry(*row) for row in rows]


def _entry(
    row: AidEntryRow,
    name: str,
    siren: str | None,
    site: str,
    reversed_by: int | None,
    recorder: str | None,
) -> AidEntry:
    return AidEntry(
        id=row.id,
        organisation_id=OrganisationId(row.organisation_id),
        organisation=name,
        siren=siren,
        site_id=SiteId(row.site_id),
        site=site,
        granted_on=row.granted_on,
        amount=Money(row.amount_minor),
        nominal=Money(row.nominal_minor),
        source=AidSource(row.source),
        reference=row.reference,
        granter=row.granter,
        regulation=row.regulation,
        nace=row.nace,
        basis=row.basis,
        reason=row.reason,
        reverses_id=row.reverses_id,
        reversed_by=reversed_by,
        recorded_at=row.recorded_at,
        recorder=recorder,
    )
