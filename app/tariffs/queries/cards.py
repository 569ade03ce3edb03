"""Reads of rate cards: all of them once per revision of the network."""

from __future__ import annotations

from collections import defaultdict
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app.domain.ids import SiteCode
from app.domain.tariffs import RateCard, rate_card_from
from app.spaces.network import Network
from app.spaces.tables import SiteRow
from app.tariffs.cards import Cards
from app.tariffs.tables import RateCardRow

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
    """Read every version of every site from the database."""
    rows = session.execute(
        select(SiteRow.code, RateCardRow)
        .join(RateCardRow, RateCardRow.site_id == SiteRow.id)
        .order_by(SiteRow.code, RateCardRow.version)
    )
    by_site: dict[SiteCode, list[RateCard]] = defaultdict(list)
    for code, row in rows:
        by_site[SiteCode(code)].append(card_of(row))
    return Cards({code: tuple(cards) for code, cards in by_site.items()})


def card_of(row: RateCardRow) -> RateCard:
    """Build the card that a row keeps."""
    return rate_card_from(
        {
            **row.content,
            "version": row.version,
            "effective_on": row.effective_on.isoformat(),
            "deliberation": row.deliberation,
        }
    )
