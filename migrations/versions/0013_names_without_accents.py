"""Names of people without case and accents, as the desk looks for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.domain.plain_text import folded

revision = "0013"
down_revision = "0012"

_accounts = sa.table(
    "accounts",
    sa.column("id", sa.BigInteger),
    sa.column("name", sa.String),
    sa.column("folded_name", sa.String),
)


def upgrade() -> None:
    op.add_column("accounts", sa.Column("folded_name", sa.String(360)))
    connection = op.get_bind()
    rows = connection.execute(sa.select(_accounts.c.id, _accounts.c.name)).all()
    if rows:
        connection.execute(
            sa.update(_accounts)
            .where(_accounts.c.id == sa.bindparam("account"))
            .values(folded_name=sa.bindparam("folded")),
            [{"account": row.id, "folded": folded(row.name)} for row in rows],
        )
    with op.batch_alter_table("accounts") as batch:
        batch.alter_column("folded_name", existing_type=sa.String(360), nullable=False)
    op.drop_index("ix_accounts_name_id", "accounts")
    op.create_index("ix_accounts_folded_name_id", "accounts", ["folded_name", "id"])


def downgrade() -> None:
    op.drop_index("ix_accounts_folded_name_id", "accounts")
    op.create_index("ix_accounts_name_id", "accounts", ["name", "id"])
    with op.batch_alter_table("accounts") as batch:
        batch.drop_column("folded_name")
