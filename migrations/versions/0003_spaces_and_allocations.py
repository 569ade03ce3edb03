"""Operators, sites, buildings, spaces, units, doors, and allocations that cannot overlap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import UtcDateTime
from app.db.ddl import forbid_overlap

revision = "0003"
down_revision = "0002"

TABLES = (
    "network_revision",
    "allocations",
    "space_doors",
    "doors",
    "space_units",
    "units",
    "spaces",
    "buildings",
    "sites",
    "operators",
)


def upgrade() -> None:
    _create_operators_and_sites()
    _create_buildings()
    _create_spaces()
    _create_units()
    _create_doors()
    _create_allocations()
    op.create_table(
        "network_revision",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name="only_one"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _to(table: str, column: str, **options: bool) -> sa.Column[int]:
    """A column that names a row of another table."""
    return sa.Column(column, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=False, **options)


def _create_operators_and_sites() -> None:
    op.create_table(
        "operators",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("legal_form", sa.String(200), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("retired_at", UtcDateTime()),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(40), nullable=False),
        _to("operators", "operator_id", index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("pass_code", sa.String(2), nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("town", sa.String(100), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("arrival", sa.JSON(), nullable=False),
        sa.Column("safe_capacity", sa.Integer(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("holidays", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime()),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("pass_code"),
        sa.CheckConstraint("safe_capacity > 0", name="safe_capacity_positive"),
    )


def _create_buildings() -> None:
    op.create_table(
        "buildings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(60), nullable=False),
        _to("sites", "site_id", index=True),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("safe_capacity", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime()),
        sa.UniqueConstraint("code"),
        sa.CheckConstraint("safe_capacity > 0", name="safe_capacity_positive"),
    )


def _create_spaces() -> None:
    op.create_table(
        "spaces",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(60), nullable=False),
        _to("sites", "site_id"),
        _to("buildings", "building_id", index=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("way", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("safe_capacity", sa.Integer(), nullable=False),
        sa.Column("area_m2", sa.Numeric(7, 2)),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("equipment", sa.JSON(), nullable=False),
        sa.Column("accessible", sa.Boolean(), nullable=False),
        sa.Column("hearing_loop", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.JSON()),
        sa.Column("bookable", sa.Boolean(), nullable=False),
        sa.Column("closed_reason", sa.String(30)),
        sa.Column("sharing", sa.String(10), nullable=False),
        sa.Column("rate", sa.String(40)),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime()),
        sa.UniqueConstraint("code"),
        sa.CheckConstraint("capacity > 0", name="capacity_positive"),
        sa.CheckConstraint("capacity <= safe_capacity", name="capacity_safe"),
        sa.CheckConstraint("sharing IN ('whole', 'pooled')", name="sharing_known"),
    )
    op.create_index("ix_spaces_site_id_position", "spaces", ["site_id", "position"])


def _create_units() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(80), nullable=False),
        _to("sites", "site_id", index=True),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime()),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "space_units",
        _to("spaces", "space_id", primary_key=True),
        _to("units", "unit_id", primary_key=True, index=True),
    )


def _create_doors() -> None:
    op.create_table(
        "doors",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        _to("sites", "site_id", index=True),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("policy", sa.String(20), nullable=False),
        sa.Column("retired_at", UtcDateTime()),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("number"),
        sa.CheckConstraint("number BETWEEN 1 AND 65535", name="number_small"),
    )
    op.create_table(
        "space_doors",
        _to("spaces", "space_id", primary_key=True),
        _to("doors", "door_id", primary_key=True, index=True),
        sa.Column("position", sa.Integer(), nullable=False),
    )


def _create_allocations() -> None:
    op.create_table(
        "allocations",
        _to("units", "unit_id", primary_key=True, autoincrement=False),
        sa.Column("starts_at", UtcDateTime(), primary_key=True),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        _to("spaces", "space_id"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", UtcDateTime()),
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_allocations_kind_holder_id", "allocations", ["kind", "holder_id"])
    forbid_overlap(None, op.get_bind())
