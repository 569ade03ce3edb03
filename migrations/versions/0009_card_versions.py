"""Charters, what a published card was made of, drafts, withdrawals, and rates of VAT by date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime
from app.db.ddl import allow_changes, forbid_changes

revision = "0009"
down_revision = "0008"

NEVER_CHANGED = ("charters", "rate_cards", "card_withdrawals", "vat_rates")


def upgrade() -> None:
    _create_charters()
    with op.batch_alter_table("rate_cards") as cards:
        cards.add_column(sa.Column("charter_id", sa.Integer()))
        cards.add_column(sa.Column("own", sa.JSON()))
        cards.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        cards.add_column(sa.Column("published_by", BigId))
        cards.create_foreign_key(
            "fk_rate_cards_charter_id_charters", "charters", ["charter_id"], ["id"]
        )
        cards.create_foreign_key(
            "fk_rate_cards_published_by_accounts", "accounts", ["published_by"], ["id"]
        )
        cards.create_index("ix_rate_cards_charter_id", ["charter_id"])
    _create_drafts_and_withdrawals()
    _create_vat_rates()
    for table in NEVER_CHANGED:
        forbid_changes(op.get_bind(), table)


def downgrade() -> None:
    for table in NEVER_CHANGED:
        allow_changes(op.get_bind(), table)
    for table in ("vat_rates", "card_withdrawals", "card_drafts"):
        op.drop_table(table)
    with op.batch_alter_table("rate_cards") as cards:
        cards.drop_index("ix_rate_cards_charter_id")
        cards.drop_constraint("fk_rate_cards_charter_id_charters", type_="foreignkey")
        cards.drop_constraint("fk_rate_cards_published_by_accounts", type_="foreignkey")
        for column in ("charter_id", "own", "note", "published_by"):
            cards.drop_column(column)
    op.drop_table("charters")


def _by(table: str, column: str, *, nullable: bool = True) -> sa.Column[int]:
    """The account that did it."""
    name = f"fk_{table}_{column}_accounts"
    return sa.Column(column, BigId, sa.ForeignKey("accounts.id", name=name), nullable=nullable)


def _create_charters() -> None:
    op.create_table(
        "charters",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("deliberation", sa.String(200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        _by("charters", "published_by"),
        sa.UniqueConstraint("version", name="uq_charters_version"),
        sa.CheckConstraint("version > 0", name=op.f("ck_charters_version_positive")),
    )


def _create_drafts_and_withdrawals() -> None:
    op.create_table(
        "card_withdrawals",
        sa.Column(
            "rate_card_id",
            sa.Integer(),
            sa.ForeignKey("rate_cards.id", name="fk_card_withdrawals_rate_card_id_rate_cards"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=False),
        _by("card_withdrawals", "withdrawn_by", nullable=False),
    )
    op.create_table(
        "card_drafts",
        sa.Column("id", BigId, primary_key=True),
        sa.Column(
            "site_id",
            sa.Integer(),
            sa.ForeignKey("sites.id", name="fk_card_drafts_site_id_sites"),
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("effective_on", sa.Date()),
        sa.Column("deliberation", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _by("card_drafts", "author_id"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("published", sa.String(200)),
    )
    op.create_index("ix_card_drafts_open", "card_drafts", ["closed_at", "id"])


def _create_vat_rates() -> None:
    op.create_table(
        "vat_rates",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("percent", sa.String(8), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        _by("vat_rates", "recorded_by"),
        sa.UniqueConstraint(
            "code", "valid_from", "revision", name="uq_vat_rates_code_valid_from_revision"
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_vat_rates_revision_positive")),
    )
