"""What can be done with prices: publish the cards of the files, and quote a stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.intervals import Span
from app.domain.profiles import ProvenProfile, in_date
from app.domain.tariffs import Asked, Quote, quote
from app.spaces.network import Space
from app.spaces.queries import read_network
from app.spaces.service import LoadReport, apply_plan, move_revision
from app.tariffs.cards import Cards
from app.tariffs.files import CardPlan, NetworkFiles
from app.tariffs.tables import RateCardRow


def quote_for(
    cards: Cards, space: Space, span: Span, people: int, profiles: Iterable[ProvenProfile]
) -> Quote:
    """Price a stay by the card and the proofs in force on its first day, wherever it is read.

    Raises NoRateCard or NoPrice when the card does not sell such a stay.
    """
    day = space.calendar.local_date(span.start)
    asked = Asked(
        kind=space.kind,
        capacity=space.capacity,
        span=span,
        people=people,
        profiles=in_date(profiles, on=day),
        row=space.rate,
    )
    return quote(cards.card_for(space.site, day), asked, space.calendar)


def load_network_files(
    session: Session,
    files: NetworkFiles,
    *,
    now: datetime,
    announced: Mapping[int, int] | None = None,
) -> LoadReport:
    """Bring places and cards to what the files say, and move the revision if anything changed.

    Raises BadNetwork, listing everything that would break bookings to come; `announced` is the
    most people that any of them announced, by space.
    """
    places = apply_plan(session, files.plan, now=now, announced=announced)
    published = publish_cards(session, files.cards, now=now)
    report = LoadReport((*places.changed, *published), places.warnings)
    if report:
        move_revision(session, files.digest, now=now)
    return report


def publish_cards(session: Session, cards: Iterable[CardPlan], *, now: datetime) -> tuple[str, ...]:
    """Write a new version of each card that differs from the newest one; gives what was written.

    The first version counts from the day its file names, a later one not before today: what was
    sold before keeps its price, and no card is ever edited.
    """
    newest = _newest(session)
    network = read_network(session, 0)
    published = []
    for card in cards:
        site = network.get_site(card.site)
        before = newest.get(site.id)
        if before is not None and before.content == card.content:
            continue
        today = site.calendar.local_date(now)
        row = RateCardRow(
            site_id=site.id,
            version=before.version + 1 if before else 1,
            effective_on=max(card.effective_on, today) if before else card.effective_on,
            deliberation=card.deliberation,
            content=dict(card.content),
            published_at=now,
        )
        session.add(row)
        published.append(f"rate card {site.code} version {row.version} from {row.effective_on}")
    session.flush()
    return tuple(published)


def _newest(session: Session) -> dict[int, RateCardRow]:
    last = select(func.max(RateCardRow.id)).group_by(RateCardRow.site_id)
    rows = session.scalars(select(RateCardRow).where(RateCardRow.id.in_(last)))
    return {row.site_id: row for row in rows}
