"""The rows of the line: who waits for which stay, and the holds they were offered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, UtcDateTime


class WaitRow(Base):
    """Somebody waits for a stay of so many minutes within a window, at one Totem or any."""

    __tablename__ = "waits"
    __table_args__ = (
        UniqueConstraint("ref"),
        CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        CheckConstraint("people > 0", name="people_positive"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        Index("ix_waits_ends_at", "ends_at", "id"),
        Index("ix_waits_account_id", "account_id", "ends_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    kind: Mapped[str | None] = mapped_column(String(20))
    people: Mapped[int] = mapped_column(Integer)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int] = mapped_column(Integer)
    equipment: Mapped[list[str]] = mapped_column(JSON)
    accessible: Mapped[bool] = mapped_column(Boolean)
    hearing_loop: Mapped[bool] = mapped_column(Boolean)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WaitOfferRow(Base):
    """A held booking that was offered to somebody in line; what became of it, the booking says."""

    __tablename__ = "wait_offers"
    __table_args__ = (UniqueConstraint("booking_id"), Index("ix_wait_offers_wait_id", "wait_id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    wait_id: Mapped[int] = mapped_column(ForeignKey("waits.id"))
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
