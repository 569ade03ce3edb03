"""Publishing a draft in one act, taking back what has not begun, and dated rates of VAT."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import BadRateCard, BadVatRate, CardInForce
from app.domain.ids import SiteCode
from app.domain.permissions import Actor, Permission, Subject, require
from app.domain.vat_rules import VatCode
from app.spaces.queries import find_network, find_revision
from app.spaces.service import move_revision
from app.spaces.tables import NetworkRevisionRow
from app.tariffs.cards import Draft, Version
from app.tariffs.preparing import Prepared, SiteChange, prepare
from app.tariffs.queries import find_standing, get_draft, get_version
from app.tariffs.service.drafting import lock_draft
from app.tariffs.tables import CardWithdrawalRow, CharterRow, RateCardRow, VatRateRow


def publish_draft(
    session: Session,
    actor: Actor,
    draft_id: int,
    *,
    effective_on: date | None,
    deliberation: str,
    now: datetime,
) -> Prepared:
    """Publish a draft: one version at its site, or at every site for the charter.

    Raises NotAllowed, DraftClosed, and BadRateCard with every place that stands against it.
    """
    require(actor, Permission.CARD_PUBLISH, Subject())
    _one_at_a_time(session)
    row = lock_draft(session, actor, draft_id)
    row.effective_on, row.deliberation = effective_on, deliberation.strip()
    session.flush()
    draft = get_draft(session, draft_id)
    standing = find_standing(session, find_network(session))
    prepared = prepare(draft, standing, now=now)
    if prepared.faults or effective_on is None:
        raise BadRateCard(tuple(str(fault) for fault in prepared.faults))
    charter_id = standing.charter.id if standing.charter else None
    if draft.site is None:
        charter_id = _write_charter(session, draft, standing.charter_number + 1, actor, now)
    for change in prepared.changes:
        site_id = standing.network.get_site(change.site).id
        _write_card(session, change, draft, (site_id, charter_id), actor, now)
    row.closed_at = now
    row.published = ", ".join(f"{change.site} {change.number}" for change in prepared.changes)
    _tell_everybody(session, now)
    return prepared


def withdraw(
    session: Session,
    actor: Actor,
    site: SiteCode | None,
    number: int,
    *,
    reason: str,
    now: datetime,
) -> tuple[Version, ...]:
    """Take an announced version back; the charter's (no site) at every site.

    Raises NotAllowed, UnknownCard, or CardInForce once it counts or another one followed.
    """
    require(actor, Permission.CARD_PUBLISH, Subject())
    _one_at_a_time(session)
    asked = get_version(session, site, number)
    standing = find_standing(session, find_network(session))
    taken = [
        latest
        for latest in standing.latest.values()
        if (latest.charter == number if site is None else latest.id == asked.id)
    ]
    if not taken or (site is None and len(taken) < len(standing.latest)):
        raise CardInForce(asked.effective_on)
    for version in taken:
        place = standing.network.get_site(str(version.site))
        if version.effective_on <= place.calendar.local_date(now):
            raise CardInForce(version.effective_on)
        session.add(
            CardWithdrawalRow(
                rate_card_id=version.id,
                reason=reason,
                withdrawn_at=now,
                withdrawn_by=actor.account_id,
            )
        )
    _tell_everybody(session, now)
    return tuple(replace(version, withdrawn_at=now, withdrawn_for=reason) for version in taken)


def record_vat_rate(
    session: Session,
    actor: Actor,
    *,
    code: VatCode,
    valid_from: date,
    percent: Decimal,
    source: str,
    today: date,
    now: datetime,
) -> None:
    """Add a rate from a day to come on, or correct one that has not begun.

    Raises NotAllowed, or BadVatRate for a day that has begun and for what stands there already.
    """
    require(actor, Permission.CARD_PUBLISH, Subject())
    _one_at_a_time(session)
    if valid_from <= today:
        raise BadVatRate("begun")
    same_day = select(VatRateRow).where(
        VatRateRow.code == code.value, VatRateRow.valid_from == valid_from
    )
    before = session.scalars(same_day.order_by(VatRateRow.revision.desc()).limit(1)).first()
    if before is not None and Decimal(before.percent) == percent:
        raise BadVatRate("same")
    session.add(
        VatRateRow(
            code=code.value,
            valid_from=valid_from,
            revision=before.revision + 1 if before else 1,
            percent=f"{percent.normalize():f}",
            source=source,
            recorded_at=now,
            recorded_by=actor.account_id,
        )
    )
    _tell_everybody(session, now)


def _one_at_a_time(session: Session) -> None:
    """Queue behind whoever publishes or loads: the number of a version is given once."""
    session.get(NetworkRevisionRow, 1, with_for_update=True)


def _tell_everybody(session: Session, now: datetime) -> None:
    """Let every process read the cards anew; the places stay what the files said."""
    session.flush()
    _number, digest = find_revision(session)
    move_revision(session, digest, now=now)


def _write_charter(session: Session, draft: Draft, number: int, actor: Actor, now: datetime) -> int:
    row = CharterRow(
        version=number,
        effective_on=draft.effective_on,
        deliberation=draft.deliberation,
        content=draft.content,
        note=draft.note,
        published_at=now,
        published_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    return row.id


def _write_card(
    session: Session,
    change: SiteChange,
    draft: Draft,
    ids: tuple[int, int | None],
    actor: Actor,
    now: datetime,
) -> None:
    site_id, charter_id = ids
    session.add(
        RateCardRow(
            site_id=site_id,
            version=change.number,
            effective_on=draft.effective_on,
            deliberation=draft.deliberation,
            content=change.content,
            own=change.own,
            charter_id=charter_id,
            note=draft.note,
            published_at=now,
            published_by=actor.account_id,
        )
    )
