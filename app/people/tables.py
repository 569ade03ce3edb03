"""The rows of people: accounts and how they sign in, what they are trusted with, who pays.

Documents that prove a profile have a row here and their content elsewhere.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, UtcDateTime
from app.domain.plain_text import folded

EMAIL_LENGTH = 254  # RFC 5321: longer addresses cannot be delivered to
NAME_LENGTH = 120
HASH_LENGTH = 64  # SHA-256 in hex

_STANDING = text("revoked_at IS NULL")
_PENDING = text("state = 'pending'")


class AccountRow(Base):
    """Somebody who can sign in; the address is lower-case and proven once `confirmed_at` is set."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index("ix_accounts_folded_name_id", "folded_name", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    folded_name: Mapped[str] = mapped_column(  # a letter may fold into three
        String(3 * NAME_LENGTH),
        default=lambda context: folded(context.get_current_parameters()["name"]),
    )
    locale: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    payer_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoleRow(Base):
    """A role granted, at one site or in the whole network; revoked ones stay as the log."""

    __tablename__ = "roles"
    __table_args__ = (
        Index(
            "uq_roles_standing_site",
            "account_id",
            "role",
            "site_code",
            unique=True,
            postgresql_where=_STANDING,
            sqlite_where=_STANDING,
        ),
        Index(
            "uq_roles_standing_network",
            "account_id",
            "role",
            unique=True,
            postgresql_where=text("revoked_at IS NULL AND site_code IS NULL"),
            sqlite_where=text("revoked_at IS NULL AND site_code IS NULL"),
        ),
        Index("ix_roles_role_site_code", "role", "site_code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    site_code: Mapped[str | None] = mapped_column(String(40))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OrganisationRow(Base):
    """A company, association or laboratory that may pay for its members."""

    __tablename__ = "organisations"
    __table_args__ = (Index("ix_organisations_name_id", "name", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    siren: Mapped[str | None] = mapped_column(String(9), index=True)
    vat_id: Mapped[str | None] = mapped_column(String(14))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What the register of the Union, or the form alone, says of the number, and when it was asked.
    vat_verdict: Mapped[str | None] = mapped_column(String(20))
    vat_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the company itself began, as its proof says: a start-up's stage is counted from it.
    created_on: Mapped[date | None] = mapped_column(Date)


class OrganisationMemberRow(Base):
    """Who belongs to an organisation, as owner or member."""

    __tablename__ = "organisation_members"
    __table_args__ = (CheckConstraint("role IN ('owner', 'member')", name="role_known"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OrganisationLeaverRow(Base):
    """Who left an organisation, kept for as long as a door may have to be told."""

    __tablename__ = "organisation_leavers"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    left_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class InvitationRow(Base):
    """A mailed invitation into an organisation, for one address."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), index=True)
    role: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    invited_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProfileRow(Base):
    """A proven tariff profile of a person or an organisation, for days both included."""

    __tablename__ = "profiles"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (organisation_id IS NULL)", name="one_holder"),
        CheckConstraint("valid_from <= valid_until", name="from_before_until"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    profile: Mapped[str] = mapped_column(String(30))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When its holder was told that it soon ends.
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProofRequestRow(Base):
    """Somebody asks for a profile and shows documents; staff of a site decide."""

    __tablename__ = "proof_requests"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (organisation_id IS NULL)", name="one_holder"),
        CheckConstraint(
            "state IN ('pending', 'accepted', 'refused', 'withdrawn')", name="state_known"
        ),
        Index(
            "uq_proof_requests_pending_account",
            "account_id",
            "kind",
            unique=True,
            postgresql_where=_PENDING,
            sqlite_where=_PENDING,
        ),
        Index(
            "uq_proof_requests_pending_organisation",
            "organisation_id",
            "kind",
            unique=True,
            postgresql_where=_PENDING,
            sqlite_where=_PENDING,
        ),
        Index("ix_proof_requests_state", "state", "asked_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    site_code: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text)


class ProofDocumentRow(Base):
    """A document that was shown; its content lies in the instance folder until it is deleted."""

    __tablename__ = "proof_documents"
    __table_args__ = (
        CheckConstraint("kind IN ('pdf', 'jpeg', 'png')", name="kind_known"),
        Index("ix_proof_documents_delete_at", "delete_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("proof_requests.id"), index=True)
    key: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    kind: Mapped[str] = mapped_column(String(4))
    size: Mapped[int] = mapped_column(Integer)
    delete_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProofGrantRow(Base):
    """Which profiles were granted upon which request: a start-up's has one for each stage."""

    __tablename__ = "proof_grants"

    profile_id: Mapped[int] = mapped_column(
        ForeignKey("profiles.id"), primary_key=True, autoincrement=False
    )
    request_id: Mapped[int] = mapped_column(ForeignKey("proof_requests.id"), index=True)


class MailTokenRow(Base):
    """A link sent by mail, good for one use; only the hash of its secret is kept."""

    __tablename__ = "mail_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInSessionRow(Base):
    """A browser that is signed in; only the hash of the key in its cookie is kept."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agent: Mapped[str] = mapped_column(String(200))


class AttemptRow(Base):
    """One try of something limited; the key is a hash, so no address lies about here."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(HASH_LENGTH))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ApiTokenRow(Base):
    """A token for programs, never stronger than its owner; only its hash is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    scopes: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
