"""What prices cost: in a search of the whole network, and the best plan for a month of days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import thread_time as time_of_cpu
from zoneinfo import ZoneInfo

from app.db.transaction import reading
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.tariffs import Asked, RateCard, cheapest_plan, quote
from app.spaces.network import Space
from app.spaces.queries import find_network
from app.tariffs.cards import Cards
from app.tariffs.queries import find_cards
from app.tariffs.service import quote_for
from tests import databases
from tests.bench.ratios import Line, in_turns

PARIS = ZoneInfo("Europe/Paris")
SPACES, SEARCHES, PLANS, DAYS = 60, 100, 60, 31
WANTED_SEARCH, WANTED_PLAN = 0.40, 5.0
# Mornings, whole days and afternoons in turn, as a person comes and goes.
HOURS = (("09:00", "12:00"), ("09:00", "17:00"), ("13:30", "18:00"))


def measure(folder: Path) -> Iterator[Line]:
    """Give the share of quotes in a search, and a plan and a long stay over their plain quotes."""
    app = databases.network_app("sqlite", folder)
    with app.app_context(), reading() as session:
        network = find_network(session)
        cards = find_cards(session, network)
    client, span = app.test_client(), _a_tuesday()
    stamps = [f"{instant:%Y-%m-%dT%H:%M:%SZ}" for instant in (span.start, span.end)]
    query = {"from": stamps[0], "to": stamps[1]}

    def search() -> list[str]:
        found = client.get("/api/v1/availability", query_string=query).get_json()
        return [offer["space"] for offer in found["items"]]

    codes = [str(code["code"] if isinstance(code, dict) else code) for code in search()]
    spaces = [network.get_space(codes[number % len(codes)]) for number in range(SPACES)]
    searching, quoting = in_turns(search, lambda: _quote_all(cards, spaces, span), SEARCHES)
    share = quoting * len(codes) / SPACES / searching
    note = f"{len(codes)} places, {quoting * 1e6 / SPACES:.0f} µs a quote"
    yield Line("quotes of a search / that search", share, WANTED_SEARCH, note=note)
    metz = cards.card_for("metz", span.start.date())
    seat = next(space for space in network.spaces if space.kind is SpaceKind.SEAT)
    yield _plan(metz, seat)
    yield _long_stay(metz, seat)
    databases.close(app)


def _quote_all(cards: Cards, spaces: list[Space], span: Span) -> None:
    for space in spaces:
        quote_for(cards, space, span, 1, [], booked_on=span.start.date())


def _plan(card: RateCard, seat: Space) -> Line:
    """The cheapest packs and months for 31 days, over one rate by the hour on the same days."""
    start = _a_tuesday().start.astimezone(PARIS).date()
    stays = []
    for number in range(DAYS):
        hours = HOURS[number % len(HOURS)]
        begin, end = (
            datetime.combine(start + timedelta(days=number), time.fromisoformat(hour), PARIS)
            for hour in hours
        )
        span = Span(begin.astimezone(UTC), end.astimezone(UTC))
        stays.append(Asked(SpaceKind.SEAT, 1, span))
    single = _by_the_hour(card, "seat")
    plain, best = in_turns(
        lambda: [quote(single, stay, seat.calendar) for stay in stays],
        lambda: cheapest_plan(card, stays, seat.calendar),
        PLANS,
        clock=time_of_cpu,
    )
    note = f"{best * 1e3:.1f} ms over {plain * 1e3:.1f} ms"
    return Line(
        f"best plan of {DAYS} days / quotes at one rate", best / plain, WANTED_PLAN, note=note
    )


def _long_stay(card: RateCard, seat: Space) -> Line:
    """The best combination over one stay of 31 days and all bands, over one rate for it."""
    start = _a_tuesday().start
    asked = Asked(SpaceKind.MEETING_ROOM, 12, Span(start, start + timedelta(days=DAYS)))
    single = _by_the_hour(card, "meeting_12")
    plain, best = in_turns(
        lambda: quote(single, asked, seat.calendar),
        lambda: quote(card, asked, seat.calendar),
        PLANS,
        clock=time_of_cpu,
    )
    note = f"{best * 1e3:.1f} ms over {plain * 1e3:.1f} ms"
    return Line(
        f"best price of {DAYS} days on end / one rate", best / plain, WANTED_PLAN, note=note
    )


def _by_the_hour(card: RateCard, name: str) -> RateCard:
    """The same card with one row that sells hours only."""
    row = card.rows[name]
    hourly = replace(row, hour=row.hour or 200, half_day=None, day=None, evening=None)
    return replace(card, rows={name: hourly})


def _a_tuesday() -> Span:
    """Two hours of a Tuesday morning, some weeks from now."""
    soon = datetime.now(PARIS).date() + timedelta(days=14)
    tuesday = soon + timedelta(days=(1 - soon.weekday()) % 7)
    begin = datetime.combine(tuesday, time(10), PARIS).astimezone(UTC)
    return Span(begin, begin + timedelta(hours=2))
