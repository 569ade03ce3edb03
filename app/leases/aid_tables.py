"""The rows of state aid: the ledger, what undertakings declare, and who belongs together.

The ledger and the declarations are only added to; the records are kept for ten years after the
last aid (Regulation (EU) 2023/2831, art. 6), so nothing here is tidied away.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, UtcDateTime
from app.db.ddl import append_only
from app.domain.json_values import JsonValue

_STANDING = text("ended_at IS NULL")
REFERENCE_LENGTH = 60
NAME_LENGTH = 120


class AidEntryRow(Base):
    """One aid granted, at its gross grant equivalent, or the reversal of one (negative)."""

    __tablename__ = "aid_entries"
    __table_args__ = (
        CheckConstraint("(reverses_id IS NULL) = (amount_minor > 0)", name="reversal_negative"),
        Index("ix_aid_entries_organisation_id", "organisation_id", "granted_on", "id"),
        Index("ix_aid_entries_reference", "source", "reference", "id"),
        Index("ix_aid_entries_granted_on", "granted_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    granted_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int] = mapped_column(Integer)
    nominal_minor: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH))
    granter: Mapped[str] = mapped_column(String(NAME_LENGTH))
    regulation: Mapped[str] = mapped_column(String(200))
    nace: Mapped[str] = mapped_column(String(10))
    basis: Mapped[dict[str, JsonValue]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("aid_entries.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class AidDeclarationRow(Base):
    """What an undertaking declared on a day; the latest one counts, whole."""

    __tablename__ = "aid_declarations"
    __table_args__ = (
        Index("ix_aid_declarations_organisation_id", "organisation_id", "declared_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    declared_on: Mapped[date] = mapped_column(Date)
    is_economic: Mapped[bool] = mapped_column(Boolean)
    legal_form: Mapped[str] = mapped_column(String(NAME_LENGTH))
    nace: Mapped[str] = mapped_column(String(10))
    companies: Mapped[str] = mapped_column(Text)
    signatory: Mapped[str] = mapped_column(String(NAME_LENGTH))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class AidDeclaredRow(Base):
    """One aid from elsewhere that a declaration lists."""

    __tablename__ = "aid_declared"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("aid_declarations.id"), index=True)
    received_on: Mapped[date] = mapped_column(Date)
    granter: Mapped[str] = mapped_column(String(NAME_LENGTH))
    regulation: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = mapped_column(Integer)


class UndertakingLinkRow(Base):
    """Two organisations that are one undertaking; the lower id stands first."""

    __tablename__ = "undertaking_links"
    __table_args__ = (
        CheckConstraint("one_id < other_id", name="in_order"),
        Index(
            "uq_undertaking_links_standing",
            "one_id",
            "other_id",
            unique=True,
            postgresql_where=_STANDING,
            sqlite_where=_STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    linked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


for _kept in (AidEntryRow, AidDeclarationRow, AidDeclaredRow):
    append_only(_kept.__table__)
