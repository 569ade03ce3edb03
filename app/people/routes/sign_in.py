"""Signing in by password or mailed link, signing out, and the language of the pages."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from app.db.transaction import reading, transaction
from app.domain.errors import AccountDisabled, BadLink, WrongCredentials
from app.people import queries, service
from app.people.forms import LinkForm, SignInForm
from app.people.queries.links import LinkPurpose, find_link
from app.people.routes.blueprint import pages, passwords
from app.people.routes.visitors import (
    admit,
    dismiss,
    keep_wish,
    kept_wish,
    open_session,
    own_path,
    session_key,
)
from app.people.service.attempts import (
    LINK_FROM_ADDRESS,
    LINK_TO_EMAIL,
    PASSWORD_FROM_ADDRESS,
    PASSWORD_OF_EMAIL,
    Try,
)
from app.web import clock, guards
from app.web.guards import public
from app.web.languages import LANGUAGES
from app.web.pace import origin
from app.web.sentences import sentence


@pages.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the two ways to sign in; somebody signed in goes on at once."""
    target = own_path(request.args.get("next"))
    if guards.maybe_actor() is not None:
        return redirect(target, 303)
    keep_wish(target)
    return _sign_in_page(SignInForm(data={"next": target}))


@pages.post("/sign-in")
@public
def sign_in_by_password() -> ResponseReturnValue:
    """Sign in by address and password."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        admit(_by_password(form.email.data or "", form.password.data or ""))
    except (WrongCredentials, AccountDisabled) as error:
        form.password.errors = [sentence(error)]
        return _sign_in_page(form), 422
    return redirect(own_path(form.next.data), 303)


def _by_password(email: str, password: str) -> str:
    """Open a session for the owner of the password; raises as `service.note_attempt` does too.

    Three steps, because hashing takes as long as a hundred statements and must not hold a lock:
    the try is counted and committed first, so that tries at once cannot pass the limit together.
    """
    now = clock.now()
    tries = [(PASSWORD_OF_EMAIL, email), (PASSWORD_FROM_ADDRESS, origin())]
    with transaction() as database:
        service.note_attempt(database, tries, now=now)
    with reading() as database:
        found = queries.find_credentials(database, email)
    keeper = passwords()
    kept = found.password_hash if found else None
    if not keeper.verify(kept, password) or found is None or kept is None:
        raise WrongCredentials
    fresh = keeper.hash(password) if keeper.is_outdated(kept) else None
    with transaction() as database:
        if queries.find_credentials(database, email, lock=True) != found:
            raise WrongCredentials  # changed while we were hashing
        if found.is_disabled:
            raise AccountDisabled
        service.forget_attempts(database, tries, at=now)
        if fresh is not None:
            service.rehash_password(database, found.account_id, old=kept, new=fresh)
        return open_session(database, found.account_id)


def _sign_in_page(form: SignInForm) -> str:
    return render_template("people/sign_in.html", form=form)


@pages.get("/sign-in/link")
@public
def ask_link() -> ResponseReturnValue:
    """Show the form that asks for a link by mail."""
    return render_template("people/ask_link.html", form=LinkForm())


@pages.post("/sign-in/link")
@public
def send_link() -> ResponseReturnValue:
    """Send a link to sign in; the answer is the same whether the address is known or not."""
    form = LinkForm()
    if not form.validate():
        return render_template("people/ask_link.html", form=form), 422
    ask_for_link(form.email.data or "", LinkPurpose.SIGN_IN)
    return render_template("people/link_sent.html", email=form.email.data)


def ask_for_link(email: str, purpose: LinkPurpose) -> None:
    """Count the try and send the link, if there is somebody to send it to."""
    now = clock.now()
    with transaction() as database:
        service.note_attempt(database, link_tries(email), now=now)
        service.ask_link(database, email=email, purpose=purpose, now=now)


def link_tries(email: str) -> list[Try]:
    """What a mailed link counts against."""
    return [(LINK_TO_EMAIL, email), (LINK_FROM_ADDRESS, origin())]


@pages.get("/sign-in/link/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """Show the button of a mailed link; mail scanners open links, but press no buttons."""
    with reading() as database:
        found = find_link(database, token, LinkPurpose.SIGN_IN, now=clock.now())
    if found is None:
        return dead_link()
    return render_template("people/link.html", token=token, email=found.email)


@pages.post("/sign-in/link/<token>")
@public
def sign_in_by_link(token: str) -> ResponseReturnValue:
    """Spend a mailed link and sign in."""
    try:
        with transaction() as database:
            account_id = service.spend_link(database, token, LinkPurpose.SIGN_IN, now=clock.now())
            key = open_session(database, account_id)
    except BadLink:
        return dead_link()
    target = kept_wish()
    admit(key)
    return redirect(target, 303)


def dead_link() -> ResponseReturnValue:
    """Say that a link is used up or too old, and how to get another."""
    return render_template("people/dead_link.html"), 410


@pages.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign this browser out; twice is no fault."""
    key = session_key()
    if key is not None:
        with transaction() as database:
            service.close_session(database, key)
    dismiss()
    flash(_("Vous êtes déconnecté. À bientôt !"), "done")
    return redirect("/", 303)


@pages.post("/language")
@public
def language() -> ResponseReturnValue:
    """Choose the language of the pages, for this browser and for the account."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        actor = guards.maybe_actor()
        if actor is not None:
            with transaction() as database:
                service.change_language(database, actor, chosen)
        session["language"] = chosen
        refresh()
    return redirect(own_path(request.form.get("next")), 303)
