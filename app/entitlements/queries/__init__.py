"""Reads of rights: which may be spent, what is left of them, and what became of each."""

from app.entitlements.queries.ahead import (
    Ahead,
    RightsAhead,
    lock_rights_ahead,
    rights_ahead,
)
from app.entitlements.queries.ledger import (
    entries_of,
    find_holder_to_tell,
    get_right,
    parts_of,
    right_from,
    rights_by_id,
    rights_of,
    rights_of_organisation,
    usable_on,
)
from app.entitlements.queries.roaming import Debt, Owed, debts_in, owed_in
from app.entitlements.queries.rows import honours_json
from app.entitlements.queries.usable import (
    NO_RIGHTS,
    UsableRights,
    Use,
    lock_rights,
    payer,
    payer_and_more,
    payer_statement,
    paying,
    usable_rights,
)

__all__ = [
    "NO_RIGHTS",
    "Ahead",
    "Debt",
    "Owed",
    "RightsAhead",
    "UsableRights",
    "Use",
    "debts_in",
    "entries_of",
    "find_holder_to_tell",
    "get_right",
    "honours_json",
    "lock_rights",
    "lock_rights_ahead",
    "owed_in",
    "parts_of",
    "payer",
    "payer_and_more",
    "payer_statement",
    "paying",
    "right_from",
    "rights_ahead",
    "rights_by_id",
    "rights_of",
    "rights_of_organisation",
    "usable_on",
    "usable_rights",
]
