"""Places that are shut for a while, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "closures",
        sa.Column("id", BigId, nullable=False),
        _to("sites", sa.Integer(), "site_id"),
        sa.Column("spaces", sa.JSON(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _to("accounts", BigId, "created_by"),
        sa.Column("ended_at", UtcDateTime()),
        _to("accounts", BigId, "ended_by", nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        sa.PrimaryKeyConstraint("id", name="pk_closures"),
    )
    op.create_index("ix_closures_site_id", "closures", ["site_id", "ends_at", "id"])


def downgrade() -> None:
    op.drop_table("closures")


def _to(
    table: str, kind: sa.types.TypeEngine[int], column: str, *, nullable: bool = False
) -> sa.Column[int]:
    """Give a column that points to a row of another table."""
    key = sa.ForeignKey(f"{table}.id", name=f"fk_closures_{column}_{table}")
    return sa.Column(column, kind, key, nullable=nullable)
