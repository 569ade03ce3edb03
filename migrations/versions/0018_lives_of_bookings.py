"""What a booking gives back or keeps, when it is released, who it is handed to, and pardons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0018"
down_revision = "0017"
OPEN = sa.text("closed_at IS NULL")
UNSEEN = sa.text("release_at IS NOT NULL AND state IN ('confirmed', 'no_show')")
ADDED = ("release_at", "pass_version", "kept_minor", "refund_minor")


def upgrade() -> None:
    with op.batch_alter_table("bookings") as bookings:
        bookings.add_column(sa.Column("refund_minor", sa.Integer()))
        for counted in ("kept_minor", "pass_version"):
            bookings.add_column(
                sa.Column(counted, sa.Integer(), nullable=False, server_default=sa.text("0"))
            )
        bookings.add_column(sa.Column("release_at", UtcDateTime()))
    # Until now every version had passes of its own, and who cancelled got everything back.
    op.execute("UPDATE bookings SET pass_version = version")
    op.execute("UPDATE bookings SET refund_minor = gross_minor WHERE state = 'cancelled'")
    op.create_index(
        "ix_bookings_unseen",
        "bookings",
        ["account_id", "release_at"],
        sqlite_where=UNSEEN,
        postgresql_where=UNSEEN,
    )
    with op.batch_alter_table("doors") as doors:
        doors.add_column(sa.Column("heard_at", UtcDateTime()))
    _create_hand_overs()
    op.create_table(
        "booking_pardons",
        _to("bookings", "booking_pardons", "booking_id"),
        sa.Column("pardoned_at", UtcDateTime(), nullable=False),
        _to("accounts", "booking_pardons", "pardoned_by"),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("booking_id", name="pk_booking_pardons"),
    )


def downgrade() -> None:
    op.drop_table("booking_pardons")
    op.drop_table("booking_hand_overs")
    with op.batch_alter_table("doors") as doors:
        doors.drop_column("heard_at")
    op.drop_index("ix_bookings_unseen", "bookings")
    with op.batch_alter_table("bookings") as bookings:
        for column in ADDED:
            bookings.drop_column(column)


def _to(table: str, own: str, column: str, *, nullable: bool = False) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_{own}_{column}_{table}"
    return sa.Column(column, BigId, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _create_hand_overs() -> None:
    op.create_table(
        "booking_hand_overs",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("code", sa.String(64), nullable=False),
        _to("bookings", "booking_hand_overs", "booking_id"),
        sa.Column("email", sa.String(254), nullable=False),
        _to("accounts", "booking_hand_overs", "offered_by"),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        _to("accounts", "booking_hand_overs", "accepted_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_booking_hand_overs"),
        sa.UniqueConstraint("code", name="uq_booking_hand_overs_code"),
        sa.CheckConstraint(
            "accepted_by IS NULL OR closed_at IS NOT NULL", name="accepted_offers_are_closed"
        ),
    )
    op.create_index(
        "uq_booking_hand_overs_open",
        "booking_hand_overs",
        ["booking_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
