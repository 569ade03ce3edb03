"""What publishing a draft would do: the card each site gets, and every reason against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.domain.errors import BadRateCard, NoPrice
from app.domain.ids import SiteCode
from app.domain.json_values import JsonObject
from app.domain.tariffs import RateCard, rate_card_from, unsound
from app.spaces.network import Network, Site
from app.tariffs.cards import Cards, Draft, Version
from app.tariffs.charter import compose
from app.tariffs.comparing import Difference, compare

_NO_DAY = date(1970, 1, 1)  # stands in a card that is judged before its day is chosen


class FaultKind(StrEnum):
    """Why a draft cannot be published."""

    CONTENT = "content"
    NO_DAY = "no-day"
    PAST = "past"
    OVERLAP = "overlap"
    GAP = "gap"
    UNPRICED = "unpriced"
    NO_DELIBERATION = "no-deliberation"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class CardFault:
    """One reason against it: where on the card, at which site (None: all), and the facts."""

    kind: FaultKind
    path: str
    site: SiteCode | None = None
    facts: JsonObject | None = None

    def __str__(self) -> str:
        where = f"{self.site}: {self.path}" if self.site else self.path
        told = " ".join(str(value) for value in (self.facts or {}).values())
        return f"{where}: {self.kind.value} {told}".rstrip()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is published: the last charter, each site's last card, and the numbers given so far."""

    network: Network
    cards: Cards
    latest: Mapping[SiteCode, Version]
    charter: Version | None
    numbers: Mapping[SiteCode, int]
    charter_number: int

    @property
    def charter_content(self) -> JsonObject:
        """The words all cards share; of an old house without a charter, those of its first card."""
        if self.charter is not None:
            return self.charter.content
        first = next(iter(self.latest.values()), None)
        return {} if first is None else compose(first.content, {})

    def base_of(self, draft: Draft) -> int:
        """The version a draft should have begun from by now."""
        if draft.site is None:
            return self.charter.number if self.charter else 0
        latest = self.latest.get(draft.site)
        return latest.number if latest else 0


@dataclass(frozen=True, slots=True)
class SiteChange:
    """What one site gets: its next version, its card unless it is faulty, and what differs."""

    site: SiteCode
    name: str
    number: int
    before: Version | None
    content: JsonObject
    own: JsonObject
    card: RateCard | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft made ready: one act for one site or for all."""

    changes: tuple[SiteChange, ...]
    faults: tuple[CardFault, ...]

    @property
    def cards(self) -> dict[SiteCode, RateCard]:
        """The cards that would be published, of the sites where they can be read."""
        return {each.site: each.card for each in self.changes if each.card is not None}


def prepare(draft: Draft, standing: Standing, *, now: datetime) -> Prepared:
    """Say what each site would get and everything that stands against it; raises UnknownSite."""
    network = standing.network
    sites = network.sites if draft.site is None else (network.get_site(draft.site),)
    faults = [*_formal_faults(draft, standing)]
    changes = []
    for site in sites:
        change, found = _change(draft, standing, site)
        changes.append(change)
        faults += found
        faults += _day_faults(draft, standing, site, now)
        if change.card is not None:
            faults += unpriced(change.card, site)
    return Prepared(tuple(changes), _told_once(faults, len(sites)))


def unpriced(card: RateCard, site: Site) -> Iterator[CardFault]:
    """Give every place of the site that can be booked and has no price on the card."""
    for space in site.spaces:
        if not (space.bookable or space.rate):
            continue
        try:
            card.row_for(space.kind, space.capacity, space.rate)
        except NoPrice:
            facts: JsonObject = {
                "space": space.code,
                "kind": space.kind.value,
                "capacity": space.capacity,
                "row": space.rate,
            }
            yield CardFault(FaultKind.UNPRICED, f"rows.{space.rate or '*'}", site.code, facts)


def _change(draft: Draft, standing: Standing, site: Site) -> tuple[SiteChange, Iterable[CardFault]]:
    before = standing.latest.get(site.code)
    if draft.site is None:
        charter, own = draft.content, before.own if before else {}
    else:
        charter, own = standing.charter_content, draft.content
    content = compose(charter, own)
    number = standing.numbers.get(site.code, 0) + 1
    card, faults = _judged(content, number, draft, standing)
    differences = compare(before.content if before else {}, content)
    change = SiteChange(site.code, site.name, number, before, content, own, card, differences)
    return change, [replace(fault, site=site.code) for fault in faults]


def _judged(
    content: JsonObject, number: int, draft: Draft, standing: Standing
) -> tuple[RateCard | None, list[CardFault]]:
    """Have the rules read the card; a fault names its key path and what is wrong there."""
    whole = {
        **content,
        "version": number,
        "effective_on": (draft.effective_on or _NO_DAY).isoformat(),
        "deliberation": draft.deliberation.strip() or "?",
    }
    try:
        card = rate_card_from(whole, standing.cards.vat)
    except BadRateCard as error:
        return None, _content_faults(error.faults)
    return card, _content_faults(unsound(card) if draft.effective_on else ())


def _content_faults(faults: Iterable[str]) -> list[CardFault]:
    told = (fault.partition(":") for fault in faults)
    return [
        CardFault(FaultKind.CONTENT, path, facts={"text": text.strip()})
        for path, _colon, text in told
    ]


def _formal_faults(draft: Draft, standing: Standing) -> Iterator[CardFault]:
    if draft.effective_on is None:
        yield CardFault(FaultKind.NO_DAY, "effective_on", draft.site)
    if not draft.deliberation.strip():
        yield CardFault(FaultKind.NO_DELIBERATION, "deliberation", draft.site)
    if (current := standing.base_of(draft)) != draft.base_version:
        facts: JsonObject = {"base": draft.base_version, "current": current}
        yield CardFault(FaultKind.OUTDATED, "base_version", draft.site, facts)


def _day_faults(draft: Draft, standing: Standing, site: Site, now: datetime) -> Iterator[CardFault]:
    """A version begins today or later, after every other one, and leaves no day without a card."""
    begins, today = draft.effective_on, site.calendar.local_date(now)
    if begins is None:
        return
    if begins < today:
        yield _day_fault(FaultKind.PAST, site, today)
    latest = standing.latest.get(site.code)
    if latest is not None and begins <= latest.effective_on:
        yield _day_fault(FaultKind.OVERLAP, site, latest.effective_on, version=latest.number)
    if begins > today and standing.cards.find_card(site.code, today) is None:
        yield _day_fault(FaultKind.GAP, site, today, until=begins.isoformat())


def _day_fault(kind: FaultKind, site: Site, day: date, **more: str | int) -> CardFault:
    return CardFault(kind, "effective_on", site.code, {"day": day.isoformat(), **more})


def _told_once(faults: list[CardFault], sites: int) -> tuple[CardFault, ...]:
    """Say once, of no site, what is the same at all of them."""
    plain = [str(replace(fault, site=None)) for fault in faults]
    told: dict[str, CardFault] = {}
    for fault, words in zip(faults, plain, strict=True):
        if sites > 1 and plain.count(words) == sites:
            told.setdefault(words, replace(fault, site=None))
        else:
            told.setdefault(str(fault), fault)
    return tuple(told.values())
