"""The rows of prices: charters and cards by version, their drafts, and the rates of VAT.

What was published is never edited or deleted: the database refuses it. A mistake that has not
begun to count is withdrawn by a row of its own.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, UtcDateTime
from app.db.ddl import append_only
from app.domain.json_values import JsonValue

Content = dict[str, JsonValue]


class CharterRow(Base):
    """What is common to the cards of all sites, as published; each site's card is made of it."""

    __tablename__ = "charters"
    __table_args__ = (
        UniqueConstraint("version"),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    effective_on: Mapped[date] = mapped_column(Date)
    deliberation: Mapped[str] = mapped_column(String(200))
    content: Mapped[Content] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class RateCardRow(Base):
    """The prices of a site as published: a changed card is a new version, never an edit."""

    __tablename__ = "rate_cards"
    __table_args__ = (
        UniqueConstraint("site_id", "version"),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    version: Mapped[int] = mapped_column(Integer)
    effective_on: Mapped[date] = mapped_column(Date)
    deliberation: Mapped[str] = mapped_column(String(200))
    content: Mapped[Content] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Made of which charter and which words of the site; published on screen by whom (files: none).
    charter_id: Mapped[int | None] = mapped_column(ForeignKey("charters.id"), index=True)
    own: Mapped[Content | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str] = mapped_column(Text, server_default="")
    published_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class CardWithdrawalRow(Base):
    """A version taken back before the day it would have begun to count."""

    __tablename__ = "card_withdrawals"

    rate_card_id: Mapped[int] = mapped_column(
        ForeignKey("rate_cards.id"), primary_key=True, autoincrement=False
    )
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class CardDraftRow(Base):
    """A card being written: of the charter (no site) or of what one site has of its own."""

    __tablename__ = "card_drafts"
    __table_args__ = (Index("ix_card_drafts_open", "closed_at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    content: Mapped[Content] = mapped_column(JSON)
    effective_on: Mapped[date | None] = mapped_column(Date)
    deliberation: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text)
    base_version: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published: Mapped[str | None] = mapped_column(String(200))


class VatRateRow(Base):
    """The per cent of a code of VAT from a day on; a later revision of the same day corrects it."""

    __tablename__ = "vat_rates"
    __table_args__ = (
        UniqueConstraint("code", "valid_from", "revision"),
        CheckConstraint("revision > 0", name="revision_positive"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(30))
    valid_from: Mapped[date] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(Integer)
    percent: Mapped[str] = mapped_column(String(8))  # "5.5": exact on both engines
    source: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


for _row in (CharterRow, RateCardRow, CardWithdrawalRow, VatRateRow):
    append_only(_row.__table__)
