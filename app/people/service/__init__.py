"""What people can do: one function per deed, in the caller's transaction."""

from app.people.service.accounts import (
    change_language,
    create_account,
    disable_account,
    edit_account,
    enable_account,
    rehash_password,
    set_password,
)
from app.people.service.attempts import forget_attempts, note_attempt
from app.people.service.endings import delete_documents, warn_of_endings
from app.people.service.grants import (
    Holder,
    end_profile,
    grant_profile,
    grant_role,
    revoke_role,
)
from app.people.service.invitations import (
    accept_as_new,
    accept_invitation,
    invite_colleague,
    withdraw_invitation,
)
from app.people.service.links import ask_link, ask_sign_up, confirm_account, spend_link
from app.people.service.organisations import (
    add_member,
    change_member,
    choose_payer,
    create_organisation,
    edit_organisation,
    remove_member,
)
from app.people.service.proofs import (
    Verdict,
    Wish,
    accept_proof,
    ask_profile,
    refuse_proof,
    visible_proof,
    withdraw_proof,
)
from app.people.service.sessions import (
    close_session,
    close_sessions,
    end_session,
    note_seen,
    open_session,
)
from app.people.service.tidying import tidy
from app.people.service.tokens import issue_token, revoke_token

__all__ = [
    "Holder",
    "Verdict",
    "Wish",
    "accept_as_new",
    "accept_invitation",
    "accept_proof",
    "add_member",
    "ask_link",
    "ask_profile",
    "ask_sign_up",
    "change_language",
    "change_member",
    "choose_payer",
    "close_session",
    "close_sessions",
    "confirm_account",
    "create_account",
    "create_organisation",
    "delete_documents",
    "disable_account",
    "edit_account",
    "edit_organisation",
    "enable_account",
    "end_profile",
    "end_session",
    "forget_attempts",
    "grant_profile",
    "grant_role",
    "invite_colleague",
    "issue_token",
    "note_attempt",
    "note_seen",
    "open_session",
    "refuse_proof",
    "rehash_password",
    "remove_member",
    "revoke_role",
    "revoke_token",
    "set_password",
    "spend_link",
    "tidy",
    "visible_proof",
    "warn_of_endings",
    "withdraw_invitation",
    "withdraw_proof",
]
