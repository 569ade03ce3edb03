"""What places know of the readers at their doors: when each last told what it knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.spaces.tables import DoorRow


def hear_door(session: Session, door_id: int, *, now: datetime | None) -> None:
    """Note that the reader at a door has told all it knows; None: it has no reader any more.

    While a reader is silent, a place behind its door is not released: somebody may be in there.
    """
    session.connection().execute(update(DoorRow).where(DoorRow.id == door_id).values(heard_at=now))
