"""Requests for a profile with their documents, and when a company began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("organisations", sa.Column("created_on", sa.Date()))
    op.add_column("profiles", sa.Column("warned_at", UtcDateTime()))
    _create_requests()
    op.create_table(
        "proof_documents",
        sa.Column("id", BigId, primary_key=True),
        _to("proof_requests", "proof_documents", "request_id", nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("delete_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proof_documents"),
        sa.UniqueConstraint("key", name="uq_proof_documents_key"),
        sa.CheckConstraint(
            "kind IN ('pdf', 'jpeg', 'png')", name=op.f("ck_proof_documents_kind_known")
        ),
    )
    op.create_index("ix_proof_documents_delete_at", "proof_documents", ["delete_at", "id"])
    op.create_index("ix_proof_documents_request_id", "proof_documents", ["request_id"])
    op.create_table(
        "proof_grants",
        sa.Column(
            "profile_id",
            BigId,
            sa.ForeignKey("profiles.id", name="fk_proof_grants_profile_id_profiles"),
            primary_key=True,
            autoincrement=False,
        ),
        _to("proof_requests", "proof_grants", "request_id", nullable=False),
    )
    op.create_index("ix_proof_grants_request_id", "proof_grants", ["request_id"])


def downgrade() -> None:
    op.drop_table("proof_grants")
    op.drop_table("proof_documents")
    op.drop_table("proof_requests")
    op.drop_column("profiles", "warned_at")
    op.drop_column("organisations", "created_on")


def _to(table: str, own: str, column: str, *, nullable: bool = True) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_{own}_{column}_{table}"
    return sa.Column(column, BigId, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _create_requests() -> None:
    op.create_table(
        "proof_requests",
        sa.Column("id", BigId, primary_key=True),
        _to("accounts", "proof_requests", "account_id"),
        _to("organisations", "proof_requests", "organisation_id"),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("site_code", sa.String(40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        _to("accounts", "proof_requests", "asked_by", nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        _to("accounts", "proof_requests", "decided_by"),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proof_requests"),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (organisation_id IS NULL)",
            name=op.f("ck_proof_requests_one_holder"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'accepted', 'refused', 'withdrawn')",
            name=op.f("ck_proof_requests_state_known"),
        ),
    )
    pending = sa.text("state = 'pending'")
    for holder in ("account", "organisation"):
        op.create_index(f"ix_proof_requests_{holder}_id", "proof_requests", [f"{holder}_id"])
        op.create_index(
            f"uq_proof_requests_pending_{holder}",
            "proof_requests",
            [f"{holder}_id", "kind"],
            unique=True,
            sqlite_where=pending,
            postgresql_where=pending,
        )
    op.create_index("ix_proof_requests_state", "proof_requests", ["state", "asked_at", "id"])
