"""My rights: what is left, until when, where it came from and went; and buying more."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.entitlements import queries, service
from app.entitlements.routes.blueprint import blueprint
from app.entitlements.routes.orders import Buying, order_form, order_page, payers_of
from app.entitlements.views import rights_view
from app.people import queries as people
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.web import clock, guards
from app.web.guards import requires

PAGE = "/me/rights"


@blueprint.get(PAGE)
@requires(Permission.RIGHTS_VIEW)
def rights() -> ResponseReturnValue:
    """Show one's rights and every movement of them."""
    actor, now = guards.actor(), clock.now()
    with reading() as session:
        network = find_network(session)
        mine = queries.rights_of(session, network, actor.account_id, actor.organisations)
        entries = queries.entries_of(session, network, [right.id for right in mine])
        memberships = people.organisations_of(session, actor.account_id)
    today = network.sites[0].calendar.local_date(now)
    return render_template(
        "entitlements/mine.html",
        rights=rights_view(mine, entries, today=today),
        organisations={each.organisation_id: each.name for each in memberships},
    )


@blueprint.get(f"{PAGE}/order")
@requires(Permission.RIGHTS_ORDER)
def order() -> ResponseReturnValue:
    """Choose a pack or a month and read its price."""
    with reading() as session:
        buying = _buying(session)
        form = order_form(session, buying, posted=False)
        return order_page(session, buying, form)


@blueprint.post(f"{PAGE}/order")
@requires(Permission.RIGHTS_ORDER)
def place_order() -> ResponseReturnValue:
    """Order it, on account."""
    actor, now = guards.actor(), clock.now()
    with reading() as session:
        buying = _buying(session)
        form = order_form(session, buying, posted=True)
    if not form.validate():
        with reading() as session:
            return order_page(session, buying, form)
    try:
        with transaction() as session:
            network = find_network(session)
            cards = find_cards(session, network)
            service.order(session, network, cards, actor, form.order(), now=now)
    except DomainError as refusal:
        with reading() as session:
            return order_page(session, buying, form, refusal=refusal)
    flash(_("C’est commandé, et utilisable. À régler sur votre compte."), "done")
    return redirect(PAGE, 303)


def _buying(session: Session) -> Buying:
    actor = guards.actor()
    person = people.get_account(session, actor.account_id)
    owned = [
        (each.organisation_id, each.name)
        for each in people.organisations_of(session, actor.account_id)
        if each.organisation_id in actor.organisations_owned
    ]
    return Buying(
        person=actor.account_id,
        person_name=person.name,
        sites=find_network(session).sites,
        payers=payers_of(_("moi-même"), owned),
        is_own=True,
        back=PAGE,
        action=f"{PAGE}/order",
    )
