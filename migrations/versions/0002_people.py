"""Accounts and sign-in, roles, organisations and their members, profiles, tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0002"
down_revision = "0001"

STANDING = sa.text("revoked_at IS NULL")
STANDING_IN_NETWORK = sa.text("revoked_at IS NULL AND site_code IS NULL")


def upgrade() -> None:
    _create_organisations_and_accounts()
    _create_roles()
    _create_membership()
    _create_profiles()
    _create_sign_in()
    _create_api_tokens()


def _account(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, BigId, sa.ForeignKey("accounts.id"), nullable=nullable)


def _organisation(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("organisation_id", BigId, sa.ForeignKey("organisations.id"), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _create_organisations_and_accounts() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("siren", sa.String(9)),
        sa.Column("vat_id", sa.String(14)),
        _at("created_at"),
    )
    op.create_index("ix_organisations_name_id", "organisations", ["name", "id"])
    op.create_index("ix_organisations_siren", "organisations", ["siren"])
    op.create_table(
        "accounts",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("payer_organisation_id", BigId, sa.ForeignKey("organisations.id")),
        _at("created_at"),
        _at("confirmed_at", nullable=True),
        _at("disabled_at", nullable=True),
        sa.UniqueConstraint("email"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
    )
    op.create_index("ix_accounts_name_id", "accounts", ["name", "id"])
    op.create_index("ix_accounts_payer_organisation_id", "accounts", ["payer_organisation_id"])


def _create_roles() -> None:
    op.create_table(
        "roles",
        sa.Column("id", BigId, primary_key=True),
        _account("account_id"),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("site_code", sa.String(40)),
        _account("granted_by", nullable=True),
        _at("granted_at"),
        sa.Column("reason", sa.Text(), nullable=False),
        _account("revoked_by", nullable=True),
        _at("revoked_at", nullable=True),
    )
    op.create_index("ix_roles_account_id", "roles", ["account_id"])
    op.create_index("ix_roles_role_site_code", "roles", ["role", "site_code"])
    op.create_index(
        "uq_roles_standing_site",
        "roles",
        ["account_id", "role", "site_code"],
        unique=True,
        postgresql_where=STANDING,
        sqlite_where=STANDING,
    )
    op.create_index(
        "uq_roles_standing_network",
        "roles",
        ["account_id", "role"],
        unique=True,
        postgresql_where=STANDING_IN_NETWORK,
        sqlite_where=STANDING_IN_NETWORK,
    )


def _create_membership() -> None:
    op.create_table(
        "organisation_members",
        sa.Column("organisation_id", BigId, sa.ForeignKey("organisations.id"), primary_key=True),
        sa.Column("account_id", BigId, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("role", sa.String(10), nullable=False),
        _at("joined_at"),
        sa.CheckConstraint("role IN ('owner', 'member')", name="role_known"),
    )
    op.create_index("ix_organisation_members_account_id", "organisation_members", ["account_id"])
    op.create_table(
        "invitations",
        sa.Column("id", BigId, primary_key=True),
        _organisation(),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        _account("invited_by"),
        _at("created_at"),
        _at("expires_at"),
        _at("accepted_at", nullable=True),
        _at("withdrawn_at", nullable=True),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_invitations_organisation_id", "invitations", ["organisation_id"])
    op.create_index("ix_invitations_email", "invitations", ["email"])


def _create_profiles() -> None:
    op.create_table(
        "profiles",
        sa.Column("id", BigId, primary_key=True),
        _account("account_id", nullable=True),
        _organisation(nullable=True),
        sa.Column("profile", sa.String(30), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        _account("granted_by", nullable=True),
        _at("granted_at"),
        sa.Column("reason", sa.Text(), nullable=False),
        _account("revoked_by", nullable=True),
        _at("revoked_at", nullable=True),
        sa.CheckConstraint("(account_id IS NULL) <> (organisation_id IS NULL)", name="one_holder"),
        sa.CheckConstraint("valid_from <= valid_until", name="from_before_until"),
    )
    op.create_index("ix_profiles_account_id", "profiles", ["account_id"])
    op.create_index("ix_profiles_organisation_id", "profiles", ["organisation_id"])


def _create_sign_in() -> None:
    op.create_table(
        "mail_tokens",
        sa.Column("id", BigId, primary_key=True),
        _account("account_id"),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        _at("created_at"),
        _at("expires_at"),
        _at("used_at", nullable=True),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_mail_tokens_account_id", "mail_tokens", ["account_id"])
    op.create_index("ix_mail_tokens_expires_at", "mail_tokens", ["expires_at"])
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("key_hash", sa.String(64), nullable=False),
        _account("account_id"),
        _at("created_at"),
        _at("last_seen_at"),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_index("ix_sign_in_sessions_account_id", "sign_in_sessions", ["account_id"])
    op.create_index("ix_sign_in_sessions_created_at", "sign_in_sessions", ["created_at"])
    op.create_table(
        "attempts",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        _at("at"),
    )
    op.create_index("ix_attempts_key_at", "attempts", ["key", "at"])
    op.create_index("ix_attempts_at", "attempts", ["at"])


def _create_api_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", BigId, primary_key=True),
        _account("account_id"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(100), nullable=False),
        _at("created_at"),
        _at("expires_at", nullable=True),
        _at("revoked_at", nullable=True),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_api_tokens_account_id", "api_tokens", ["account_id"])


def downgrade() -> None:
    for table in (
        "api_tokens",
        "attempts",
        "sign_in_sessions",
        "mail_tokens",
        "profiles",
        "invitations",
        "organisation_members",
        "roles",
        "accounts",
        "organisations",
    ):
        op.drop_table(table)
