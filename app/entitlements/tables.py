"""The rows of rights: what was sold or given, each use of it, residence, and debts of roaming."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.schema import SchemaItem

from app.db.balances import move_balances
from app.db.base import Base, BigId, UtcDateTime
from app.db.ddl import append_only
from app.domain.json_values import JsonValue

Facts = dict[str, JsonValue]
_STANDING = text("balance > 0")


class EntitlementRow(Base):
    """A right of somebody; its balance is moved by the database itself with each entry.

    `account_id` is who may use it, nobody in particular for what an organisation bought for all
    its members; `organisation_id` is who pays. Parts of a purchase (hours included in a month)
    name the right that carries the price as their parent.
    """

    __tablename__ = "entitlements"
    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        CheckConstraint("valid_from <= valid_until", name="validity_ordered"),
        CheckConstraint(
            "account_id IS NOT NULL OR organisation_id IS NOT NULL", name="held_by_somebody"
        ),
        Index("ix_entitlements_account_id", "account_id", "valid_until", "id"),
        Index("ix_entitlements_organisation_id", "organisation_id", "valid_until", "id"),
        Index("ix_entitlements_parent_id", "parent_id"),
        Index("ix_entitlements_created_at", "created_at", "id"),
        Index(
            "ix_entitlements_standing",
            "valid_until",
            "id",
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("entitlements.id"))
    kind: Mapped[str] = mapped_column(String(20))
    product: Mapped[str | None] = mapped_column(String(40))
    # Families and kinds of places it is good for.
    honours: Mapped[Facts] = mapped_column(JSON)
    resident: Mapped[bool] = mapped_column(Boolean)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    balance: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(20))
    quote: Mapped[Facts | None] = mapped_column(JSON)
    net_minor: Mapped[int] = mapped_column(Integer)
    vat_minor: Mapped[int] = mapped_column(Integer)
    gross_minor: Mapped[int] = mapped_column(Integer)
    card_version: Mapped[int | None] = mapped_column(Integer)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_low_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_ending_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EntitlementEntryRow(Base):
    """One movement of a right; the database refuses to change or delete it.

    `undoes_id` names the entry that this one takes back, wholly or in part, once for ever. A use
    keeps where and when the stay was, for what is owed between Totems and for one seat at a time.
    """

    __tablename__ = "entitlement_entries"
    __table_args__ = (
        UniqueConstraint("undoes_id"),
        Index("ix_entitlement_entries_entitlement_id", "entitlement_id", "id"),
        Index("ix_entitlement_entries_booking_id", "booking_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlements.id"))
    kind: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(Text)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement_entries.id"))
    # A number only, as in `allocations`: bookings lie above.
    booking_id: Mapped[int | None] = mapped_column(BigId)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ResidenceRow(Base):
    """Somebody resides in the network on these days, by virtue of `source` (a lease, say)."""

    __tablename__ = "residences"
    __table_args__ = (
        UniqueConstraint("source"),
        CheckConstraint("valid_from <= valid_until", name="validity_ordered"),
        CheckConstraint("(account_id IS NULL) <> (organisation_id IS NULL)", name="of_one_holder"),
        Index("ix_residences_account_id", "account_id", "id"),
        Index("ix_residences_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    source: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoamingDebtRow(Base):
    """What the operator that sold a membership owes the one that received its holder, per visit."""

    __tablename__ = "roaming_debts"
    __table_args__ = (
        UniqueConstraint("booking_id", "entitlement_id"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        Index("ix_roaming_debts_used_on", "used_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(BigId)
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlements.id"), index=True)
    debtor: Mapped[str] = mapped_column(String(40))
    creditor: Mapped[str] = mapped_column(String(40))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    product: Mapped[str | None] = mapped_column(String(40))
    used_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


append_only(EntitlementEntryRow.__table__)


@event.listens_for(EntitlementEntryRow.__table__, "after_create")
def _move(_target: SchemaItem, connection: Connection, **_: object) -> None:
    move_balances(connection)
