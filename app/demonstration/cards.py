"""A draft of the charter that waits in the demonstration: what a dearer hour would bring."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.demonstration import people
from app.domain.ids import AccountId
from app.tariffs import queries, service
from app.tariffs.card_form import put_at
from app.tariffs.charter import json_object
from app.tariffs.service import DraftWords

NOTE = "Proposition pour la commission de décembre : l’heure en salle de 12 à 27 €."


def draft(session: Session, manager: AccountId, *, now: datetime) -> bool:
    """Let the network's manager draft a charter, unless a draft is open; gives whether."""
    if queries.open_drafts(session):
        return False
    actor = people.get_actor(session, manager)
    number = service.start_draft(session, actor, site=None, now=now)
    begun = queries.get_draft(session, number)
    content = json_object(begun.content)
    put_at(content, ("rows", "meeting_12", "hour"), "27.00")
    words = DraftWords(content, note=NOTE)
    service.save_draft(session, actor, number, words, revision=begun.revision, now=now)
    return True
