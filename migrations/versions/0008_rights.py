"""Rights: packs, memberships and credits with their ledger, residence, debts of roaming."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.balances import move_balances, rest_balances
from app.db.base import BigId, UtcDateTime
from app.db.ddl import forbid_changes

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _create_entitlements()
    _create_entries()
    forbid_changes(op.get_bind(), "entitlement_entries")
    move_balances(op.get_bind())
    _create_residences()
    _create_roaming_debts()


def downgrade() -> None:
    op.drop_table("roaming_debts")
    op.drop_table("residences")
    rest_balances(op.get_bind())
    op.drop_table("entitlement_entries")
    op.drop_table("entitlements")


def _to(
    table: str, own: str, column: str, kind: sa.types.TypeEngine[int], *, nullable: bool = True
) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_{own}_{column}_{table}"
    return sa.Column(column, kind, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _create_entitlements() -> None:
    op.create_table(
        "entitlements",
        sa.Column("id", BigId, primary_key=True),
        _to("accounts", "entitlements", "account_id", BigId),
        _to("organisations", "entitlements", "organisation_id", BigId),
        _to("sites", "entitlements", "site_id", sa.Integer(), nullable=False),
        _to("entitlements", "entitlements", "parent_id", BigId),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("product", sa.String(40)),
        sa.Column("honours", sa.JSON(), nullable=False),
        sa.Column("resident", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("quote", sa.JSON()),
        sa.Column("net_minor", sa.Integer(), nullable=False),
        sa.Column("vat_minor", sa.Integer(), nullable=False),
        sa.Column("gross_minor", sa.Integer(), nullable=False),
        sa.Column("card_version", sa.Integer()),
        _to("accounts", "entitlements", "created_by", BigId),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("told_low_at", UtcDateTime()),
        sa.Column("told_ending_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_entitlements"),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_entitlements_balance_not_negative")),
        sa.CheckConstraint(
            "valid_from <= valid_until", name=op.f("ck_entitlements_validity_ordered")
        ),
        sa.CheckConstraint(
            "account_id IS NOT NULL OR organisation_id IS NOT NULL",
            name=op.f("ck_entitlements_held_by_somebody"),
        ),
    )
    _index_entitlements()


def _index_entitlements() -> None:
    _index("entitlements", "account_id", "account_id", "valid_until", "id")
    _index("entitlements", "organisation_id", "organisation_id", "valid_until", "id")
    _index("entitlements", "parent_id", "parent_id")
    _index("entitlements", "created_at", "created_at", "id")
    standing = sa.text("balance > 0")
    op.create_index(
        "ix_entitlements_standing",
        "entitlements",
        ["valid_until", "id"],
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _create_entries() -> None:
    own = "entitlement_entries"
    op.create_table(
        own,
        sa.Column("id", BigId, primary_key=True),
        _to("entitlements", own, "entitlement_id", BigId, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _to("accounts", own, "actor_id", BigId),
        sa.Column("reason", sa.Text(), nullable=False),
        _to("entitlement_entries", own, "undoes_id", BigId),
        sa.Column("booking_id", BigId),
        _to("sites", own, "site_id", sa.Integer()),
        sa.Column("starts_at", UtcDateTime()),
        sa.Column("ends_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_entitlement_entries"),
        sa.UniqueConstraint("undoes_id", name="uq_entitlement_entries_undoes_id"),
    )
    _index(own, "entitlement_id", "entitlement_id", "id")
    _index(own, "booking_id", "booking_id", "id")


def _create_residences() -> None:
    op.create_table(
        "residences",
        sa.Column("id", BigId, primary_key=True),
        _to("accounts", "residences", "account_id", BigId),
        _to("organisations", "residences", "organisation_id", BigId),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_residences"),
        sa.UniqueConstraint("source", name="uq_residences_source"),
        sa.CheckConstraint(
            "valid_from <= valid_until", name=op.f("ck_residences_validity_ordered")
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (organisation_id IS NULL)",
            name=op.f("ck_residences_of_one_holder"),
        ),
    )
    _index("residences", "account_id", "account_id", "id")
    _index("residences", "organisation_id", "organisation_id", "id")


def _create_roaming_debts() -> None:
    own = "roaming_debts"
    op.create_table(
        own,
        sa.Column("id", BigId, primary_key=True),
        sa.Column("booking_id", BigId, nullable=False),
        _to("entitlements", own, "entitlement_id", BigId, nullable=False),
        sa.Column("debtor", sa.String(40), nullable=False),
        sa.Column("creditor", sa.String(40), nullable=False),
        _to("sites", own, "site_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(40)),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_roaming_debts"),
        sa.UniqueConstraint(
            "booking_id", "entitlement_id", name="uq_roaming_debts_booking_id_entitlement_id"
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_roaming_debts_amount_not_negative")),
    )
    _index(own, "entitlement_id", "entitlement_id")
    _index(own, "used_on", "used_on", "id")


def _index(table: str, name: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{name}", table, list(columns))
