"""Reads the folder of the network whole, places and prices, and tells every fault at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.domain.errors import BadNetwork, BadRateCard, NoPrice
from app.domain.indices import IndexValue
from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.tariffs import RateCard, rate_card_from, unsound
from app.domain.vat_rules import VatSeries
from app.spaces.plan import NetworkPlan, SitePlan
from app.spaces.plan_reader import read_plan
from app.spaces.toml_tables import Fault, Source, read_source
from app.tariffs.charter import OWN_TABLES, SITE, compose, json_object, without_given
from app.tariffs.index_files import read_indices
from app.tariffs.vat_files import read_vat

CHARTER = "charter.toml"
VAT = "vat.toml"
INDICES = "indices.csv"
# The database gives these: a card gets its number when it is published.
_GIVEN = ("version", "site")


@dataclass(frozen=True, slots=True)
class CardPlan:
    """The card of one site as the files have it: the charter's words and its own."""

    site: str
    effective_on: date
    deliberation: str
    charter: JsonObject
    own: JsonObject


@dataclass(frozen=True, slots=True)
class NetworkFiles:
    """Everything `config/network/` says."""

    plan: NetworkPlan
    cards: tuple[CardPlan, ...]
    vat: VatSeries
    indices: tuple[IndexValue, ...]
    digest: str


def read_network_folder(folder: Path) -> NetworkFiles:
    """Read operators, sites, the charter's card, and rates; raises BadNetwork with every fault."""
    plan, faults = read_plan(folder)
    source = read_source(folder / CHARTER, CHARTER)
    rates = read_source(folder / VAT, VAT)
    vat = read_vat(rates)
    values, wrong = read_indices(folder / INDICES)
    reader = _CardReader(source, vat)
    cards = tuple(reader.read(site) for site in plan.sites)
    faults = [*faults, *source.faults, *rates.faults, *reader.faults]
    faults += _unpriced(plan, reader.cards)
    faults += [Fault(INDICES, line, text) for line, text in wrong]
    if faults:
        raise BadNetwork(tuple(str(fault) for fault in sorted(set(faults))))
    told = f"{plan.digest} {source.data!r} {rates.data!r} {values!r}"
    return NetworkFiles(plan, cards, vat, values, hashlib.sha256(told.encode()).hexdigest())


class _CardReader:
    """Joins the charter with each site's own table, and has the rules judge the result."""

    def __init__(self, charter: Source, vat: VatSeries) -> None:
        self._charter = charter
        self._vat = vat
        self.faults: list[Fault] = []
        self.cards: dict[str, RateCard] = {}
        for key in _GIVEN:
            if key in charter.data:
                self.faults.append(charter.at((key,)).fault(f"{key}: is not written here"))
        self._content = json_object(charter.data)

    def read(self, site: SitePlan) -> CardPlan:
        """Give a site's card; its faults are noted where they stand, in one file or the other."""
        own = json_object(site.card.rest())
        content = compose(self._content, own)
        try:
            if not self._charter.faults:
                card = rate_card_from({**content, "version": 1}, self._vat)
                self.faults += [self._located(site, text) for text in unsound(card)]
                self.cards[site.code] = card
        except BadRateCard as error:
            self.faults += [self._located(site, text) for text in error.faults]
        known = self.cards.get(site.code)
        return CardPlan(
            site=site.code,
            effective_on=known.effective_on if known else date.min,
            deliberation=known.deliberation if known else "",
            charter=without_given(self._content),
            own=own,
        )

    def _located(self, site: SitePlan, text: str) -> Fault:
        """Turn a key path such as `rows.seat.day` into a line of the file it stands in."""
        path = text.split(":", 1)[0].split(".")
        if path[0] == SITE:
            return site.card.where(path[1] if len(path) > 1 else "").fault(text)
        if path[0] in OWN_TABLES and site.card.has(path[0]):
            return site.card.where(path[0]).fault(text)
        return self._charter.at(tuple(path)).fault(text)


def _unpriced(plan: NetworkPlan, cards: Mapping[str, RateCard]) -> Iterator[Fault]:
    """A place that can be booked has a price, and a row that is named exists."""
    for space in plan.spaces:
        card = cards.get(space.site)
        if card is None or not (space.bookable or space.rate) or not space.kind:
            continue
        try:
            card.row_for(SpaceKind(space.kind), space.capacity, space.rate)
        except NoPrice:
            named = f" named {space.rate!r}" if space.rate else ""
            yield space.at.fault(
                f"rate: the card has no row{named} for a {space.kind} of {space.capacity} people"
                f" (space {space.code!r})"
            )
