"""Reads of prices: cards in force, every version, drafts, and the rates of VAT."""

from app.tariffs.queries.cards import card_of, find_cards, read_cards
from app.tariffs.queries.drafts import find_draft, get_draft, open_drafts
from app.tariffs.queries.rates import read_vat_entries, read_vat_series
from app.tariffs.queries.versions import (
    charters,
    find_standing,
    find_version,
    get_version,
    latest_charter,
    latest_versions,
    versions_of,
)

__all__ = [
    "card_of",
    "charters",
    "find_cards",
    "find_draft",
    "find_standing",
    "find_version",
    "get_draft",
    "get_version",
    "latest_charter",
    "latest_versions",
    "open_drafts",
    "read_cards",
    "read_vat_entries",
    "read_vat_series",
    "versions_of",
]
