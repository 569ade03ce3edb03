"""One's own API tokens: issued, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.permissions import Scope
from app.people import queries, service, words
from app.people.forms import TokenForm, offer
from app.people.routes.blueprint import ID, pages
from app.web import clock, guards
from app.web.guards import signed_in


def _token_form(*, blank: bool = False) -> TokenForm:
    form = TokenForm(formdata=None) if blank else TokenForm()
    offer(form.scopes, [(scope.value, words.scope(scope)) for scope in Scope])
    return form


def _tokens_page(database: Session, form: TokenForm, *, fresh: str = "") -> str:
    return render_template(
        "people/tokens.html",
        form=form,
        fresh=fresh,
        tokens=queries.tokens_of(database, guards.actor().account_id),
        now=clock.now(),
    )


@pages.get("/me/tokens")
@signed_in
def tokens() -> ResponseReturnValue:
    """Show one's tokens, without their secrets."""
    with reading() as database:
        return _tokens_page(database, _token_form())


@pages.post("/me/tokens")
@signed_in
def issue_token() -> ResponseReturnValue:
    """Issue a token and show it this once."""
    form = _token_form()
    if not form.validate():
        with reading() as database:
            return _tokens_page(database, form), 422
    now = clock.now()
    with transaction() as database:
        fresh = service.issue_token(
            database,
            account_id=guards.actor().account_id,
            name=form.name.data or "",
            scopes=frozenset(Scope(name) for name in form.scopes.data or ()),
            expires_at=now + timedelta(days=int(form.days.data)),
            now=now,
        )
    with reading() as database:
        return make_response(_tokens_page(database, _token_form(blank=True), fresh=fresh), 201)


@pages.post(f"/me/tokens/<{ID}:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Revoke one of one's tokens for good."""
    with transaction() as database:
        service.revoke_token(database, guards.actor(), token_id, now=clock.now())
    flash(_("Ce jeton ne sert plus."), "done")
    return redirect("/me/tokens", 303)
