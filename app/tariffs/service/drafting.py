"""Writing a card before it counts: begun from what is published, saved, taken up, put aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DraftChanged, DraftClosed, UnknownDraft
from app.domain.ids import SiteCode
from app.domain.json_values import JsonObject
from app.domain.permissions import Actor, Permission, Subject, require
from app.people.tables import AccountRow
from app.spaces.queries import find_network
from app.tariffs.cards import Draft
from app.tariffs.queries import find_standing, get_draft
from app.tariffs.tables import CardDraftRow


@dataclass(frozen=True, slots=True)
class DraftWords:
    """What a draft says: its content, from when, by which act, and why."""

    content: JsonObject
    effective_on: date | None = None
    deliberation: str = ""
    note: str = ""


def start_draft(
    session: Session,
    actor: Actor | None,
    *,
    site: SiteCode | None,
    now: datetime,
    words: DraftWords | None = None,
) -> int:
    """Begin a draft of the charter (no site) or of a site's own prices; gives its number.

    Without words it begins as what is published. No actor is the operator's command line.
    Raises NotAllowed, UnknownSite.
    """
    if actor is not None:
        require(actor, Permission.CARD_DRAFT, Subject(site=site))
    network = find_network(session)
    standing = find_standing(session, network)
    place = None if site is None else network.get_site(site)
    latest = standing.charter if site is None else standing.latest.get(site)
    published = standing.charter_content if site is None else latest.own if latest else {}
    row = CardDraftRow(
        site_id=None if place is None else place.id,
        content=published if words is None else words.content,
        effective_on=words.effective_on if words else None,
        deliberation=words.deliberation if words else "",
        note=words.note if words else "",
        base_version=latest.number if latest else 0,
        revision=1,
        author_id=None if actor is None else actor.account_id,
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def save_draft(
    session: Session,
    actor: Actor,
    draft_id: int,
    words: DraftWords,
    *,
    revision: int,
    now: datetime,
) -> Draft:
    """Keep what was typed; raises NotAllowed, DraftClosed, or DraftChanged by somebody else."""
    row = lock_draft(session, actor, draft_id)
    if row.revision != revision:
        name = session.scalar(select(AccountRow.name).where(AccountRow.id == row.author_id))
        raise DraftChanged(name or "?")
    row.content = words.content
    row.effective_on = words.effective_on
    row.deliberation = words.deliberation
    row.note = words.note
    row.author_id = actor.account_id
    row.revision += 1
    row.changed_at = now
    session.flush()
    return get_draft(session, draft_id)


def discard_draft(session: Session, actor: Actor, draft_id: int, *, now: datetime) -> None:
    """Put a draft aside for good; raises NotAllowed or DraftClosed."""
    row = lock_draft(session, actor, draft_id)
    row.closed_at = now
    session.flush()


def accept_base(session: Session, actor: Actor, draft_id: int, *, now: datetime) -> None:
    """Say that a draft was compared with what was published since, and is meant as it stands."""
    row = lock_draft(session, actor, draft_id)
    draft = get_draft(session, draft_id)
    row.base_version = find_standing(session, find_network(session)).base_of(draft)
    row.changed_at = now
    session.flush()


def lock_draft(session: Session, actor: Actor, draft_id: int) -> CardDraftRow:
    """Hold an open draft that the actor may write; raises UnknownDraft, NotAllowed, DraftClosed."""
    row = session.get(CardDraftRow, draft_id, with_for_update=True)
    if row is None:
        raise UnknownDraft(draft_id)
    draft = get_draft(session, draft_id)
    require(actor, Permission.CARD_DRAFT, Subject(site=draft.site))
    if row.closed_at is not None:
        raise DraftClosed
    return row
