"""Rules of places, what bookings keep of them, requests to be approved, and inductions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0017"
down_revision = "0016"
OPEN = sa.text("decided_at IS NULL")
KEPT = (
    "guest_email",
    "guest_name",
    "companion_id",
    "setup",
    "buffer_after_minutes",
    "buffer_before_minutes",
)


def upgrade() -> None:
    rules = sa.Column("rules", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
    with op.batch_alter_table("spaces") as spaces:
        spaces.add_column(rules)
    name = "fk_bookings_companion_id_accounts"
    with op.batch_alter_table("bookings") as bookings:
        for minutes in ("buffer_before_minutes", "buffer_after_minutes"):
            bookings.add_column(
                sa.Column(minutes, sa.Integer(), nullable=False, server_default=sa.text("0"))
            )
        bookings.add_column(sa.Column("setup", sa.String(20)))
        bookings.add_column(
            sa.Column("companion_id", BigId, sa.ForeignKey("accounts.id", name=name))
        )
        bookings.add_column(sa.Column("guest_name", sa.String(120)))
        bookings.add_column(sa.Column("guest_email", sa.String(254)))
    _create_requests()
    _create_inductions()


def downgrade() -> None:
    op.drop_table("inductions")
    op.drop_table("booking_requests")
    with op.batch_alter_table("bookings") as bookings:
        bookings.drop_constraint("fk_bookings_companion_id_accounts", type_="foreignkey")
        for column in KEPT:
            bookings.drop_column(column)
    with op.batch_alter_table("spaces") as spaces:
        spaces.drop_column("rules")


def _to(
    table: str,
    own: str,
    column: str,
    *,
    kind: sa.types.TypeEngine[int] = BigId,
    nullable: bool = False,
) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_{own}_{column}_{table}"
    return sa.Column(column, kind, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _create_requests() -> None:
    op.create_table(
        "booking_requests",
        _to("bookings", "booking_requests", "booking_id"),
        _to("sites", "booking_requests", "site_id", kind=sa.Integer()),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("remind_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        _to("accounts", "booking_requests", "decided_by", nullable=True),
        sa.Column("approved", sa.Boolean()),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("booking_id", name="pk_booking_requests"),
        sa.CheckConstraint("(decided_at IS NULL) = (approved IS NULL)", name="decided_once"),
    )
    op.create_index(
        "ix_booking_requests_open",
        "booking_requests",
        ["site_id", "booking_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _create_inductions() -> None:
    op.create_table(
        "inductions",
        sa.Column("id", BigId, primary_key=True),
        _to("accounts", "inductions", "account_id"),
        sa.Column("code", sa.String(40), nullable=False),
        _to("accounts", "inductions", "granted_by", nullable=True),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        _to("accounts", "inductions", "revoked_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_inductions"),
    )
    op.create_index("ix_inductions_account_id", "inductions", ["account_id", "code", "id"])
