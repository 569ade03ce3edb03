"""Index series, leases with their inventories and revisions, and warnings that were sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime
from app.db.ddl import forbid_changes

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _create_index_values()
    _create_leases()
    _create_inventories()
    _create_revisions()
    _create_log_and_warnings()


def downgrade() -> None:
    for table in (
        "lease_warnings",
        "lease_log",
        "lease_revisions",
        "lease_inventories",
        "leases",
        "index_values",
    ):
        op.drop_table(table)


def _to(
    table: str, own: str, column: str, kind: sa.types.TypeEngine[int], *, nullable: bool = False
) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_{own}_{column}_{table}"
    return sa.Column(column, kind, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _create_index_values() -> None:
    op.create_table(
        "index_values",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("series", sa.String(4), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(8, 2), nullable=False),
        sa.Column("published_on", sa.Date()),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        _to("accounts", "index_values", "recorded_by", BigId, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_index_values"),
        sa.UniqueConstraint(
            "series",
            "year",
            "quarter",
            "revision",
            name="uq_index_values_series_year_quarter_revision",
        ),
        _check("index_values", "series_known", "series IN ('ILAT', 'ILC', 'ICC')"),
        _check("index_values", "quarter_known", "quarter BETWEEN 1 AND 4"),
        _check("index_values", "value_positive", "value > 0"),
        _check("index_values", "revision_positive", "revision > 0"),
    )
    forbid_changes(op.get_bind(), "index_values")


def _create_leases() -> None:
    op.create_table(
        "leases",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("ref", sa.String(16), nullable=False),
        _to("organisations", "leases", "organisation_id", BigId),
        _to("sites", "leases", "site_id", sa.Integer()),
        _to("spaces", "leases", "space_id", sa.Integer()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("title", sa.String(20), nullable=False),
        sa.Column("motive", sa.Text(), nullable=False),
        sa.Column("call_reference", sa.String(200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        *_terms(),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _to("accounts", "leases", "created_by", BigId, nullable=True),
        sa.Column("offered_on", sa.Date()),
        sa.Column("signed_on", sa.Date()),
        sa.Column("signatory", sa.String(120), nullable=False),
        sa.Column("left_on", sa.Date()),
        sa.Column("deposit_returned_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_leases"),
        sa.UniqueConstraint("ref", name="uq_leases_ref"),
        _check("leases", "first_before_last", "first_day <= last_day"),
        _check("leases", "area_positive", "area_m2 > 0"),
        _check("leases", "rent_not_negative", "rent_per_m2 >= 0"),
        _check("leases", "deposit_not_negative", "deposit_minor >= 0"),
        _check("leases", "quarter_known", "base_quarter BETWEEN 1 AND 4"),
    )
    op.create_index("ix_leases_organisation_id", "leases", ["organisation_id", "first_day", "id"])
    op.create_index("ix_leases_space_id", "leases", ["space_id", "first_day", "id"])
    op.create_index("ix_leases_site_id_state", "leases", ["site_id", "state", "id"])
    op.create_index("ix_leases_state", "leases", ["state", "first_day", "id"])


def _terms() -> tuple[sa.Column[object], ...]:
    """What the rent is made of."""
    return (
        sa.Column("area_m2", sa.Numeric(9, 2), nullable=False),
        sa.Column("rent_per_m2", sa.Numeric(9, 2), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("charges_per_m2", sa.Numeric(9, 2), nullable=False),
        sa.Column("services_minor", sa.Integer(), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("deposit_minor", sa.Integer(), nullable=False),
        sa.Column("vat_code", sa.String(30), nullable=False),
        sa.Column("index_series", sa.String(4), nullable=False),
        sa.Column("base_year", sa.Integer(), nullable=False),
        sa.Column("base_quarter", sa.Integer(), nullable=False),
    )


def _create_inventories() -> None:
    op.create_table(
        "lease_inventories",
        sa.Column("id", BigId, primary_key=True),
        _to("leases", "lease_inventories", "lease_id", BigId),
        sa.Column("way", sa.String(3), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("keys", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        _to("accounts", "lease_inventories", "recorded_by", BigId),
        sa.PrimaryKeyConstraint("id", name="pk_lease_inventories"),
        sa.UniqueConstraint("lease_id", "way", name="uq_lease_inventories_lease_id_way"),
        _check("lease_inventories", "way_known", "way IN ('in', 'out')"),
        _check("lease_inventories", "keys_not_negative", "keys >= 0"),
    )


def _create_revisions() -> None:
    op.create_table(
        "lease_revisions",
        sa.Column("id", BigId, primary_key=True),
        _to("leases", "lease_revisions", "lease_id", BigId),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("series", sa.String(4), nullable=False),
        sa.Column("base_year", sa.Integer(), nullable=False),
        sa.Column("base_quarter", sa.Integer(), nullable=False),
        sa.Column("base_value", sa.Numeric(8, 2)),
        sa.Column("base_revision", sa.Integer()),
        sa.Column("new_value", sa.Numeric(8, 2)),
        sa.Column("new_revision", sa.Integer()),
        sa.Column("rent_before_minor", sa.Integer(), nullable=False),
        sa.Column("rent_after_minor", sa.Integer()),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date()),
        sa.Column("told_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_lease_revisions"),
        sa.UniqueConstraint(
            "lease_id", "effective_on", name="uq_lease_revisions_lease_id_effective_on"
        ),
        _check(
            "lease_revisions",
            "both_or_none",
            "(new_value IS NULL) = (rent_after_minor IS NULL)",
        ),
    )
    provisional = sa.text("new_value IS NULL")
    op.create_index(
        "ix_lease_revisions_provisional",
        "lease_revisions",
        ["effective_on", "id"],
        sqlite_where=provisional,
        postgresql_where=provisional,
    )


def _create_log_and_warnings() -> None:
    op.create_table(
        "lease_log",
        sa.Column("id", BigId, primary_key=True),
        _to("leases", "lease_log", "lease_id", BigId),
        sa.Column("at", UtcDateTime(), nullable=False),
        _to("accounts", "lease_log", "actor_id", BigId, nullable=True),
        sa.Column("action", sa.String(30), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lease_log"),
    )
    op.create_index("ix_lease_log_lease_id", "lease_log", ["lease_id", "id"])
    op.create_table(
        "lease_warnings",
        _to("leases", "lease_warnings", "lease_id", BigId),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("lease_id", "kind", "due_on", name="pk_lease_warnings"),
    )
