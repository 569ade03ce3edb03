"""Who waits in line for a place, and what they were offered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    _waits()
    _offers()


def downgrade() -> None:
    op.drop_table("wait_offers")
    op.drop_table("waits")


def _waits() -> None:
    op.create_table(
        "waits",
        sa.Column("id", BigId, nullable=False),
        sa.Column("ref", sa.String(16), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("site_id", sa.Integer()),
        sa.Column("kind", sa.String(20)),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("equipment", sa.JSON(), nullable=False),
        sa.Column("accessible", sa.Boolean(), nullable=False),
        sa.Column("hearing_loop", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime()),
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        sa.CheckConstraint("people > 0", name="people_positive"),
        sa.CheckConstraint("minutes > 0", name="minutes_positive"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_waits_account_id_accounts"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_waits_site_id_sites"),
        sa.PrimaryKeyConstraint("id", name="pk_waits"),
        sa.UniqueConstraint("ref", name="uq_waits_ref"),
    )
    op.create_index("ix_waits_ends_at", "waits", ["ends_at", "id"])
    op.create_index("ix_waits_account_id", "waits", ["account_id", "ends_at", "id"])


def _offers() -> None:
    op.create_table(
        "wait_offers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("wait_id", BigId, nullable=False),
        sa.Column("booking_id", BigId, nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["wait_id"], ["waits.id"], name="fk_wait_offers_wait_id_waits"),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name="fk_wait_offers_booking_id_bookings"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wait_offers"),
        sa.UniqueConstraint("booking_id", name="uq_wait_offers_booking_id"),
    )
    op.create_index("ix_wait_offers_wait_id", "wait_offers", ["wait_id"])
