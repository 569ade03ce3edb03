"""Phones that hold passes, people invited to a booking, and passes of the desk's emergencies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "holder_devices",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("code", sa.String(32), nullable=False),
        _to("accounts", "holder_devices", "account_id"),
        sa.Column("public_key", sa.LargeBinary(65), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        _to("accounts", "holder_devices", "revoked_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_holder_devices"),
        sa.UniqueConstraint("code", name="uq_holder_devices_code"),
        sa.UniqueConstraint("public_key", name="uq_holder_devices_public_key"),
    )
    op.create_index("ix_holder_devices_account_id", "holder_devices", ["account_id", "id"])
    op.create_table(
        "pass_holders",
        _to("accounts", "pass_holders", "account_id"),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("given_up_at", UtcDateTime(), nullable=False),
        _to("accounts", "pass_holders", "given_up_by"),
        sa.PrimaryKeyConstraint("account_id", name="pk_pass_holders"),
    )
    _create_guests()
    _create_emergency_passes()


def downgrade() -> None:
    for table in ("emergency_passes", "booking_guests", "pass_holders", "holder_devices"):
        op.drop_table(table)


def _to(table: str, own: str, column: str, *, nullable: bool = False) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_{own}_{column}_{table}"
    return sa.Column(column, BigId, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _create_guests() -> None:
    op.create_table(
        "booking_guests",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("code", sa.String(32), nullable=False),
        _to("bookings", "booking_guests", "booking_id"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("locale", sa.String(5), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        _to("accounts", "booking_guests", "invited_by"),
        sa.Column("arrived_at", UtcDateTime()),
        sa.Column("left_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_booking_guests"),
        sa.UniqueConstraint("code", name="uq_booking_guests_code"),
    )
    op.create_index("ix_booking_guests_booking_id", "booking_guests", ["booking_id", "id"])
    op.create_index("ix_booking_guests_invited_at", "booking_guests", ["invited_at"])


def _create_emergency_passes() -> None:
    op.create_table(
        "emergency_passes",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("code", sa.String(32), nullable=False),
        _to("bookings", "emergency_passes", "booking_id"),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        _to("accounts", "emergency_passes", "given_by"),
        sa.Column("revoked_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_emergency_passes"),
        sa.UniqueConstraint("code", name="uq_emergency_passes_code"),
    )
    op.create_index("ix_emergency_passes_booking_id", "emergency_passes", ["booking_id", "id"])
    op.create_index("ix_emergency_passes_given_at", "emergency_passes", ["given_at"])
