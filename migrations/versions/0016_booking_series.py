"""Series of bookings: a rule on the wall clock, and which date of it a booking is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0016"
down_revision = "0015"
OF_SERIES = sa.text("series_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "booking_series",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("ref", sa.String(16), nullable=False),
        _to("accounts", "account_id"),
        _to("organisations", "organisation_id", nullable=True),
        _to("spaces", "space_id", kind=sa.Integer()),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("starts_local", sa.DateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("rrule", sa.String(200), nullable=False),
        sa.Column("exdates", sa.JSON(), nullable=False),
        sa.Column("rdates", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("booking_series", "follows_id", nullable=True),
        _to("accounts", "created_by"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_booking_series"),
        sa.UniqueConstraint("ref", name="uq_booking_series_ref"),
        sa.CheckConstraint("minutes > 0", name="minutes_positive"),
    )
    op.create_index("ix_booking_series_account_id", "booking_series", ["account_id", "id"])
    _link_bookings()


def downgrade() -> None:
    op.drop_index("uq_bookings_series_id", "bookings")
    with op.batch_alter_table("bookings") as bookings:
        bookings.drop_constraint("fk_bookings_series_id_booking_series", type_="foreignkey")
        bookings.drop_column("original_start")
        bookings.drop_column("series_id")
    op.drop_table("booking_series")


def _to(
    table: str, column: str, *, kind: sa.types.TypeEngine[int] = BigId, nullable: bool = False
) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_booking_series_{column}_{table}"
    return sa.Column(column, kind, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _link_bookings() -> None:
    name = "fk_bookings_series_id_booking_series"
    series = sa.Column("series_id", BigId, sa.ForeignKey("booking_series.id", name=name))
    with op.batch_alter_table("bookings") as bookings:
        bookings.add_column(series)
        bookings.add_column(sa.Column("original_start", UtcDateTime()))
    op.create_index(
        "uq_bookings_series_id",
        "bookings",
        ["series_id", "original_start"],
        unique=True,
        sqlite_where=OF_SERIES,
        postgresql_where=OF_SERIES,
    )
