"""What can be done with prices: publish the cards of the files, and quote a stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.intervals import Span
from app.domain.profiles import ProvenProfile, in_date, proof_of
from app.domain.tariffs import Asked, Quote, Right, quote
from app.domain.vat_rules import PRIVATE_PERSON, Customer
from app.spaces.network import Space
from app.spaces.queries import read_network
from app.spaces.service import LoadReport, apply_plan, move_revision
from app.tariffs.cards import Cards
from app.tariffs.files import CardPlan, NetworkFiles
from app.tariffs.tables import RateCardRow


def quote_for(
    cards: Cards,
    space: Space,
    span: Span,
    people: int,
    profiles: Sequence[ProvenProfile],
    *,
    booked_on: date,
    customer: Customer = PRIVATE_PERSON,
    rights: Sequence[Right] = (),
) -> Quote:
    """Price a stay by the card in force on the day of asking; proofs, rights and tax by its own.

    A move is a new asking. Raises NoRateCard, or NoPrice when the card does not sell such a stay.
    """
    day = space.calendar.local_date(span.start)
    card = cards.card_for(space.site, booked_on)
    family = card.row_for(space.kind, space.capacity, space.rate).family if rights else None
    asked = Asked(
        kind=space.kind,
        capacity=space.capacity,
        span=span,
        people=people,
        profiles=in_date(profiles, on=day),
        row=space.rate,
        customer=customer,
        rights=tuple(
            right
            for right in rights
            if family is not None and right.honours(family, space.kind, space.site, day)
        ),
    )
    priced = quote(card, asked, space.calendar)
    proof = proof_of(priced.profile, profiles, on=day)
    return priced if proof is None else replace(priced, proof=proof)


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
