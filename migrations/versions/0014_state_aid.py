"""The ledger of state aid, declarations of aid from elsewhere, and companies that are linked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime
from app.db.ddl import forbid_changes

revision = "0014"
down_revision = "0013"
KEPT = ("aid_entries", "aid_declarations", "aid_declared")


def upgrade() -> None:
    _create_entries()
    _create_declarations()
    _create_links()
    for table in KEPT:
        forbid_changes(op.get_bind(), table)


def downgrade() -> None:
    op.drop_table("undertaking_links")
    op.drop_table("aid_declared")
    op.drop_table("aid_declarations")
    op.drop_table("aid_entries")


def _to(
    table: str,
    own: str,
    column: str,
    kind: sa.types.TypeEngine[int] = BigId,
    *,
    nullable: bool = False,
) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_{own}_{column}_{table}"
    return sa.Column(column, kind, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _create_entries() -> None:
    op.create_table(
        "aid_entries",
        sa.Column("id", BigId, primary_key=True),
        _to("organisations", "aid_entries", "organisation_id"),
        _to("sites", "aid_entries", "site_id", sa.Integer()),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("nominal_minor", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("reference", sa.String(60), nullable=False),
        sa.Column("granter", sa.String(120), nullable=False),
        sa.Column("regulation", sa.String(200), nullable=False),
        sa.Column("nace", sa.String(10), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _to("aid_entries", "aid_entries", "reverses_id", nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        _to("accounts", "aid_entries", "recorded_by", nullable=True),
        sa.UniqueConstraint("reverses_id", name="uq_aid_entries_reverses_id"),
        sa.CheckConstraint(
            "(reverses_id IS NULL) = (amount_minor > 0)",
            name=op.f("ck_aid_entries_reversal_negative"),
        ),
    )
    for name, columns in (
        ("organisation_id", ["organisation_id", "granted_on", "id"]),
        ("reference", ["source", "reference", "id"]),
        ("granted_on", ["granted_on", "id"]),
    ):
        op.create_index(f"ix_aid_entries_{name}", "aid_entries", columns)


def _create_declarations() -> None:
    op.create_table(
        "aid_declarations",
        sa.Column("id", BigId, primary_key=True),
        _to("organisations", "aid_declarations", "organisation_id"),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("is_economic", sa.Boolean(), nullable=False),
        sa.Column("legal_form", sa.String(120), nullable=False),
        sa.Column("nace", sa.String(10), nullable=False),
        sa.Column("companies", sa.Text(), nullable=False),
        sa.Column("signatory", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        _to("accounts", "aid_declarations", "recorded_by", nullable=True),
    )
    op.create_index(
        "ix_aid_declarations_organisation_id",
        "aid_declarations",
        ["organisation_id", "declared_on", "id"],
    )
    op.create_table(
        "aid_declared",
        sa.Column("id", BigId, primary_key=True),
        _to("aid_declarations", "aid_declared", "declaration_id"),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("granter", sa.String(120), nullable=False),
        sa.Column("regulation", sa.String(200), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_aid_declared_amount_positive")),
    )
    op.create_index("ix_aid_declared_declaration_id", "aid_declared", ["declaration_id"])


def _create_links() -> None:
    op.create_table(
        "undertaking_links",
        sa.Column("id", BigId, primary_key=True),
        _to("organisations", "undertaking_links", "one_id"),
        _to("organisations", "undertaking_links", "other_id"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        _to("accounts", "undertaking_links", "linked_by", nullable=True),
        sa.Column("ended_at", UtcDateTime()),
        _to("accounts", "undertaking_links", "ended_by", nullable=True),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_undertaking_links_in_order")),
    )
    op.create_index("ix_undertaking_links_one_id", "undertaking_links", ["one_id"])
    op.create_index("ix_undertaking_links_other_id", "undertaking_links", ["other_id"])
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_undertaking_links_standing",
        "undertaking_links",
        ["one_id", "other_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
