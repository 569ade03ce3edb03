"""The last page before a card counts: what each site gets, what stands against it, and the act."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.db.transaction import reading, transaction
from app.domain.errors import BadRateCard
from app.domain.permissions import Permission
from app.spaces.queries import find_network
from app.tariffs import queries, service
from app.tariffs.cards import Draft
from app.tariffs.preparing import prepare
from app.tariffs.routes.blueprint import blueprint
from app.tariffs.routes.cards import difference_lines
from app.tariffs.routes.drafts import LONGEST_ACT, fault_sentences
from app.tariffs.routes.owners import CHARTER, owner_of
from app.web import clock
from app.web.guards import actor, requires


@blueprint.get("/rates/drafts/<int:number>/publish")
@requires(Permission.CARD_PUBLISH)
def ask_publish(number: int) -> ResponseReturnValue:
    """Show what publishing would do, at each site."""
    with reading() as session:
        found = queries.get_draft(session, number)
    return _page(found)


@blueprint.post("/rates/drafts/<int:number>/publish")
@requires(Permission.CARD_PUBLISH)
def publish(number: int) -> ResponseReturnValue:
    """Publish a draft; what stands against it is told on the page, with what was typed."""
    effective_on, act = _typed_day(), request.form.get("deliberation", "").strip()[:LONGEST_ACT]
    try:
        with transaction() as session:
            done = service.publish_draft(
                session,
                actor(),
                number,
                effective_on=effective_on,
                deliberation=act,
                now=clock.now(),
            )
    except BadRateCard:
        with reading() as session:
            found = queries.get_draft(session, number)
        return _page(replace(found, effective_on=effective_on, deliberation=act)), 422
    flash(
        ngettext(
            "La nouvelle grille est publiée pour %(num)s site.",
            "La nouvelle grille est publiée pour %(num)s sites.",
            len(done.changes),
        ),
        "done",
    )
    return redirect(url_for("tariffs.overview"), 303)


def _page(found: Draft) -> str:
    with reading() as session:
        network = find_network(session)
        standing = queries.find_standing(session, network)
    prepared = prepare(found, standing, now=clock.now())
    return render_template(
        "tariffs/publish.html",
        draft=found,
        owner=owner_of(network, found.site or CHARTER, _("Charte du réseau")),
        changes=[
            (change, difference_lines(change.differences, change.content))
            for change in prepared.changes
        ],
        faults=fault_sentences(prepared, found, standing),
        outdated=standing.base_of(found) != found.base_version,
        base=standing.base_of(found),
    )


def _typed_day() -> date | None:
    try:
        return date.fromisoformat(request.form.get("effective_on", ""))
    except ValueError:
        return None
