"""Devices at doors, the codes that enrol them, and the journal they send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import BigId, UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _create_devices()
    op.create_table(
        "enrolment_codes",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("selector", sa.String(8), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        _to("doors", "enrolment_codes", "door_id", sa.Integer()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _to("accounts", "enrolment_codes", "created_by", BigId),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_codes"),
        sa.UniqueConstraint("selector", name="uq_enrolment_codes_selector"),
    )
    op.create_index("ix_enrolment_codes_door_id", "enrolment_codes", ["door_id"])
    op.create_index("ix_enrolment_codes_expires_at", "enrolment_codes", ["expires_at"])
    _create_journal()


def downgrade() -> None:
    op.drop_table("journal")
    op.drop_table("enrolment_codes")
    op.drop_table("devices")


def _to(
    table: str, own: str, column: str, kind: sa.types.TypeEngine[int], *, nullable: bool = False
) -> sa.Column[int]:
    """A column that names a row of another table."""
    name = f"fk_{own}_{column}_{table}"
    return sa.Column(column, kind, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _create_devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("code", sa.String(64), nullable=False),
        _to("doors", "devices", "door_id", sa.Integer()),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(), nullable=False),
        sa.Column("approved_at", UtcDateTime()),
        _to("accounts", "devices", "approved_by", BigId, nullable=True),
        sa.Column("revoked_at", UtcDateTime()),
        _to("accounts", "devices", "revoked_by", BigId, nullable=True),
        sa.Column("journal_seq", sa.BigInteger(), nullable=False),
        sa.Column("journal_head", sa.LargeBinary(32), nullable=False),
        sa.Column("fault", sa.String(20)),
        sa.Column("fault_at", UtcDateTime()),
        sa.Column("heard_at", UtcDateTime()),
        sa.Column("clock_error_ms", sa.BigInteger()),
        sa.Column("reported_seq", sa.BigInteger()),
        sa.Column("reported_snapshot", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("code", name="uq_devices_code"),
    )
    serving = sa.text("approved_at IS NOT NULL AND revoked_at IS NULL")
    op.create_index(
        "uq_devices_serving",
        "devices",
        ["door_id"],
        unique=True,
        sqlite_where=serving,
        postgresql_where=serving,
    )
    op.create_index("ix_devices_door_id", "devices", ["door_id", "id"])


def _create_journal() -> None:
    op.create_table(
        "journal",
        _to("devices", "journal", "device_id", BigId),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        _to("sites", "journal", "site_id", sa.Integer()),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("door", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("pass_id", sa.String(16)),
        _to("bookings", "journal", "booking_id", BigId, nullable=True),
        sa.Column("status", sa.String(30), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("clock_trusted", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "seq", name="pk_journal"),
        sa.CheckConstraint("seq > 0", name=op.f("ck_journal_seq_positive")),
    )
    op.create_index("ix_journal_site_id_at", "journal", ["site_id", "at", "device_id", "seq"])
    op.create_index("ix_journal_booking_id", "journal", ["booking_id"])
    op.create_index("ix_journal_received_at", "journal", ["received_at"])
