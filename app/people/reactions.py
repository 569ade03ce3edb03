"""What people are told by mail when something happened to their account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.events import (
    ColleagueInvited,
    DomainEvent,
    MailLinkAsked,
    MailWanted,
    PasswordChanged,
    ProfileEnding,
    ProofAnswered,
)
from app.people import letters, proof_letters
from app.people.my_rate import goes_on
from app.people.queries import (
    GrantedProfile,
    Person,
    colleagues,
    find_account,
    find_account_by_email,
    find_invitation_by_id,
    find_profile,
    get_proof,
    profiles_of,
)
from app.people.queries.links import LinkPurpose, find_link
from app.people.secret_texts import fingerprint
from app.people.service.organisations import MemberRole

DEFAULT_LOCALE = "fr"

_LETTERS: dict[str, tuple[LinkPurpose, Callable[[str], letters.Written]]] = {
    "sign-in": (LinkPurpose.SIGN_IN, letters.sign_in),
    "reset": (LinkPurpose.RESET, letters.reset),
    "confirm": (LinkPurpose.CONFIRM, letters.confirm),
    "known": (LinkPurpose.SIGN_IN, letters.known),
}


def send_link(session: Session, event: DomainEvent, now: datetime) -> None:
    """Write the letter with the link that was asked for, unless it is dead already."""
    if not isinstance(event, MailLinkAsked):
        return
    purpose, letter = _LETTERS[event.purpose]
    account = find_account(session, event.account_id)
    if account is None or find_link(session, event.token, purpose, now=now) is None:
        return
    with force_locale(account.locale):
        written = letter(event.token)
    _send(session, written, key=_key("link", event.token), to=account.email, now=now)


def send_invitation(session: Session, event: DomainEvent, now: datetime) -> None:
    """Write the invitation, in the language of the invited if we know them."""
    if not isinstance(event, ColleagueInvited):
        return
    invited = find_invitation_by_id(session, event.invitation_id, now=now)
    if invited is None:
        return
    account = find_account_by_email(session, invited.email)
    with force_locale(account.locale if account else DEFAULT_LOCALE):
        written = letters.invitation(invited, event.token)
    _send(session, written, key=_key("invitation", event.token), to=invited.email, now=now)


def tell_password_changed(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell the owner of an account that its password changed, in case it was not them."""
    if not isinstance(event, PasswordChanged):
        return
    account = find_account(session, event.account_id)
    if account is None:
        return
    with force_locale(account.locale):
        written = letters.password_changed()
    key = _key("password", f"{event.account_id} {event.at}")
    _send(session, written, key=key, to=account.email, now=now)


def tell_proof_answered(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell who asked for a profile what staff answered."""
    if not isinstance(event, ProofAnswered):
        return
    request = get_proof(session, event.request_id)
    with force_locale(request.asker_locale):
        written = proof_letters.answered(request)
    key = f"proof-{request.id}-{request.state.value}"
    _send(session, written, key=key, to=request.asker_email, now=now)


def tell_profile_ends(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell the holder of a profile that it soon ends, unless it goes on or was ended already.

    Of an organisation the owners are told.
    """
    if not isinstance(event, ProfileEnding):
        return
    ending = find_profile(session, event.profile_id)
    if ending is None or ending.revoked_at is not None:
        return
    held = profiles_of(
        session, account_id=ending.account_id, organisation_id=ending.organisation_id
    )
    if goes_on(ending, held):
        return
    for person in _told_of(session, ending):
        with force_locale(person.locale):
            written = proof_letters.ending(ending)
        key = f"profile-ending-{ending.id}-{person.id}"
        _send(session, written, key=key, to=person.email, now=now)


def _told_of(session: Session, ending: GrantedProfile) -> list[Person]:
    if ending.organisation_id is None:
        owners = [ending.account_id]
    else:
        owners = [
            each.account_id
            for each in colleagues(session, ending.organisation_id)
            if each.role == MemberRole.OWNER
        ]
    found = [find_account(session, number) for number in owners if number is not None]
    return [person for person in found if person is not None]


def _send(session: Session, written: letters.Written, *, key: str, to: str, now: datetime) -> None:
    outbox.put(session, MailWanted(key, to, written.subject, written.text), now=now)


def _key(what: str, secret: str) -> str:
    """Name a mail for ever, without the secret in its name."""
    return f"{what}-{fingerprint(secret)[:32]}"
