"""What can be done with leases, one function per deed."""

from app.leases.service.drafting import (
    LeaseWish,
    draft_lease,
    edit_draft,
    offer,
    reopen,
    withdraw,
)
from app.leases.service.revising import BATCH, Batch, due_steps, revise_batch, revise_lease
from app.leases.service.signing import enter, leave, return_deposit, sign
from app.leases.service.warning import tidy

__all__ = [
    "BATCH",
    "Batch",
    "LeaseWish",
    "draft_lease",
    "due_steps",
    "edit_draft",
    "enter",
    "leave",
    "offer",
    "reopen",
    "return_deposit",
    "revise_batch",
    "revise_lease",
    "sign",
    "tidy",
    "withdraw",
]
