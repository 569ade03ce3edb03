"""Bookings with their frozen quotes, their log, and calendar feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0005"
down_revision = "0004"

# Instants that come later in the life of a booking, if at all.
LATER = (
    "hold_expires_at",
    "confirmed_at",
    "cancelled_at",
    "checked_in_at",
    "checked_out_at",
    "voided_from",
    "voided_until",
)
AMOUNTS = ("net_minor", "vat_minor", "gross_minor")


def upgrade() -> None:
    _create_bookings()
    _index_bookings()
    _create_log()
    _create_feeds()


def downgrade() -> None:
    op.drop_table("calendar_feeds")
    op.drop_table("booking_log")
    op.drop_table("bookings")


def _link(column: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    """Give a column that names a row of another table."""
    kind = sa.Integer() if target in ("spaces", "sites") else BigId
    return sa.Column(column, kind, sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=False)


def _create_bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("ref", sa.String(16), nullable=False),
        _link("account_id", "accounts"),
        _link("organisation_id", "organisations", nullable=True),
        _link("space_id", "spaces"),
        _link("site_id", "sites"),
        sa.Column("state", sa.String(20), nullable=False),
        _at("starts_at"),
        _at("ends_at"),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _link("created_by", "accounts"),
        _at("created_at"),
        _at("changed_at"),
        *(sa.Column(name, UtcDateTime()) for name in LATER),
        sa.Column("quote", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in AMOUNTS),
        sa.Column("profile", sa.String(30), nullable=False),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("ref"),
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        sa.CheckConstraint("people > 0", name="people_positive"),
        sa.CheckConstraint("net_minor + vat_minor = gross_minor", name="amounts_add_up"),
    )


def _index_bookings() -> None:
    for column in ("account_id", "organisation_id", "site_id", "space_id"):
        op.create_index(f"ix_bookings_{column}", "bookings", [column, "starts_at", "id"])
    held = sa.text("state = 'held'")
    op.create_index(
        "ix_bookings_held",
        "bookings",
        ["account_id", "hold_expires_at"],
        sqlite_where=held,
        postgresql_where=held,
    )
    voided = sa.text("voided_until IS NOT NULL")
    op.create_index(
        "ix_bookings_voided",
        "bookings",
        ["voided_until"],
        sqlite_where=voided,
        postgresql_where=voided,
    )


def _create_log() -> None:
    op.create_table(
        "booking_log",
        sa.Column("id", BigId, primary_key=True),
        _link("booking_id", "bookings"),
        _at("at"),
        _link("actor_id", "accounts", nullable=True),
        sa.Column("action", sa.String(30), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
    )
    op.create_index("ix_booking_log_booking_id", "booking_log", ["booking_id", "id"])


def _create_feeds() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("id", BigId, primary_key=True),
        _link("account_id", "accounts", nullable=True),
        _link("space_id", "spaces", nullable=True),
        sa.Column("nonce", sa.String(32), nullable=False),
        _at("created_at"),
        sa.Column("revoked_at", UtcDateTime()),
        sa.CheckConstraint("(account_id IS NULL) <> (space_id IS NULL)", name="of_one_thing"),
    )
    op.create_index("ix_calendar_feeds_account_id", "calendar_feeds", ["account_id"])
    op.create_index("ix_calendar_feeds_space_id", "calendar_feeds", ["space_id"])
