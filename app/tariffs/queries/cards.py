"""The cards in force and announced, read once per revision of the network."""

from __future__ import annotations

from collections import defaultdict
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app.domain.ids import SiteCode
from app.domain.tariffs import RateCard, rate_card_from
from app.domain.vat_rules import VatSeries
from app.spaces.network import Network
from app.spaces.tables import SiteRow
from app.tariffs.cards import Cards
from app.tariffs.queries.rates import read_vat_series
from app.tariffs.tables import CardWithdrawalRow, RateCardRow

_kept: WeakKeyDictionary[Pool, tuple[Network, Cards]] = WeakKeyDictionary()


def find_cards(session: Session, network: Network) -> Cards:
    """Give the cards that go with a network just found; no statement while it stays the same."""
    pool = session.get_bind().engine.pool
    kept = _kept.get(pool)
    if kept is None or kept[0] is not network:
        kept = (network, read_cards(session))
        _kept[pool] = kept
    return kept[1]


def read_cards(session: Session) -> Cards:
    """Read every version of every site from the database, but those that were withdrawn."""
    vat = read_vat_series(session)
    rows = session.execute(
        select(SiteRow.code, RateCardRow)
        .join(RateCardRow, RateCardRow.site_id == SiteRow.id)
        .outerjoin(CardWithdrawalRow, CardWithdrawalRow.rate_card_id == RateCardRow.id)
        .where(CardWithdrawalRow.rate_card_id.is_(None))
        .order_by(SiteRow.code, RateCardRow.version)
    )
    by_site: dict[SiteCode, list[RateCard]] = defaultdict(list)
    for code, row in rows:
        by_site[SiteCode(code)].append(card_of(row, vat))
    return Cards({code: tuple(cards) for code, cards in by_site.items()}, vat)


def card_of(row: RateCardRow, vat: VatSeries) -> RateCard:
    """Build the card that a row keeps."""
    return rate_card_from(
        {
            **row.content,
            "version": row.version,
            "effective_on": row.effective_on.isoformat(),
            "deliberation": row.deliberation,
        },
        vat,
    )
