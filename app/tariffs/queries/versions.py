"""Reads of what was published: every version of the charter and of each site's card."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import UnknownCard
from app.domain.ids import SiteCode
from app.people.tables import AccountRow
from app.spaces.network import Network
from app.spaces.tables import SiteRow
from app.tariffs.cards import Version
from app.tariffs.charter import own_of
from app.tariffs.preparing import Standing
from app.tariffs.queries.cards import find_cards
from app.tariffs.tables import CardWithdrawalRow, CharterRow, RateCardRow


def versions_of(session: Session, site: str) -> tuple[Version, ...]:
    """Give every version of a site's card, latest first, those withdrawn too."""
    statement = _CARDS.where(SiteRow.code == site).order_by(RateCardRow.version.desc())
    return tuple(_card(*row) for row in session.execute(statement))


def charters(session: Session) -> tuple[Version, ...]:
    """Give every version of the charter, latest first."""
    statement = _CHARTERS.order_by(CharterRow.version.desc())
    return tuple(_charter(*row) for row in session.execute(statement))


def find_version(session: Session, site: str | None, number: int) -> Version | None:
    """Give one version of a site's card, or of the charter (no site), or None."""
    if site is None:
        found = session.execute(_CHARTERS.where(CharterRow.version == number)).first()
        return None if found is None else _charter(*found)
    wanted = _CARDS.where(SiteRow.code == site, RateCardRow.version == number)
    row = session.execute(wanted).first()
    return None if row is None else _card(*row)


def get_version(session: Session, site: str | None, number: int) -> Version:
    """Give one version of a site's card, or of the charter (no site); raises UnknownCard."""
    if (found := find_version(session, site, number)) is None:
        raise UnknownCard(f"{site or 'charter'} {number}")
    return found


def latest_versions(session: Session) -> dict[SiteCode, Version]:
    """Give the last version of each site that was not withdrawn, in force or announced."""
    kept = (
        select(func.max(RateCardRow.id))
        .outerjoin(CardWithdrawalRow, CardWithdrawalRow.rate_card_id == RateCardRow.id)
        .where(CardWithdrawalRow.rate_card_id.is_(None))
        .group_by(RateCardRow.site_id)
    )
    statement = _CARDS.where(RateCardRow.id.in_(kept)).order_by(SiteRow.position, SiteRow.code)
    found = [_card(*row) for row in session.execute(statement)]
    return {version.site: version for version in found if version.site is not None}


def latest_charter(session: Session) -> Version | None:
    """Give the last charter whose cards were not withdrawn, or None before the first."""
    withdrawn = (
        select(CardWithdrawalRow.rate_card_id)
        .join(RateCardRow, RateCardRow.id == CardWithdrawalRow.rate_card_id)
        .where(RateCardRow.charter_id == CharterRow.id)
    )
    statement = _CHARTERS.where(~withdrawn.exists()).order_by(CharterRow.version.desc())
    row = session.execute(statement.limit(1)).first()
    return None if row is None else _charter(*row)


def find_standing(session: Session, network: Network) -> Standing:
    """Give everything a draft is measured by; the cards in force are kept with the network."""
    numbers = (
        select(SiteRow.code, func.max(RateCardRow.version))
        .join(RateCardRow, RateCardRow.site_id == SiteRow.id)
        .group_by(SiteRow.code)
    )
    return Standing(
        network=network,
        cards=find_cards(session, network),
        latest=latest_versions(session),
        charter=latest_charter(session),
        numbers={SiteCode(code): number for code, number in session.execute(numbers)},
        charter_number=session.scalar(select(func.max(CharterRow.version))) or 0,
    )


def _card(
    row: RateCardRow,
    site: str,
    charter: int | None,
    author: str | None,
    withdrawal: CardWithdrawalRow | None,
) -> Version:
    return Version(
        id=row.id,
        site=SiteCode(site),
        number=row.version,
        effective_on=row.effective_on,
        deliberation=row.deliberation,
        content=row.content,
        own=own_of(row.content) if row.own is None else row.own,
        note=row.note,
        published_at=row.published_at,
        published_by=author,
        charter=charter,
        withdrawn_at=None if withdrawal is None else withdrawal.withdrawn_at,
        withdrawn_for=None if withdrawal is None else withdrawal.reason,
    )


def _charter(row: CharterRow, author: str | None) -> Version:
    return Version(
        id=row.id,
        site=None,
        number=row.version,
        effective_on=row.effective_on,
        deliberation=row.deliberation,
        content=row.content,
        own={},
        note=row.note,
        published_at=row.published_at,
        published_by=author,
        charter=row.version,
    )


_CARDS = (
    select(RateCardRow, SiteRow.code, CharterRow.version, AccountRow.name, CardWithdrawalRow)
    .join(SiteRow, SiteRow.id == RateCardRow.site_id)
    .outerjoin(CharterRow, CharterRow.id == RateCardRow.charter_id)
    .outerjoin(AccountRow, AccountRow.id == RateCardRow.published_by)
    .outerjoin(CardWithdrawalRow, CardWithdrawalRow.rate_card_id == RateCardRow.id)
)
_CHARTERS = select(CharterRow, AccountRow.name).outerjoin(
    AccountRow, AccountRow.id == CharterRow.published_by
)
