"""Requests for a profile and their documents, as values."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, false, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.documents import DocumentKind
from app.domain.errors import UnknownProof
from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.permissions import Actor, Permission, Role, Subject, scope_reaches
from app.domain.proofs import ProofKind, ProofState
from app.people.queries.accounts import LARGEST_ID
from app.people.tables import (
    AccountRow,
    OrganisationRow,
    ProofDocumentRow,
    ProofRequestRow,
)

_Columns = tuple[object, ...]
_Asker = aliased(AccountRow, name="asker")
_Judge = aliased(AccountRow, name="judge")
_Person = aliased(AccountRow, name="person")


@dataclass(frozen=True, slots=True)
class ProofDocument:
    """A document of a request; its content is asked of the store by its key until it is due."""

    id: int
    key: str
    name: str
    kind: DocumentKind
    size: int
    delete_at: datetime

    def is_gone(self, now: datetime) -> bool:
        """Whether it is due to be deleted, be the file there still or not."""
        return self.delete_at <= now


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """A request for a profile, with who asked for whom and what was answered."""

    id: int
    account_id: AccountId | None
    organisation_id: OrganisationId | None
    holder: str
    holder_created_on: date | None
    kind: ProofKind
    site: SiteCode
    message: str
    state: ProofState
    asked_by: AccountId
    asker: str
    asker_email: str
    asker_locale: str
    asked_at: datetime
    judge: str | None
    decided_at: datetime | None
    answer: str
    documents: tuple[ProofDocument, ...] = ()

    @property
    def subject(self) -> Subject:
        """Whose it is and where, for the table of permissions."""
        return Subject(owner_id=self.asked_by, site=self.site, organisation_id=self.organisation_id)

    def is_of(self, actor: Actor) -> bool:
        """Whether it is the actor's own affair, which somebody else must judge."""
        if actor.account_id in (self.asked_by, self.account_id):
            return True
        return self.organisation_id is not None and self.organisation_id in actor.organisations


def get_proof(session: Session, request_id: int) -> ProofRequest:
    """Give a request with its documents; raises UnknownProof."""
    if not 0 < request_id <= LARGEST_ID:
        raise UnknownProof
    row = session.execute(_requests().where(ProofRequestRow.id == request_id)).one_or_none()
    if row is None:
        raise UnknownProof
    return _with_documents(session, [_request(row)])[0]


def proofs_of(
    session: Session, *, account_id: int, organisations: Collection[int] = ()
) -> list[ProofRequest]:
    """Give what a person asked for, or their organisations did, the latest first."""
    wanted: list[ColumnElement[bool]] = [ProofRequestRow.account_id == account_id]
    if organisations:
        wanted.append(ProofRequestRow.organisation_id.in_(sorted(organisations)))
    rows = session.execute(
        _requests()
        .where(or_(*wanted))
        .order_by(ProofRequestRow.asked_at.desc(), ProofRequestRow.id.desc())
        .limit(50)
    )
    return _with_documents(session, [_request(row) for row in rows])


def pending_proofs(session: Session, actor: Actor) -> list[ProofRequest]:
    """Give what waits for this actor's answer, the oldest first."""
    rows = session.execute(
        _requests()
        .where(ProofRequestRow.state == ProofState.PENDING, _seen_by(actor))
        .order_by(ProofRequestRow.asked_at, ProofRequestRow.id)
        .limit(200)
    )
    return _with_documents(session, [_request(row) for row in rows])


def answered_proofs(session: Session, actor: Actor, *, most: int = 30) -> list[ProofRequest]:
    """Give the latest answers where this actor decides, the latest first."""
    rows = session.execute(
        _requests()
        .where(
            ProofRequestRow.state.in_((ProofState.ACCEPTED, ProofState.REFUSED)), _seen_by(actor)
        )
        .order_by(ProofRequestRow.decided_at.desc(), ProofRequestRow.id.desc())
        .limit(most)
    )
    return [_request(row) for row in rows]


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """The requests whose papers this actor may see: of their sites, or all of the network's."""
    if not scope_reaches(actor, Permission.PROOF_DECIDE):
        return false()
    if actor.has(Role.NETWORK_MANAGER):
        return ProofRequestRow.id > 0
    sites = sorted(actor.sites(Role.CONCIERGE, Role.MANAGER))
    return ProofRequestRow.site_code.in_(sites)


def _requests() -> Select[*_Columns]:
    return (
        select(
            ProofRequestRow.__table__,
            _Asker.name.label("asker"),
            _Asker.email.label("asker_email"),
            _Asker.locale.label("asker_locale"),
            _Judge.name.label("judge"),
            _Person.name.label("person"),
            OrganisationRow.name.label("organisation"),
            OrganisationRow.created_on,
        )
        .select_from(ProofRequestRow)
        .join(_Asker, _Asker.id == ProofRequestRow.asked_by)
        .outerjoin(_Judge, _Judge.id == ProofRequestRow.decided_by)
        .outerjoin(_Person, _Person.id == ProofRequestRow.account_id)
        .outerjoin(OrganisationRow, OrganisationRow.id == ProofRequestRow.organisation_id)
    )


def _request(row: Row[*_Columns]) -> ProofRequest:
    organisation = row.organisation_id
    return ProofRequest(
        id=row.id,
        account_id=None if row.account_id is None else AccountId(row.account_id),
        organisation_id=None if organisation is None else OrganisationId(organisation),
        holder=row.person or row.organisation,
        holder_created_on=row.created_on,
        kind=ProofKind(row.kind),
        site=SiteCode(row.site_code),
        message=row.message,
        state=ProofState(row.state),
        asked_by=AccountId(row.asked_by),
        asker=row.asker,
        asker_email=row.asker_email,
        asker_locale=row.asker_locale,
        asked_at=row.asked_at,
        judge=row.judge,
        decided_at=row.decided_at,
        answer=row.answer,
    )


def _with_documents(session: Session, requests: Iterable[ProofRequest]) -> list[ProofRequest]:
    """Add the documents of many requests in one statement."""
    found = {each.id: each for each in requests}
    documents: dict[int, list[ProofDocument]] = {number: [] for number in found}
    if found:
        rows = session.scalars(
            select(ProofDocumentRow)
            .where(ProofDocumentRow.request_id.in_(sorted(found)))
            .order_by(ProofDocumentRow.request_id, ProofDocumentRow.id)
        )
        for row in rows:
            documents[row.request_id].append(
                ProofDocument(
                    row.id, row.key, row.name, DocumentKind(row.kind), row.size, row.delete_at
                )
            )
    return [replace(each, documents=tuple(documents[each.id])) for each in found.values()]
