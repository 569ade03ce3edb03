"""Alembic for the house: the app's engine, batch mode for SQLite, constraints compared."""

from __future__ import annotations

from alembic import context
from flask import current_app

from app.db.base import Base

WRITTEN_BY_HAND = frozenset({"ex_allocations_no_overlap"})  # app/db/ddl.py, alembic cannot see it


def _include(item: object, name: str | None, kind: str, reflected: bool, _: object) -> bool:
    return not (reflected and name in WRITTEN_BY_HAND)


def _run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=_include,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


_run()
