"""Signing up: a name and an address, and a letter that proves it."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db.transaction import reading, transaction
from app.domain.errors import BadLink
from app.people import service
from app.people.forms import ConfirmForm, SignUpForm
from app.people.queries.links import LinkPurpose, find_link
from app.people.routes.blueprint import pages, passwords
from app.people.routes.sign_in import dead_link, link_tries
from app.people.routes.visitors import admit, kept_wish, open_session
from app.web import clock, formats
from app.web.guards import public


@pages.get("/sign-up")
@public
def sign_up() -> ResponseReturnValue:
    """Show the form of a new account."""
    return render_template("people/sign_up.html", form=SignUpForm())


@pages.post("/sign-up")
@public
def ask_account() -> ResponseReturnValue:
    """Send the letter that confirms the address; the answer never tells whether it is known."""
    form = SignUpForm()
    if not form.validate():
        return render_template("people/sign_up.html", form=form), 422
    now = clock.now()
    email = form.email.data or ""
    with transaction() as database:
        service.note_attempt(database, link_tries(email), now=now)
        service.ask_sign_up(
            database, email=email, name=form.name.data or "", locale=formats.language(), now=now
        )
    return render_template("people/link_sent.html", email=email)


@pages.get("/sign-up/confirm/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """Show the end of a sign-up: a password, or none."""
    return _confirm_page(token, ConfirmForm(), 200)


@pages.post("/sign-up/confirm/<token>")
@public
def confirm_account(token: str) -> ResponseReturnValue:
    """Spend the letter's link, keep the password, and sign in."""
    form = ConfirmForm()
    if not form.validate():
        return _confirm_page(token, form, 422)
    chosen = form.password.data
    password_hash = passwords().hash(chosen) if chosen else None
    now = clock.now()
    try:
        with transaction() as database:
            account_id = service.confirm_account(
                database, token, password_hash=password_hash, now=now
            )
            key = open_session(database, account_id)
    except BadLink:
        return dead_link()
    target = kept_wish()
    admit(key)
    flash(_("Bienvenue ! Votre compte est prêt."), "done")
    return redirect(target, 303)


def _confirm_page(token: str, form: ConfirmForm, status: int) -> ResponseReturnValue:
    with reading() as database:
        found = find_link(database, token, LinkPurpose.CONFIRM, now=clock.now())
    if found is None:
        return dead_link()
    page = render_template("people/confirm.html", form=form, token=token, email=found.email)
    return page, status
