"""The rows of doors: devices, the codes that let them in, and the journal they send."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, UtcDateTime

DEVICE_LENGTH = 64
_SERVING = text("approved_at IS NOT NULL AND revoked_at IS NULL")
_WAITING = text("acknowledged_at IS NULL")
_GIVEN = text("revoked_at IS NULL")


class DeviceRow(Base):
    """A reader at one door, known by its public key; it serves once a person approved it."""

    __tablename__ = "devices"
    __table_args__ = (
        Index(
            "uq_devices_serving",
            "door_id",
            unique=True,
            postgresql_where=_SERVING,
            sqlite_where=_SERVING,
        ),
        Index("ix_devices_door_id", "door_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(DEVICE_LENGTH), unique=True)
    door_id: Mapped[int] = mapped_column(ForeignKey("doors.id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Where its journal stands here, and what is wrong with it.
    journal_seq: Mapped[int] = mapped_column(BigInteger)
    journal_head: Mapped[bytes] = mapped_column(LargeBinary(32))
    fault: Mapped[str | None] = mapped_column(String(20))
    fault_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What its last heartbeat said.
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clock_error_ms: Mapped[int | None] = mapped_column(BigInteger)
    reported_seq: Mapped[int | None] = mapped_column(BigInteger)
    reported_snapshot: Mapped[int | None] = mapped_column(BigInteger)
    software: Mapped[str | None] = mapped_column(String(40))
    states: Mapped[str | None] = mapped_column(String(120))
    battery: Mapped[int | None] = mapped_column(Integer)
    certificate_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EnrolmentCodeRow(Base):
    """A code for one door, good once and for ten minutes; only the hash of its secret is kept."""

    __tablename__ = "enrolment_codes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    selector: Mapped[str] = mapped_column(String(8), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    door_id: Mapped[int] = mapped_column(ForeignKey("doors.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    failures: Mapped[int] = mapped_column(Integer)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JournalRow(Base):
    """One line of a door's journal as the door wrote it, with our time and what it was about."""

    __tablename__ = "journal"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_positive"),
        Index("ix_journal_site_id_at", "site_id", "at", "device_id", "seq"),
        Index("ix_journal_booking_id", "booking_id"),
        Index("ix_journal_received_at", "received_at"),
    )

    device_id: Mapped[int] = mapped_column(
        ForeignKey("devices.id"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(12))
    door: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(40))
    pass_id: Mapped[str | None] = mapped_column(String(16))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"))
    status: Mapped[str] = mapped_column(String(30))
    online: Mapped[bool] = mapped_column(Boolean)
    clock_trusted: Mapped[bool] = mapped_column(Boolean)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class DoorOrderRow(Base):
    """What staff told a door, or all doors of a site, to do until an instant."""

    __tablename__ = "door_orders"
    __table_args__ = (
        CheckConstraint("ends_at > ordered_at", name="ends_later"),
        Index("ix_door_orders_site_id_ends_at", "site_id", "ends_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    door_id: Mapped[int | None] = mapped_column(ForeignKey("doors.id"))
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(200))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ordered_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class AlarmRow(Base):
    """Something at a door that a person must look at; told once until somebody has seen it."""

    __tablename__ = "door_alarms"
    __table_args__ = (
        Index(
            "uq_door_alarms_waiting",
            "door_id",
            "kind",
            unique=True,
            postgresql_where=_WAITING,
            sqlite_where=_WAITING,
        ),
        Index("ix_door_alarms_site_id_last_at", "site_id", "last_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    door_id: Mapped[int] = mapped_column(ForeignKey("doors.id"))
    kind: Mapped[str] = mapped_column(String(30))
    detail: Mapped[str] = mapped_column(String(80))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    times: Mapped[int] = mapped_column(Integer)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class LookupRow(Base):
    """Who asked where a person passed, and why."""

    __tablename__ = "journal_lookups"
    __table_args__ = (
        Index("ix_journal_lookups_about_id", "about_id", "at", "id"),
        Index("ix_journal_lookups_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    about_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class HolderDeviceRow(Base):
    """A person's phone: its public key, bound into passes that nothing but this phone can show."""

    __tablename__ = "holder_devices"
    __table_args__ = (Index("ix_holder_devices_account_id", "account_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(65), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class AccessCardRow(Base):
    """A card that staff gave to a person; its number is nowhere, only what it is known by."""

    __tablename__ = "access_cards"
    __table_args__ = (
        Index(
            "uq_access_cards_given",
            "fingerprint",
            unique=True,
            postgresql_where=_GIVEN,
            sqlite_where=_GIVEN,
        ),
        Index("ix_access_cards_account_id", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(8))
    label: Mapped[str] = mapped_column(String(60))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class PassHolderRow(Base):
    """How often somebody's passes were all given up at once; each time the next ones are new."""

    __tablename__ = "pass_holders"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id"), primary_key=True, autoincrement=False
    )
    epoch: Mapped[int] = mapped_column(Integer)
    given_up_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_up_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class BookingGuestRow(Base):
    """Somebody invited to a booking, or on the list of its class: a pass without an account."""

    __tablename__ = "booking_guests"
    __table_args__ = (Index("ix_booking_guests_booking_id", "booking_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(5))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    invited_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EmergencyPassRow(Base):
    """A pass on paper that the desk gave to somebody whose phone fails, and why."""

    __tablename__ = "emergency_passes"
    __table_args__ = (Index("ix_emergency_passes_booking_id", "booking_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    reason: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    given_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
