"""« Mon tarif »: what counts now, what would be lower, and asking for it with documents."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.documents import LARGEST, MOST_DOCUMENTS, Document, document_from
from app.domain.errors import BadDocument, NotAllowed, ProofPending
from app.domain.ids import OrganisationId, SiteCode
from app.domain.profiles import BASE
from app.domain.proofs import ProofKind
from app.gateways.documents import EXTENSION, DocumentStore
from app.people import queries, service, words
from app.people.forms import offer
from app.people.own_rate import local_today, rate_of
from app.people.proof_forms import ProofForm
from app.people.proof_rules import proof_rules
from app.people.routes.blueprint import ID, pages, site_names
from app.people.service import Holder
from app.web import clock, guards
from app.web.body_limits import takes_up_to
from app.web.guards import signed_in
from app.web.sentences import sentence

MYSELF = "me"
# Five documents of the largest size, and the form around them.
BODY = MOST_DOCUMENTS * LARGEST + 65_536


@pages.get("/me/profiles")
@signed_in
def my_profiles() -> ResponseReturnValue:
    """Show which profile counts, what was asked for, and what would be lower."""
    actor = guards.actor()
    with reading() as database:
        person = queries.get_account(database, actor.account_id)
        memberships = queries.organisations_of(database, actor.account_id)
        payer = next(
            (each for each in memberships if each.organisation_id == person.payer_organisation_id),
            None,
        )
        profiles = queries.profiles_of(
            database, account_id=actor.account_id, organisation_id=person.payer_organisation_id
        )
        return render_template(
            "people/my_profiles.html",
            payer=payer,
            may_ask=payer is None or payer.organisation_id in actor.organisations_owned,
            rate=rate_of(
                database,
                profiles,
                by_organisation=payer is not None,
                created_on=None if payer is None else payer.created_on,
            ),
            profiles=profiles,
            requests=queries.proofs_of(
                database,
                account_id=actor.account_id,
                organisations=actor.organisations_owned,
            ),
            today=local_today(),
            now=clock.now(),
            base=BASE,
        )


@pages.get("/me/profiles/new")
@signed_in
def new_proof() -> ResponseReturnValue:
    """Show the form that asks for a profile."""
    with reading() as database:
        return _form_page(database, _form(database))


@pages.post("/me/profiles/new")
@signed_in
@takes_up_to(BODY)
def send_proof() -> ResponseReturnValue:
    """Ask for a profile with documents; what is wrong is said beside its field."""
    with reading() as database:
        form = _form(database)
        documents = _documents(form) if form.validate() else []
        if form.errors or form.documents.errors:
            return _form_page(database, form), 422
    try:
        with transaction() as database:
            service.ask_profile(
                database, guards.actor(), _store(), _wish(form), documents, now=clock.now()
            )
    except (BadDocument, ProofPending, NotAllowed) as error:
        _told(form, error)
        with reading() as database:
            return _form_page(database, form), 422
    flash(_("Votre demande est partie. Vous recevrez la réponse par courriel."), "done")
    return redirect("/me/profiles", 303)


def _told(form: ProofForm, error: BadDocument | ProofPending | NotAllowed) -> None:
    """Say a refusal beside the field it is about."""
    if isinstance(error, NotAllowed):
        form.holder.errors = [_("Ce profil ne se demande pas pour ce choix.")]
    elif isinstance(error, ProofPending):
        form.kind.errors = [sentence(error)]
    else:
        form.documents.errors = [sentence(error)]


@pages.post(f"/me/profiles/requests/<{ID}:request_id>/withdraw")
@signed_in
def withdraw_proof(request_id: int) -> ResponseReturnValue:
    """Take a request back; its documents go too."""
    with transaction() as database:
        service.withdraw_proof(database, guards.actor(), request_id, now=clock.now())
    flash(_("La demande est retirée, ses documents seront supprimés."), "done")
    return redirect("/me/profiles", 303)


def _form(database: Session) -> ProofForm:
    actor = guards.actor()
    form = ProofForm(data=_first_answers())
    offer(form.kind, [(kind.value, words.proof(kind)) for kind in ProofKind])
    owned = [
        (str(each.organisation_id), each.name)
        for each in queries.organisations_of(database, actor.account_id)
        if each.organisation_id in actor.organisations_owned
    ]
    offer(form.holder, [(MYSELF, _("moi-même")), *owned])
    offer(form.site, site_names(database))
    return form


def _first_answers() -> dict[str, str]:
    """What the link that was followed says already."""
    return {name: request.args[name] for name in ("kind", "holder") if name in request.args}


def _documents(form: ProofForm) -> list[Document]:
    """Judge the uploads; a fault is noted on the field."""
    uploads = [each for each in form.documents.data or [] if each.filename]
    found = []
    errors = []
    for upload in uploads[: MOST_DOCUMENTS + 1]:
        try:
            found.append(document_from(upload.filename, upload.stream.read(LARGEST + 1)))
        except BadDocument as error:
            errors.append(sentence(error))
    if not uploads:
        errors.append(sentence(BadDocument("", "missing")))
    form.documents.errors = errors
    return found


def _wish(form: ProofForm) -> service.Wish:
    chosen = form.holder.data
    holder = (
        Holder(account_id=guards.actor().account_id)
        if chosen == MYSELF
        else Holder(organisation_id=OrganisationId(int(chosen)))
    )
    return service.Wish(
        holder, ProofKind(form.kind.data), SiteCode(form.site.data), form.message.data or ""
    )


def _form_page(database: Session, form: ProofForm) -> str:
    return render_template(
        "people/proof_new.html",
        form=form,
        kinds=list(ProofKind),
        most=MOST_DOCUMENTS,
        megabytes=LARGEST // (1024 * 1024),
        kept=proof_rules().kept_accepted,
    )


def _store() -> DocumentStore:
    store: DocumentStore = current_app.extensions[EXTENSION]
    return store
