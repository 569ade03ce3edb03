"""Mailed invitations: read by anybody who has the link, accepted by the person it is for."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db.transaction import reading, transaction
from app.domain.errors import AlreadyMember, BadLink, EmailTaken
from app.people import queries, service
from app.people.forms import JoinForm
from app.people.routes.blueprint import pages, passwords
from app.people.routes.sign_in import dead_link
from app.people.routes.visitors import admit, open_session
from app.web import clock, formats, guards
from app.web.guards import public, signed_in


@pages.get("/organisations/invitations/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show an invitation and the one thing to do: accept, sign in, or make an account."""
    return _invitation_page(token, JoinForm(), 200)


def _invitation_page(token: str, form: JoinForm, status: int) -> ResponseReturnValue:
    with reading() as database:
        found = queries.find_invitation(database, token, now=clock.now())
        if found is None:
            return dead_link()
        account = queries.find_account_by_email(database, found.email)
    here = guards.maybe_signed_in()
    page = render_template(
        "people/invitation.html",
        invitation=found,
        token=token,
        form=form,
        has_account=account is not None and account.confirmed_at is not None,
        signed_in_as=here.email if here else None,
    )
    return page, status


@pages.post("/organisations/invitations/<token>")
@signed_in
def accept_invitation(token: str) -> ResponseReturnValue:
    """Accept an invitation written to one's own address."""
    try:
        with transaction() as database:
            service.accept_invitation(database, guards.actor(), token, now=clock.now())
    except BadLink:
        return dead_link()
    except AlreadyMember:
        return redirect("/organisations", 303)
    flash(_("Bienvenue dans l’organisation ! Choisissez ci-dessous qui paie."), "done")
    return redirect("/me", 303)


@pages.post("/organisations/invitations/<token>/join")
@public
def join(token: str) -> ResponseReturnValue:
    """Make an account for the invited address and accept; the letter has proven the mailbox."""
    form = JoinForm()
    if not form.validate():
        return _invitation_page(token, form, 422)
    chosen = form.password.data
    password_hash = passwords().hash(chosen) if chosen else None
    try:
        with transaction() as database:
            account_id, _organisation = service.accept_as_new(
                database,
                token,
                name=form.name.data or "",
                locale=formats.language(),
                password_hash=password_hash,
                now=clock.now(),
            )
            key = open_session(database, account_id)
    except BadLink:
        return dead_link()
    except EmailTaken:
        return redirect(f"/organisations/invitations/{token}", 303)
    admit(key)
    flash(_("Bienvenue ! Votre compte est prêt."), "done")
    return redirect("/me", 303)
