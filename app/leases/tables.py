"""The rows of leases: terms, inventories, revisions, what was done, and warnings that were sent."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, UtcDateTime
from app.domain.json_values import JsonValue

Facts = dict[str, JsonValue]
REF_LENGTH = 16
_PROVISIONAL = text("new_value IS NULL")


class LeaseRow(Base):
    """A title of occupation of one office by one organisation, days both included.

    The rent is the reference rent of the first year; later years are in its revisions. Its place
    in the calendar is in `allocations` from the signature on, not here.
    """

    __tablename__ = "leases"
    __table_args__ = (
        UniqueConstraint("ref"),
        CheckConstraint("first_day <= last_day", name="first_before_last"),
        CheckConstraint("area_m2 > 0", name="area_positive"),
        CheckConstraint("rent_per_m2 >= 0", name="rent_not_negative"),
        CheckConstraint("deposit_minor >= 0", name="deposit_not_negative"),
        CheckConstraint("base_quarter BETWEEN 1 AND 4", name="quarter_known"),
        Index("ix_leases_organisation_id", "organisation_id", "first_day", "id"),
        Index("ix_leases_space_id", "space_id", "first_day", "id"),
        Index("ix_leases_site_id_state", "site_id", "state", "id"),
        Index("ix_leases_state", "state", "first_day", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ref: Mapped[str] = mapped_column(String(REF_LENGTH))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    state: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(20))
    motive: Mapped[str] = mapped_column(Text)
    call_reference: Mapped[str] = mapped_column(String(200))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    area_m2: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    # Euros a year and m², without tax, before the stage.
    rent_per_m2: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    # Lists of [months, share]: how the tenant climbs to the full rent from entry.
    stages: Mapped[list[JsonValue]] = mapped_column(JSON)
    charges_per_m2: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    services_minor: Mapped[int] = mapped_column(Integer)
    services: Mapped[str] = mapped_column(Text)
    deposit_minor: Mapped[int] = mapped_column(Integer)
    vat_code: Mapped[str] = mapped_column(String(30))
    index_series: Mapped[str] = mapped_column(String(4))
    base_year: Mapped[int] = mapped_column(Integer)
    base_quarter: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    offered_on: Mapped[date | None] = mapped_column(Date)
    signed_on: Mapped[date | None] = mapped_column(Date)
    signatory: Mapped[str] = mapped_column(String(120))
    left_on: Mapped[date | None] = mapped_column(Date)
    deposit_returned_on: Mapped[date | None] = mapped_column(Date)


class LeaseInventoryRow(Base):
    """The state of an office as both sides found it, at entry or at exit."""

    __tablename__ = "lease_inventories"
    __table_args__ = (
        UniqueConstraint("lease_id", "way"),
        CheckConstraint("way IN ('in', 'out')", name="way_known"),
        CheckConstraint("keys >= 0", name="keys_not_negative"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"))
    way: Mapped[str] = mapped_column(String(3))
    done_on: Mapped[date] = mapped_column(Date)
    keys: Mapped[int] = mapped_column(Integer)
    # Items: name, condition, note, and at exit what is kept from the deposit, in cents.
    items: Mapped[list[JsonValue]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class LeaseRevisionRow(Base):
    """The yearly rent from an anniversary on, with the index values that made it.

    Provisional while the new value is not published: the rent before goes on being asked, and the
    difference is asked or given back in the month of `settled_on`.
    """

    __tablename__ = "lease_revisions"
    __table_args__ = (
        UniqueConstraint("lease_id", "effective_on"),
        CheckConstraint("(new_value IS NULL) = (rent_after_minor IS NULL)", name="both_or_none"),
        Index(
            "ix_lease_revisions_provisional",
            "effective_on",
            "id",
            sqlite_where=_PROVISIONAL,
            postgresql_where=_PROVISIONAL,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"))
    effective_on: Mapped[date] = mapped_column(Date)
    series: Mapped[str] = mapped_column(String(4))
    base_year: Mapped[int] = mapped_column(Integer)
    base_quarter: Mapped[int] = mapped_column(Integer)
    base_value: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    base_revision: Mapped[int | None] = mapped_column(Integer)
    new_value: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    new_revision: Mapped[int | None] = mapped_column(Integer)
    rent_before_minor: Mapped[int] = mapped_column(Integer)
    rent_after_minor: Mapped[int | None] = mapped_column(Integer)
    made_on: Mapped[date] = mapped_column(Date)
    settled_on: Mapped[date | None] = mapped_column(Date)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LeaseLogRow(Base):
    """One thing done to a lease, by whom and when; never changed."""

    __tablename__ = "lease_log"
    __table_args__ = (Index("ix_lease_log_lease_id", "lease_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    action: Mapped[str] = mapped_column(String(30))
    facts: Mapped[Facts] = mapped_column(JSON)


class LeaseWarningRow(Base):
    """A warning mailed to the managers, once each."""

    __tablename__ = "lease_warnings"

    lease_id: Mapped[int] = mapped_column(
        ForeignKey("leases.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    due_on: Mapped[date] = mapped_column(Date, primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
