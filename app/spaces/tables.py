"""The rows of places: the network as loaded from its files, and the allocations."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, UtcDateTime
from app.db.ddl import forbid_overlap
from app.domain.json_values import JsonValue

Words = dict[str, str]  # the same text by language: {"fr": …, "de": …, "en": …}
Rules = dict[str, JsonValue]  # as app.domain.rules_reading reads them
Week = dict[str, list[str]]  # weekday "mon" … "sun" to its ranges, such as "08:00-20:00"


class OperatorRow(Base):
    """The legal entity that runs a Totem and sells its places."""

    __tablename__ = "operators"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    legal_form: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SiteRow(Base):
    """A place with its own hours, capacity and doors."""

    __tablename__ = "sites"
    __table_args__ = (CheckConstraint("safe_capacity > 0", name="safe_capacity_positive"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    pass_code: Mapped[str] = mapped_column(String(2), unique=True)
    zone: Mapped[str] = mapped_column(String(60))
    town: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(300))
    description: Mapped[Words] = mapped_column(JSON)
    arrival: Mapped[Words] = mapped_column(JSON)
    safe_capacity: Mapped[int] = mapped_column(Integer)
    hours: Mapped[Week] = mapped_column(JSON)
    holidays: Mapped[dict[str, object]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BuildingRow(Base):
    """A building of a site, with the number of people it may safely hold."""

    __tablename__ = "buildings"
    __table_args__ = (CheckConstraint("safe_capacity > 0", name="safe_capacity_positive"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    name: Mapped[Words] = mapped_column(JSON)
    safe_capacity: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpaceRow(Base):
    """What a person books or finds: a room, a floor of seats, a machine, an office."""

    __tablename__ = "spaces"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("capacity <= safe_capacity", name="capacity_safe"),
        CheckConstraint("sharing IN ('whole', 'pooled')", name="sharing_known"),
        Index("ix_spaces_site_id_position", "site_id", "position"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[Words] = mapped_column(JSON)
    description: Mapped[Words] = mapped_column(JSON)
    way: Mapped[Words] = mapped_column(JSON)
    capacity: Mapped[int] = mapped_column(Integer)
    safe_capacity: Mapped[int] = mapped_column(Integer)
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(7, 2))
    floor: Mapped[int] = mapped_column(Integer)
    equipment: Mapped[list[str]] = mapped_column(JSON)
    accessible: Mapped[bool] = mapped_column(Boolean)
    hearing_loop: Mapped[bool] = mapped_column(Boolean)
    hours: Mapped[Week | None] = mapped_column(JSON(none_as_null=True))
    bookable: Mapped[bool] = mapped_column(Boolean)
    closed_reason: Mapped[str | None] = mapped_column(String(30))
    sharing: Mapped[str] = mapped_column(String(10))
    rate: Mapped[str | None] = mapped_column(String(40))
    rules: Mapped[Rules] = mapped_column(JSON, server_default=text("'{}'"))
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UnitRow(Base):
    """The smallest thing that can be occupied: a room, a part of one, a seat, a machine."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpaceUnitRow(Base):
    """Which units a space is made of; a divisible room has those of all its parts."""

    __tablename__ = "space_units"

    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)


class DoorRow(Base):
    """A door with a reader, known to passes by its number."""

    __tablename__ = "doors"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 65535", name="number_small"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    name: Mapped[Words] = mapped_column(JSON)
    policy: Mapped[str] = mapped_column(String(20))
    # How old the server's word may be before the door stays shut, and whether the list of those
    # inside is shown here when the house is evacuated.
    max_stale_minutes: Mapped[int] = mapped_column(Integer, server_default="2160")
    is_muster: Mapped[bool] = mapped_column(Boolean, server_default=false())
    # When its reader last synchronised; None without one, and nobody waits for its journal.
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpaceDoorRow(Base):
    """The doors a person must pass to reach a space, from the street inwards."""

    __tablename__ = "space_doors"

    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), primary_key=True)
    door_id: Mapped[int] = mapped_column(ForeignKey("doors.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(Integer)


class AllocationRow(Base):
    """One unit occupied for one half-open UTC interval; the database refuses any overlap.

    Intervals of a unit never overlap, so a unit and a start name one row: they are the key, and
    keep the calendar of a unit together on disk.
    """

    __tablename__ = "allocations"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        Index("ix_allocations_kind_holder_id", "kind", "holder_id"),
        {"sqlite_with_rowid": False},
    )

    unit_id: Mapped[int] = mapped_column(
        ForeignKey("units.id"), primary_key=True, autoincrement=False
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    kind: Mapped[str] = mapped_column(String(20))
    holder_id: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NetworkRevisionRow(Base):
    """One row that moves whenever the network or a rate card changes; caches are keyed by it."""

    __tablename__ = "network_revision"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    digest: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


event.listen(AllocationRow.__table__, "after_create", forbid_overlap)
