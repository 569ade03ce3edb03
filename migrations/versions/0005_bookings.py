"""Bookings with their frozen quotes, their log, and calendar feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _create_bookings()
    op.create_table(
        "booking_log",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("booking_id", BigId, sa.ForeignKey(
            "bookings.id", name="fk_booking_log_booking_id_bookings"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", BigId, sa.ForeignKey(
            "accounts.id", name="fk_booking_log_actor_id_accounts")),
        sa.Column("action", sa.String(30), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_booking_log"),
    )
    op.create_index("ix_booking_log_booking_id", "booking_log", ["booking_id", "id"])
    op.create_table(
        "calendar_feeds",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("account_id", BigId, sa.ForeignKey(
            "accounts.id", name="fk_calendar_feeds_account_id_accounts")),
        sa.Column("space_id", sa.Integer(), sa.ForeignKey(
            "spaces.id", name="fk_calendar_feeds_space_id_spaces")),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        sa.CheckConstraint("(account_id IS NULL) <> (space_id IS NULL)",
                           name=op.f("ck_calendar_feeds_of_one_thing")),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
    )
    op.create_index("ix_calendar_feeds_account_id", "calendar_feeds", ["account_id"])
    op.create_index("ix_calendar_feeds_space_id", "calendar_feeds", ["space_id"])


def downgrade() -> None:
    op.drop_table("calendar_feeds")
    op.drop_table("booking_log")
    op.drop_table("bookings")


def _create_bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("ref", sa.String(16), nullable=False),
        sa.Column("account_id", BigId, sa.ForeignKey(
            "accounts.id", name="fk_bookings_account_id_accounts"), nullable=False),
        sa.Column("organisation_id", BigId, sa.ForeignKey(
            "organisations.id", name="fk_bookings_organisation_id_organisations")),
        sa.Column("space_id", sa.Integer(), sa.ForeignKey(
            "spaces.id", name="fk_bookings_space_id_spaces"), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey(
            "sites.id", name="fk_bookings_site_id_sites"), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", BigId, sa.ForeignKey(
            "accounts.id", name="fk_bookings_created_by_accounts"), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("hold_expires_at", UtcDateTime()),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.Column("cancelled_at", UtcDateTime()),
        sa.Column("checked_in_at", UtcDateTime()),
        sa.Column("checked_out_at", UtcDateTime()),
        sa.Column("voided_from", UtcDateTime()),
        sa.Column("voided_until", UtcDateTime()),
        sa.Column("quote", sa.JSON(), nullable=False),
        sa.Column("net_minor", sa.Integer(), nullable=False),
        sa.Column("vat_minor", sa.Integer(), nullable=False),
        sa.Column("gross_minor", sa.Integer(), nullable=False),
        sa.Column("profile", sa.String(30), nullable=False),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bookings"),
        sa.UniqueConstraint("ref", name="uq_bookings_ref"),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_bookings_starts_before_end")),
        sa.CheckConstraint("people > 0", name=op.f("ck_bookings_people_positive")),
        sa.CheckConstraint("net_minor + vat_minor = gross_minor",
                           name=op.f("ck_bookings_amounts_add_up")),
    )
    for column in ("account_id", "organisation_id", "site_id", "space_id"):
        op.create_index(f"ix_bookings_{column}", "bookings", [column, "starts_at", "id"])
    held = sa.text("state = 'held'")
    op.create_index("ix_bookings_held", "bookings", ["account_id", "hold_expires_at"],
                    sqlite_where=held, postgresql_where=held)
    voided = sa.text("voided_until IS NOT NULL")
    op.create_index("ix_bookings_voided", "bookings", ["voided_until"],
                    sqlite_where=voided, postgresql_where=voided)
