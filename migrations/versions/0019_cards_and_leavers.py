"""Cards of members, who left an organisation, and what a door says of battery and certificate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0019"
down_revision = "0018"
GIVEN = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "access_cards",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        _to("accounts", "access_cards", "account_id"),
        sa.Column("fingerprint", sa.LargeBinary(8), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        _to("accounts", "access_cards", "given_by"),
        sa.Column("revoked_at", UtcDateTime()),
        _to("accounts", "access_cards", "revoked_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_cards"),
        sa.UniqueConstraint("code", name="uq_access_cards_code"),
    )
    op.create_index("ix_access_cards_account_id", "access_cards", ["account_id", "id"])
    op.create_index(
        "uq_access_cards_given",
        "access_cards",
        ["fingerprint"],
        unique=True,
        postgresql_where=GIVEN,
        sqlite_where=GIVEN,
    )
    op.create_table(
        "organisation_leavers",
        _to("organisations", "organisation_leavers", "organisation_id"),
        _to("accounts", "organisation_leavers", "account_id"),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "account_id", name="pk_organisation_leavers"),
    )
    op.create_index("ix_organisation_leavers_left_at", "organisation_leavers", ["left_at"])
    with op.batch_alter_table("devices") as devices:
        devices.add_column(sa.Column("battery", sa.Integer()))
        devices.add_column(sa.Column("certificate_until", UtcDateTime()))


def downgrade() -> None:
    with op.batch_alter_table("devices") as devices:
        devices.drop_column("certificate_until")
        devices.drop_column("battery")
    op.drop_table("organisation_leavers")
    op.drop_table("access_cards")


def _to(table: str, of: str, column: str, *, nullable: bool = False) -> sa.Column[int]:
    """Give a column that points to a row of another table."""
    key = sa.ForeignKey(f"{table}.id", name=f"fk_{of}_{column}_{table}")
    return sa.Column(column, BigId, key, nullable=nullable)
