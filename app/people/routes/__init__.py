"""The pages of people: signing up and in, one's own account, organisations, and the staff's."""

from app.people.routes import (
    account,
    invitations,
    organisations,
    passwords,
    proof_queue,
    proofs,
    sign_in,
    sign_up,
    staff,
    staff_grants,
    tokens,
)
from app.people.routes.blueprint import pages

__all__ = [
    "account",
    "invitations",
    "organisations",
    "pages",
    "passwords",
    "proof_queue",
    "proofs",
    "sign_in",
    "sign_up",
    "staff",
    "staff_grants",
    "tokens",
]
