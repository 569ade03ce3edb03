"""Requests for a profile: asked with documents, withdrawn, accepted or refused by staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.documents import MOST_DOCUMENTS, Document
from app.domain.errors import (
    BadDocument,
    BadValidity,
    NotAllowed,
    ProofDecided,
    ProofPending,
    UnknownProof,
)
from app.domain.events import ProofAnswered
from app.domain.ids import SiteCode
from app.domain.months import add_months
from app.domain.permissions import Actor, Permission, Subject, allowed, require
from app.domain.profiles import ProvenProfile
from app.domain.proofs import ProofKind, ProofState, profiles_proven
from app.gateways.documents import DocumentStore
from app.people.proof_rules import proof_rules
from app.people.queries.proofs import ProofRequest, get_proof
from app.people.service.grants import Holder
from app.people.tables import (
    OrganisationRow,
    ProfileRow,
    ProofDocumentRow,
    ProofGrantRow,
    ProofRequestRow,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for, for whom, where, and what they add."""

    holder: Holder
    kind: ProofKind
    site: SiteCode
    message: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What staff read on a proof: the days it counts, and when the company was created."""

    valid_from: date
    valid_until: date
    seen: str
    created_on: date | None = None


def ask_profile(
    session: Session,
    actor: Actor,
    store: DocumentStore,
    wish: Wish,
    documents: Sequence[Document],
    *,
    now: datetime,
) -> int:
    """Ask for a profile with documents; gives the number of the request.

    A file that a later failure leaves behind is removed by the timer. Raises NotAllowed,
    BadDocument, ProofPending.
    """
    _require_asking(actor, wish)
    if not documents:
        raise BadDocument("", "missing")
    if len(documents) > MOST_DOCUMENTS:
        raise BadDocument("", "too-many")
    request_id = _insert_request(session, actor, wish, now)
    delete_at = _delete_at(ProofState.PENDING, now)
    for each in documents:
        session.execute(
            insert(ProofDocumentRow).values(
                request_id=request_id,
                key=store.put(each.content),
                name=each.name,
                kind=each.kind,
                size=len(each.content),
                delete_at=delete_at,
            )
        )
    return request_id


def withdraw_proof(session: Session, actor: Actor, request_id: int, *, now: datetime) -> None:
    """Take one's request back; its documents are deleted. Raises UnknownProof, ProofDecided."""
    request = get_proof(session, request_id)
    if not allowed(actor, Permission.PROOF_ASK, _own(request)):
        raise UnknownProof
    _answer(session, request, ProofState.WITHDRAWN, None, "", now)


def accept_proof(
    session: Session, actor: Actor, request_id: int, verdict: Verdict, *, now: datetime
) -> None:
    """Accept a proof: its profile counts on those days, a start-up's by stages of its age.

    What was booked keeps its price. Raises UnknownProof, NotAllowed, ProofDecided, BadValidity,
    CompanyTooOld.
    """
    request = _judged(session, actor, request_id)
    if verdict.valid_until < verdict.valid_from:
        raise BadValidity
    proven = profiles_proven(
        request.kind,
        valid_from=verdict.valid_from,
        valid_until=verdict.valid_until,
        created_on=verdict.created_on,
    )
    _answer(session, request, ProofState.ACCEPTED, actor, verdict.seen, now)
    if request.organisation_id is not None and verdict.created_on is not None:
        session.execute(
            update(OrganisationRow)
            .where(OrganisationRow.id == request.organisation_id)
            .values(created_on=verdict.created_on)
        )
    for each in proven:
        _grant(session, actor, request, each, verdict.seen, now)
    outbox.put(session, ProofAnswered(request.id), now=now)


def refuse_proof(
    session: Session, actor: Actor, request_id: int, *, reason: str, now: datetime
) -> None:
    """Refuse a proof with a reason that the person reads.

    Raises UnknownProof, NotAllowed, ProofDecided.
    """
    request = _judged(session, actor, request_id)
    _answer(session, request, ProofState.REFUSED, actor, reason, now)
    outbox.put(session, ProofAnswered(request.id), now=now)


def visible_proof(session: Session, actor: Actor, request_id: int) -> ProofRequest:
    """Give a request to staff who may see its papers; raises UnknownProof, as if not there."""
    request = get_proof(session, request_id)
    if not allowed(actor, Permission.PROOF_DECIDE, request.subject):
        raise UnknownProof
    return request


def _grant(
    session: Session,
    actor: Actor,
    request: ProofRequest,
    proven: ProvenProfile,
    seen: str,
    now: datetime,
) -> None:
    profile_id = session.scalar(
        insert(ProfileRow)
        .values(
            account_id=request.account_id,
            organisation_id=request.organisation_id,
            profile=proven.profile,
            valid_from=proven.valid_from,
            valid_until=proven.valid_until,
            granted_by=actor.account_id,
            granted_at=now,
            reason=seen,
        )
        .returning(ProfileRow.id)
    )
    session.execute(insert(ProofGrantRow).values(profile_id=profile_id, request_id=request.id))


def _judged(session: Session, actor: Actor, request_id: int) -> ProofRequest:
    request = visible_proof(session, actor, request_id)
    if request.is_of(actor):
        raise NotAllowed(Permission.PROOF_DECIDE)
    return request


def _require_asking(actor: Actor, wish: Wish) -> None:
    organisation = wish.holder.organisation_id
    rule = proof_rules().by_kind[wish.kind]
    if organisation is None:
        require(actor, Permission.PROOF_ASK, Subject(owner_id=wish.holder.account_id))
    else:
        require(actor, Permission.PROOF_ASK, Subject(organisation_id=organisation))
    if not (rule.persons if organisation is None else rule.organisations):
        raise NotAllowed(Permission.PROOF_ASK)


def _own(request: ProofRequest) -> Subject:
    if request.organisation_id is None:
        return Subject(owner_id=request.account_id)
    return Subject(organisation_id=request.organisation_id)


def _insert_request(session: Session, actor: Actor, wish: Wish, now: datetime) -> int:
    values = {
        "account_id": wish.holder.account_id,
        "organisation_id": wish.holder.organisation_id,
        "kind": wish.kind,
        "site_code": wish.site,
        "message": wish.message,
        "state": ProofState.PENDING,
        "asked_by": actor.account_id,
        "asked_at": now,
        "answer": "",
    }
    try:
        with session.begin_nested():
            made = session.scalar(
                insert(ProofRequestRow).values(values).returning(ProofRequestRow.id)
            )
    except IntegrityError as error:
        raise ProofPending from error
    return made or 0


def _answer(
    session: Session,
    request: ProofRequest,
    state: ProofState,
    judge: Actor | None,
    answer: str,
    now: datetime,
) -> None:
    """Answer a request that nobody has answered; of two at once the second is refused."""
    session.execute(
        select(ProofRequestRow.id).where(ProofRequestRow.id == request.id).with_for_update()
    )
    answered = session.scalar(
        update(ProofRequestRow)
        .where(ProofRequestRow.id == request.id, ProofRequestRow.state == ProofState.PENDING)
        .values(
            state=state,
            decided_by=judge.account_id if judge else None,
            decided_at=now,
            answer=answer,
        )
        .returning(ProofRequestRow.id)
    )
    if answered is None:
        raise ProofDecided
    session.execute(
        update(ProofDocumentRow)
        .where(ProofDocumentRow.request_id == request.id)
        .values(delete_at=_delete_at(state, now))
    )


def _delete_at(state: ProofState, now: datetime) -> datetime:
    day = add_months(now.date(), proof_rules().kept_months(state))
    return now.replace(year=day.year, month=day.month, day=day.day)
