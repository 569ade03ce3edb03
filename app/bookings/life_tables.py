"""The rows of what happens to a booking later: offers to hand it over, and pardons of absences."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, UtcDateTime


class HandOverRow(Base):
    """A booking offered to somebody by mail; at most one offer of a booking is open."""

    __tablename__ = "booking_hand_overs"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint(
            "accepted_by IS NULL OR closed_at IS NOT NULL", name="accepted_offers_are_closed"
        ),
        Index(
            "uq_booking_hand_overs_open",
            "booking_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    email: Mapped[str] = mapped_column(String(254))
    offered_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class PardonRow(Base):
    """An absence that counts no more, by whom and why; the booking says that it was one."""

    __tablename__ = "booking_pardons"

    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), primary_key=True)
    pardoned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    pardoned_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(500))
