"""What can be done with leases, one function per deed."""

from app.leases.service.aid import (
    Grant,
    declare_aid,
    lease_grant,
    link_companies,
    record_aid,
    record_enjoyed,
    require_headroom,
    reverse_aid,
    unlink_companies,
)
from app.leases.service.drafting import (
    LeaseWish,
    draft_lease,
    edit_draft,
    offer,
    reopen,
    withdraw,
)
from app.leases.service.rebates import value_month
from app.leases.service.revising import BATCH, Batch, due_steps, revise_batch, revise_lease
from app.leases.service.signing import enter, leave, return_deposit, sign
from app.leases.service.warning import tidy

__all__ = [
    "BATCH",
    "Batch",
    "Grant",
    "LeaseWish",
    "declare_aid",
    "draft_lease",
    "due_steps",
    "edit_draft",
    "enter",
    "lease_grant",
    "leave",
    "link_companies",
    "offer",
    "record_aid",
    "record_enjoyed",
    "reopen",
    "require_headroom",
    "return_deposit",
    "reverse_aid",
    "revise_batch",
    "revise_lease",
    "sign",
    "tidy",
    "unlink_companies",
    "value_month",
    "withdraw",
]
