"""The rows of bookings: each with its frozen quote, a log of what was done, and calendar feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, UtcDateTime
from app.domain.json_values import JsonValue

Facts = dict[str, JsonValue]


class BookingRow(Base):
    """A stay somebody asked for; its place in the calendar is in `allocations`, not here."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("ref"),
        CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        CheckConstraint("people > 0", name="people_positive"),
        CheckConstraint("net_minor + vat_minor = gross_minor", name="amounts_add_up"),
        Index("ix_bookings_account_id", "account_id", "starts_at", "id"),
        Index("ix_bookings_organisation_id", "organisation_id", "starts_at", "id"),
        Index("ix_bookings_site_id", "site_id", "starts_at", "id"),
        Index("ix_bookings_space_id", "space_id", "starts_at", "id"),
        Index(
            "ix_bookings_held",
            "account_id",
            "hold_expires_at",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_bookings_voided",
            "voided_until",
            sqlite_where=text("voided_until IS NOT NULL"),
            postgresql_where=text("voided_until IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    state: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    people: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    # Moves with every change of time, place, people or validity: older passes die, SEQUENCE rises.
    version: Mapped[int] = mapped_column(Integer)
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hold_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # From when until when passes of given-up versions would open: doors derive revocations from it.
    voided_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quote: Mapped[Facts] = mapped_column(JSON)
    net_minor: Mapped[int] = mapped_column(Integer)
    vat_minor: Mapped[int] = mapped_column(Integer)
    gross_minor: Mapped[int] = mapped_column(Integer)
    profile: Mapped[str] = mapped_column(String(30))
    card_version: Mapped[int] = mapped_column(Integer)


class BookingLogRow(Base):
    """One thing done to a booking, by whom and when; never changed."""

    __tablename__ = "booking_log"
    __table_args__ = (Index("ix_booking_log_booking_id", "booking_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    action: Mapped[str] = mapped_column(String(30))
    facts: Mapped[Facts] = mapped_column(JSON)


class CalendarFeedRow(Base):
    """A calendar address of one person or one space; only a nonce of its secret is kept."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (space_id IS NULL)", name="of_one_thing"),
        Index("ix_calendar_feeds_account_id", "account_id"),
        Index("ix_calendar_feeds_space_id", "space_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    space_id: Mapped[int | None] = mapped_column(ForeignKey("spaces.id"))
    nonce: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
