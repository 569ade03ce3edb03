"""The queue of proofs: staff read the documents beside the decision, accept or refuse."""

from __future__ import annotations

import structlog
from flask import Response, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.http import dump_options_header

from app.db.transaction import reading, transaction
from app.domain.documents import MIME
from app.domain.errors import CompanyTooOld, DocumentGone, UnknownProof
from app.domain.permissions import Permission
from app.domain.proofs import OLDEST_STARTUP, ProofKind, ProofState, anniversary
from app.gateways.documents import EXTENSION, DocumentMissing, DocumentStore
from app.people import queries, service
from app.people.forms import FIRST_DAY
from app.people.own_rate import local_today
from app.people.proof_forms import AcceptForm, RefuseForm
from app.people.proof_rules import proof_rules
from app.people.queries import ProofDocument, ProofRequest
from app.people.routes.blueprint import ID, pages, site_names
from app.people.service import Verdict
from app.web import clock, guards
from app.web.guards import requires
from app.web.sentences import sentence

# A document is a stranger's file: it is never shown as a page of ours.
DOCUMENT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
log = structlog.get_logger("totem.proofs")


@pages.get("/proofs")
@requires(Permission.PROOF_DECIDE)
def proof_queue() -> ResponseReturnValue:
    """Show what waits for an answer, the oldest first, and the latest answers."""
    actor = guards.actor()
    with reading() as database:
        return render_template(
            "people/proofs.html",
            pending=queries.pending_proofs(database, actor),
            answered=queries.answered_proofs(database, actor),
            sites=dict(site_names(database)),
        )


@pages.get(f"/proofs/<{ID}:request_id>")
@requires(Permission.PROOF_DECIDE)
def proof(request_id: int) -> ResponseReturnValue:
    """Show a request with its documents and the decision."""
    with reading() as database:
        return _proof_page(database, request_id)


def _proof_page(
    database: Session,
    request_id: int,
    *,
    accept: AcceptForm | None = None,
    refuse: RefuseForm | None = None,
) -> str:
    actor, now = guards.actor(), clock.now()
    found = service.visible_proof(database, actor, request_id)
    return render_template(
        "people/proof.html",
        request_=found,
        documents=[each for each in found.documents if not each.is_gone(now)],
        pending=found.state is ProofState.PENDING,
        own=found.is_of(actor),
        is_startup=found.kind is ProofKind.STARTUP,
        accept_form=accept or _accept_form(found),
        refuse_form=refuse or RefuseForm(formdata=None),
        profiles=queries.profiles_of(
            database, account_id=found.account_id, organisation_id=found.organisation_id
        ),
        sites=dict(site_names(database)),
        today=local_today(),
    )


def _accept_form(found: ProofRequest) -> AcceptForm:
    """Offer the days the charter's rule gives: from today, a start-up's to its fifth birthday."""
    today = local_today()
    until = proof_rules().by_kind[found.kind].proposed_until(today)
    created = found.holder_created_on
    if found.kind is ProofKind.STARTUP and created is not None:
        until = min(until, anniversary(created, OLDEST_STARTUP))
    first = {"valid_from": today, "valid_until": max(until, today), "created_on": created}
    return AcceptForm(formdata=None, data=first)


@pages.post(f"/proofs/<{ID}:request_id>/accept")
@requires(Permission.PROOF_DECIDE)
def accept_proof(request_id: int) -> ResponseReturnValue:
    """Accept a proof for the days that were read on it."""
    form = AcceptForm()
    if form.validate():
        try:
            with transaction() as database:
                service.accept_proof(
                    database, guards.actor(), request_id, _verdict(form), now=clock.now()
                )
        except CompanyTooOld as error:
            form.created_on.errors = [
                sentence(error) if form.created_on.data else _("Remplissez ce champ.")
            ]
        else:
            flash(_("Le profil est accordé, la personne l’apprend par courriel."), "done")
            return redirect("/proofs", 303)
    with reading() as database:
        return _proof_page(database, request_id, accept=form), 422


def _verdict(form: AcceptForm) -> Verdict:
    return Verdict(
        valid_from=form.valid_from.data or FIRST_DAY,
        valid_until=form.valid_until.data or FIRST_DAY,
        seen=form.seen.data or "",
        created_on=form.created_on.data,
    )


@pages.post(f"/proofs/<{ID}:request_id>/refuse")
@requires(Permission.PROOF_DECIDE)
def refuse_proof(request_id: int) -> ResponseReturnValue:
    """Refuse a proof with a reason."""
    form = RefuseForm()
    if not form.validate():
        with reading() as database:
            return _proof_page(database, request_id, refuse=form), 422
    with transaction() as database:
        service.refuse_proof(
            database, guards.actor(), request_id, reason=form.reason.data or "", now=clock.now()
        )
    flash(_("La demande est refusée, la personne en lit le motif par courriel."), "done")
    return redirect("/proofs", 303)


@pages.get(f"/proofs/<{ID}:request_id>/documents/<{ID}:document_id>")
@requires(Permission.PROOF_DECIDE)
def proof_document(request_id: int, document_id: int) -> Response:
    """Give a document to staff as a file; who read it is logged. Raises DocumentGone."""
    actor = guards.actor()
    with reading() as database:
        found = service.visible_proof(database, actor, request_id)
    document = next((each for each in found.documents if each.id == document_id), None)
    if document is None:
        raise UnknownProof
    content = _content(document)
    log.info(
        "proof document read", request=request_id, document=document_id, reader=actor.account_id
    )
    return Response(content, mimetype=MIME[document.kind], headers=_headers(document))


def _content(document: ProofDocument) -> bytes:
    store: DocumentStore = current_app.extensions[EXTENSION]
    if document.is_gone(clock.now()):
        raise DocumentGone
    try:
        return store.get(document.key)
    except DocumentMissing as error:
        raise DocumentGone from error


def _headers(document: ProofDocument) -> Headers:
    """As a download under a name of ours, whatever the sender called it."""
    name = f"justificatif-{document.id}.{document.kind.value}"
    return Headers(
        {
            "Content-Disposition": dump_options_header("attachment", {"filename": name}),
            "Content-Security-Policy": DOCUMENT_POLICY,
        }
    )
