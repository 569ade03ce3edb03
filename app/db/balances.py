"""Balances that the database moves itself: each entry of a ledger, and nothing else, moves one.

The check of the table that has the balance then refuses what would spend one hour twice, whatever
the code believed.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_MOVE = "UPDATE entitlements SET balance = balance + NEW.amount WHERE id = NEW.entitlement_id"
_NAME = "entitlement_entries_move_balance"
_ON_SQLITE = (f"CREATE TRIGGER {_NAME} AFTER INSERT ON entitlement_entries BEGIN {_MOVE}; END",)
_ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION {_NAME}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN {_MOVE}; RETURN NULL; END $$
    """,
    f"""
    CREATE TRIGGER {_NAME} AFTER INSERT ON entitlement_entries
    FOR EACH ROW EXECUTE FUNCTION {_NAME}()
    """,
)


def move_balances(connection: Connection) -> None:
    """Let entries move the balances of rights."""
    for statement in _ON_SQLITE if connection.dialect.name == "sqlite" else _ON_POSTGRESQL:
        connection.execute(text(statement))


def rest_balances(connection: Connection) -> None:
    """Take ``move_balances`` back, before the table of entries is dropped."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"DROP TRIGGER {_NAME}"))
        return
    connection.execute(text(f"DROP TRIGGER {_NAME} ON entitlement_entries"))
    connection.execute(text(f"DROP FUNCTION {_NAME}()"))
