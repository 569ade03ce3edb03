"""One's own account: name, language, who pays, and the browsers that are signed in."""

from __future__ import annotations

from flask import flash, redirect, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.people import queries, service
from app.people.forms import AccountForm, PayerForm, offer
from app.people.routes.blueprint import ID, pages, site_names
from app.people.routes.visitors import dismiss, session_key
from app.web import clock, guards
from app.web.guards import signed_in
from app.web.languages import LANGUAGES

MYSELF = ""


@pages.get("/me")
@signed_in
def me() -> ResponseReturnValue:
    """Show one's account."""
    with reading() as database:
        return _me_page(database)


def _me_page(
    database: Session, *, account: AccountForm | None = None, payer: PayerForm | None = None
) -> str:
    actor = guards.actor()
    person = queries.get_account(database, actor.account_id)
    memberships = queries.organisations_of(database, actor.account_id)
    return render_template(
        "people/me.html",
        person=person,
        form=account or _account_form(person),
        payer_form=payer or _payer_form(memberships, person),
        memberships=memberships,
        profiles=queries.profiles_of(database, account_id=actor.account_id),
        roles=[
            each for each in queries.roles_of(database, actor.account_id) if each.revoked_at is None
        ],
        sessions=queries.sessions_of(
            database, actor.account_id, key=session_key() or "", now=clock.now()
        ),
        sites=dict(site_names(database)),
        today=clock.now().date(),
    )


def _account_form(person: queries.Person | None = None) -> AccountForm:
    form = AccountForm(obj=person)
    offer(form.locale, LANGUAGES.items())
    return form


def _payer_form(
    memberships: list[queries.Membership], person: queries.Person | None = None
) -> PayerForm:
    chosen = person.payer_organisation_id if person else None
    form = PayerForm(data={"payer": MYSELF if chosen is None else str(chosen)})
    organisations = [(str(each.organisation_id), each.name) for each in memberships]
    offer(form.payer, [(MYSELF, _("moi-même")), *organisations])
    return form


@pages.post("/me")
@signed_in
def edit_me() -> ResponseReturnValue:
    """Change one's name and language."""
    form = _account_form()
    if not form.validate():
        with reading() as database:
            return _me_page(database, account=form), 422
    with transaction() as database:
        service.edit_account(
            database, guards.actor(), name=form.name.data or "", locale=form.locale.data
        )
    session["language"] = form.locale.data
    refresh()
    flash(_("C’est enregistré."), "done")
    return redirect("/me", 303)


@pages.post("/me/payer")
@signed_in
def choose_payer() -> ResponseReturnValue:
    """Choose who pays for one's bookings from now on."""
    actor = guards.actor()
    with reading() as database:
        form = _payer_form(queries.organisations_of(database, actor.account_id))
        if not form.validate():
            return _me_page(database, payer=form), 422
    chosen = form.payer.data
    with transaction() as database:
        service.choose_payer(database, actor, int(chosen) if chosen else None)
    flash(_("C’est enregistré. Les réservations déjà faites ne changent pas."), "done")
    return redirect("/me", 303)


@pages.post(f"/me/sessions/<{ID}:session_id>/end")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one of one's browsers out."""
    with transaction() as database:
        service.end_session(database, guards.actor(), session_id)
    flash(_("Cet appareil est déconnecté."), "done")
    return redirect("/me", 303)


@pages.post("/sign-out/everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign all of one's browsers out, this one too."""
    with transaction() as database:
        service.close_sessions(database, guards.actor().account_id)
    dismiss()
    flash(_("Vous êtes déconnecté partout."), "done")
    return redirect("/sign-in", 303)
