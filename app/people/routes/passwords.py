"""Passwords forgotten, chosen again, and changed."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db.transaction import reading, transaction
from app.domain.errors import BadLink, WrongCredentials
from app.people import queries, service
from app.people.forms import ChangePasswordForm, LinkForm, NewPasswordForm
from app.people.queries.links import LinkPurpose, find_link
from app.people.routes.blueprint import pages
from app.people.routes.blueprint import passwords as keeper
from app.people.routes.sign_in import ask_for_link, dead_link
from app.people.routes.visitors import admit, open_session
from app.people.service.attempts import PASSWORD_OF_EMAIL
from app.web import clock, guards
from app.web.guards import public, signed_in


@pages.get("/password/forgot")
@public
def forgot() -> ResponseReturnValue:
    """Show the form that asks for another password."""
    return render_template("people/forgot.html", form=LinkForm())


@pages.post("/password/forgot")
@public
def send_reset() -> ResponseReturnValue:
    """Send a link to choose another password; the answer never tells whether one was sent."""
    form = LinkForm()
    if not form.validate():
        return render_template("people/forgot.html", form=form), 422
    ask_for_link(form.email.data or "", LinkPurpose.RESET)
    return render_template("people/link_sent.html", email=form.email.data)


@pages.get("/password/reset/<token>")
@public
def reset(token: str) -> ResponseReturnValue:
    """Show where to choose another password."""
    return _reset_page(token, NewPasswordForm(), 200)


@pages.post("/password/reset/<token>")
@public
def reset_password(token: str) -> ResponseReturnValue:
    """Spend the link, keep the password, sign every other browser out and this one in."""
    form = NewPasswordForm()
    if not form.validate():
        return _reset_page(token, form, 422)
    password_hash = keeper().hash(form.password.data or "")
    now = clock.now()
    try:
        with transaction() as database:
            account_id = service.spend_link(database, token, LinkPurpose.RESET, now=now)
            service.set_password(database, account_id, password_hash, now=now)
            key = open_session(database, account_id)
    except BadLink:
        return dead_link()
    admit(key)
    flash(_("Votre mot de passe est changé. Vos autres appareils sont déconnectés."), "done")
    return redirect("/me", 303)


def _reset_page(token: str, form: NewPasswordForm, status: int) -> ResponseReturnValue:
    with reading() as database:
        found = find_link(database, token, LinkPurpose.RESET, now=clock.now())
    if found is None:
        return dead_link()
    page = render_template("people/reset.html", form=form, token=token, email=found.email)
    return page, status


@pages.get("/me/password")
@signed_in
def password() -> ResponseReturnValue:
    """Show where to change one's password."""
    return _password_page(ChangePasswordForm(), 200)


@pages.post("/me/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change one's password, knowing the present one; other browsers are signed out."""
    form = ChangePasswordForm()
    if not form.validate():
        return _password_page(form, 422)
    actor, now = guards.actor(), clock.now()
    try:
        _refuse_stranger(form.current.data or "")
    except WrongCredentials:
        form.current.errors = [_("Ce n’est pas votre mot de passe actuel.")]
        return _password_page(form, 422)
    password_hash = keeper().hash(form.password.data or "")
    with transaction() as database:
        service.set_password(database, actor.account_id, password_hash, now=now)
        key = open_session(database, actor.account_id)
    admit(key)
    flash(_("Votre mot de passe est changé. Vos autres appareils sont déconnectés."), "done")
    return redirect("/me", 303)


def _refuse_stranger(current: str) -> None:
    """Pass for somebody who knows the present password; an open screen alone is not enough."""
    email = _own_email()
    with transaction() as database:
        service.note_attempt(database, [(PASSWORD_OF_EMAIL, email)], now=clock.now())
    with reading() as database:
        found = queries.find_credentials(database, email)
    if not keeper().verify(found.password_hash if found else None, current):
        raise WrongCredentials


def _own_email() -> str:
    found = guards.maybe_signed_in()
    return found.email if found else ""


def _password_page(form: ChangePasswordForm, status: int) -> ResponseReturnValue:
    with reading() as database:
        person = queries.get_account(database, guards.actor().account_id)
    return render_template("people/password.html", form=form, person=person), status
