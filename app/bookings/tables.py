"""The rows of bookings: each with its frozen quote, series of them, their log, calendar feeds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
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
        Index(
            "ix_bookings_unseen",
            "account_id",
            "release_at",
            sqlite_where=text("release_at IS NOT NULL AND state IN ('confirmed', 'no_show')"),
            postgresql_where=text("release_at IS NOT NULL AND state IN ('confirmed', 'no_show')"),
        ),
        Index(
            "uq_bookings_series_id",
            "series_id",
            "original_start",
            unique=True,
            sqlite_where=text("series_id IS NOT NULL"),
            postgresql_where=text("series_id IS NOT NULL"),
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
    # What came back when it was given up, and what stayed due of parts given up before.
    refund_minor: Mapped[int | None] = mapped_column(Integer)
    kept_minor: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    # From when on nobody is waited for; None: the place is kept to the end.
    release_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Moves when older passes must die; a longer stay keeps its pass, whose hours grow.
    pass_version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    # As the place's rules were when it was written: what it keeps of the calendar beside itself.
    buffer_before_minutes: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    buffer_after_minutes: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    setup: Mapped[str | None] = mapped_column(String(20))
    companion_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    guest_name: Mapped[str | None] = mapped_column(String(120))
    guest_email: Mapped[str | None] = mapped_column(String(254))
    # The series it is a date of, and when it would begin by its rule, wherever it was moved to.
    series_id: Mapped[int | None] = mapped_column(ForeignKey("booking_series.id"))
    original_start: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BookingSeriesRow(Base):
    """What several bookings have in common: a rule on the wall clock of their site (RFC 5545)."""

    __tablename__ = "booking_series"
    __table_args__ = (
        UniqueConstraint("ref"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        Index("ix_booking_series_account_id", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    people: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    starts_local: Mapped[datetime] = mapped_column(DateTime)  # what the clock on the wall shows
    minutes: Mapped[int] = mapped_column(Integer)
    rrule: Mapped[str] = mapped_column(String(200))  # empty where only dates are listed
    exdates: Mapped[list[str]] = mapped_column(JSON)
    rdates: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    # The series that this one was split off from: "this date and all that follow" was changed.
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("booking_series.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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


class BookingRequestRow(Base):
    """A booking that somebody of the staff is asked about, and their answer."""

    __tablename__ = "booking_requests"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (approved IS NULL)", name="decided_once"),
        Index(
            "ix_booking_requests_open",
            "site_id",
            "booking_id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved: Mapped[bool | None] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(String(500))


class InductionRow(Base):
    """Somebody was shown how to use machines of one kind; what was taken back stays on record."""

    __tablename__ = "inductions"
    __table_args__ = (Index("ix_inductions_account_id", "account_id", "code", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    code: Mapped[str] = mapped_column(String(40))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[date] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


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
