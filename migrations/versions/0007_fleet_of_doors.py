"""What a fleet of doors needs: orders, alarms, lookups of passages, what readers report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("doors") as doors:
        doors.add_column(
            sa.Column("max_stale_minutes", sa.Integer(), nullable=False, server_default="2160")
        )
        doors.add_column(
            sa.Column("is_muster", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("devices") as devices:
        devices.add_column(sa.Column("software", sa.String(40)))
        devices.add_column(sa.Column("states", sa.String(120)))
    _create_orders()
    _create_alarms()
    _create_lookups()


def downgrade() -> None:
    for table in ("journal_lookups", "door_alarms", "door_orders"):
        op.drop_table(table)
    with op.batch_alter_table("devices") as devices:
        devices.drop_column("states")
        devices.drop_column("software")
    with op.batch_alter_table("doors") as doors:
        doors.drop_column("is_muster")
        doors.drop_column("max_stale_minutes")


def _to(
    table: str, own: str, column: str, kind: sa.types.TypeEngine[int], *, nullable: bool = False
) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_{own}_{column}_{table}"
    return sa.Column(column, kind, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _create_orders() -> None:
    op.create_table(
        "door_orders",
        sa.Column("id", BigId, primary_key=True),
        _to("sites", "door_orders", "site_id", sa.Integer()),
        _to("doors", "door_orders", "door_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        _to("accounts", "door_orders", "ordered_by", BigId),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime()),
        _to("accounts", "door_orders", "lifted_by", BigId, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_door_orders"),
        sa.CheckConstraint("ends_at > ordered_at", name=op.f("ck_door_orders_ends_later")),
    )
    op.create_index("ix_door_orders_site_id_ends_at", "door_orders", ["site_id", "ends_at", "id"])


def _create_alarms() -> None:
    waiting = sa.text("acknowledged_at IS NULL")
    op.create_table(
        "door_alarms",
        sa.Column("id", BigId, primary_key=True),
        _to("sites", "door_alarms", "site_id", sa.Integer()),
        _to("doors", "door_alarms", "door_id", sa.Integer()),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("detail", sa.String(80), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime()),
        _to("accounts", "door_alarms", "acknowledged_by", BigId, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_door_alarms"),
    )
    op.create_index(
        "uq_door_alarms_waiting",
        "door_alarms",
        ["door_id", "kind"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_door_alarms_site_id_last_at", "door_alarms", ["site_id", "last_at", "id"])


def _create_lookups() -> None:
    op.create_table(
        "journal_lookups",
        sa.Column("id", BigId, primary_key=True),
        _to("sites", "journal_lookups", "site_id", sa.Integer()),
        _to("accounts", "journal_lookups", "account_id", BigId),
        _to("accounts", "journal_lookups", "about_id", BigId),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal_lookups"),
    )
    op.create_index("ix_journal_lookups_about_id", "journal_lookups", ["about_id", "at", "id"])
    op.create_index("ix_journal_lookups_at", "journal_lookups", ["at"])
