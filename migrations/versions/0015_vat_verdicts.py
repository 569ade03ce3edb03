"""What is known of an organisation's VAT number, and since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.base import UtcDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("organisations") as organisations:
        organisations.add_column(sa.Column("vat_verdict", sa.String(20)))
        organisations.add_column(sa.Column("vat_asked_at", UtcDateTime()))


def downgrade() -> None:
    with op.batch_alter_table("organisations") as organisations:
        organisations.drop_column("vat_asked_at")
        organisations.drop_column("vat_verdict")
