"""Reads of drafts, with the names of those who write them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import UnknownDraft
from app.domain.ids import AccountId, SiteCode, SiteId
from app.people.tables import AccountRow
from app.spaces.tables import SiteRow
from app.tariffs.cards import Draft
from app.tariffs.tables import CardDraftRow


def open_drafts(session: Session) -> tuple[Draft, ...]:
    """Give the drafts that were neither published nor put aside, latest change first."""
    statement = _SELECT.where(CardDraftRow.closed_at.is_(None)).order_by(
        CardDraftRow.changed_at.desc(), CardDraftRow.id.desc()
    )
    return tuple(_draft(*row) for row in session.execute(statement))


def find_draft(session: Session, draft_id: int) -> Draft | None:
    """Give a draft, open or not, or None."""
    row = session.execute(_SELECT.where(CardDraftRow.id == draft_id)).first()
    return None if row is None else _draft(*row)


def get_draft(session: Session, draft_id: int) -> Draft:
    """Give a draft, open or not; raises UnknownDraft."""
    if (draft := find_draft(session, draft_id)) is None:
        raise UnknownDraft(draft_id)
    return draft


def _draft(row: CardDraftRow, site: str | None, author: str | None) -> Draft:
    return Draft(
        id=row.id,
        site=None if site is None else SiteCode(site),
        site_id=None if row.site_id is None else SiteId(row.site_id),
        content=row.content,
        effective_on=row.effective_on,
        deliberation=row.deliberation,
        note=row.note,
        base_version=row.base_version,
        revision=row.revision,
        author_id=None if row.author_id is None else AccountId(row.author_id),
        author=author,
        created_at=row.created_at,
        changed_at=row.changed_at,
        closed_at=row.closed_at,
        published=row.published,
    )


_SELECT = (
    select(CardDraftRow, SiteRow.code, AccountRow.name)
    .outerjoin(SiteRow, SiteRow.id == CardDraftRow.site_id)
    .outerjoin(AccountRow, AccountRow.id == CardDraftRow.author_id)
)
