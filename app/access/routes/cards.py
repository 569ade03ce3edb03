"""The desk gives cards to people, and takes them back; a holder may give one up too."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import queries, service
from app.access.card_forms import TYPED, CardForm
from app.access.holder import issuer_keys
from app.access.routes.blueprint import blueprint
from app.access.routes.doors import seen_sites
from app.db.transaction import reading, transaction
from app.domain.errors import CardHeld, UnknownAccount
from app.domain.permissions import Permission
from app.spaces.queries import find_network
from app.web import clock, formats
from app.web.choices import SelectChoice
from app.web.guards import actor, requires
from app.web.sentences import sentence
from devices.passes.cards import fingerprint


@blueprint.get("/doors/cards")
@requires(Permission.CARDS_GIVE)
def cards() -> ResponseReturnValue:
    """Show the cards that people have, and offer to give another."""
    form = CardForm(formdata=None)
    _offer_shown(form)
    return _page(form)


@blueprint.post("/doors/cards")
@requires(Permission.CARDS_GIVE)
def give_card() -> ResponseReturnValue:
    """Give somebody a card: one shown at a door just now, or one whose number is typed."""
    form = CardForm()
    _offer_shown(form)
    if not form.validate():
        return _page(form), 422
    number = form.number_typed()
    known = bytes.fromhex(form.shown.data) if number is None else _fingerprint(number)
    try:
        with transaction() as session:
            service.give_card(
                session,
                actor(),
                form.email.data or "",
                known,
                form.label.data or "",
                now=clock.now(),
            )
    except UnknownAccount as error:
        form.email.errors = [sentence(error)]
        return _page(form), 422
    except CardHeld as error:
        form.shown.errors = [sentence(error)]
        return _page(form), 409
    flash(_("Carte donnée : les portes joignables la connaissent dans la seconde."), "done")
    return redirect(url_for("access.cards"), 303)


@blueprint.post("/doors/cards/<code>/revoke")
@requires(Permission.CARDS_TAKE_BACK)
def take_card_back(code: str) -> ResponseReturnValue:
    """Let a card open nothing any more."""
    with transaction() as session:
        card = service.take_card_back(session, actor(), code, now=clock.now())
    flash(_("Cette carte n’ouvre plus aucune porte."), "done")
    mine = card.account_id == actor().account_id
    return redirect(url_for("access.phones" if mine else "access.cards"), 303)


def _fingerprint(number: bytes) -> bytes:
    return fingerprint(issuer_keys().card_key, number)


def _page(form: CardForm) -> str:
    with reading() as session:
        given = queries.cards_given(session)
    return render_template("access/cards.html", form=form, given=given)


def _offer_shown(form: CardForm) -> None:
    with reading() as session:
        sites = seen_sites(find_network(session), actor(), Permission.JOURNAL_VIEW)
        shown = queries.cards_shown(session, sites, now=clock.now())
    zones = {site.code: site.calendar.zone for site in sites}
    form.shown.choices = [
        SelectChoice(TYPED, _("aucune de celles-ci : je tape le numéro")),
        *(
            SelectChoice(
                each.fingerprint.hex(),
                _(
                    "montrée à %(hour)s, %(door)s",
                    hour=formats.clock(each.at, zones[each.door.site]),
                    door=each.door.name.get(formats.language()),
                ),
            )
            for each in shown
        ),
    ]
