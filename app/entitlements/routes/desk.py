"""Rights at the desk: sell, credit with a reason, note printed pages, take back."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.entitlements import MONTHS_AHEAD
from app.domain.errors import BadBeginning, DomainError, NotAllowed
from app.domain.ids import AccountId
from app.domain.months import add_months
from app.domain.permissions import Permission, Subject, allowed
from app.entitlements import queries, service, words
from app.entitlements.entitlement import Entitlement
from app.entitlements.forms import CreditForm, ReverseForm, UseForm
from app.entitlements.routes.blueprint import ID, blueprint
from app.entitlements.routes.orders import Buying, order_form, order_page, payers_of
from app.entitlements.views import rights_view
from app.people import queries as people
from app.people.forms import offer
from app.spaces.network import Site
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.web import clock, guards
from app.web.errors import status_of
from app.web.guards import requires
from app.web.sentences import sentence


@blueprint.get(f"/people/<{ID}:account_id>/rights")
@requires(Permission.RIGHTS_SELL)
def person_rights(account_id: int) -> ResponseReturnValue:
    """Show somebody's rights, and what may be done to them at the desk."""
    with reading() as session:
        return _page(session, account_id)


@blueprint.get(f"/people/<{ID}:account_id>/rights/sell")
@requires(Permission.RIGHTS_SELL)
def sell_page(account_id: int) -> ResponseReturnValue:
    """Choose a pack or a month for somebody and read its price."""
    with reading() as session:
        buying = _buying(session, account_id)
        return order_page(session, buying, order_form(session, buying, posted=False))


@blueprint.post(f"/people/<{ID}:account_id>/rights/sell")
@requires(Permission.RIGHTS_SELL)
def sell(account_id: int) -> ResponseReturnValue:
    """Sell it, on account."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        buying = _buying(session, account_id)
        form = order_form(session, buying, posted=True)
    if not form.validate():
        with reading() as session:
            return order_page(session, buying, form)
    try:
        with transaction() as session:
            network = find_network(session)
            cards = find_cards(session, network)
            person = AccountId(account_id)
            service.sell(session, network, cards, actor, person, form.order(), now=now)
    except NotAllowed:
        raise
    except DomainError as refusal:
        with reading() as session:
            return order_page(session, buying, form, refusal=refusal)
    flash(_("C’est vendu, sur le compte de %(name)s.", name=buying.person_name), "done")
    return redirect(_path(account_id), 303)


@blueprint.post(f"/people/<{ID}:account_id>/rights/credit")
@requires(Permission.RIGHTS_SELL)
def credit(account_id: int) -> ResponseReturnValue:
    """Give somebody a right for a reason."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        form = _credit_form(session, now.date())
        if not form.validate():
            return _page(session, account_id, credit=form), 422
    try:
        with transaction() as session:
            network, person = find_network(session), AccountId(account_id)
            service.credit(session, network, actor, person, form.credit(), now=now)
    except BadBeginning as refusal:
        form.until.errors = [sentence(refusal)]
        with reading() as session:
            return _page(session, account_id, credit=form), status_of(refusal)
    flash(_("Le geste est noté dans le compte."), "done")
    return redirect(_path(account_id), 303)


@blueprint.post(f"/people/<{ID}:account_id>/rights/<{ID}:right_id>/reverse")
@requires(Permission.RIGHTS_SELL)
def reverse(account_id: int, right_id: int) -> ResponseReturnValue:
    """Take a right back whole."""
    now, actor, form = clock.now(), guards.actor(), ReverseForm()
    if not form.validate():
        flash(_("Écrivez le motif : le registre le garde."), "warning")
        return redirect(_path(account_id), 303)
    with transaction() as session:
        reason = form.reason.data or ""
        network = find_network(session)
        service.reverse_right(session, network, actor, right_id, reason=reason, now=now)
    flash(_("Le droit est repris."), "done")
    return redirect(_path(account_id), 303)


@blueprint.post(f"/people/<{ID}:account_id>/rights/<{ID}:right_id>/use")
@requires(Permission.RIGHTS_SELL)
def use(account_id: int, right_id: int) -> ResponseReturnValue:
    """Note printed pages."""
    now, actor, form = clock.now(), guards.actor(), UseForm()
    if not form.validate():
        flash(_("Écrivez le nombre de pages."), "warning")
        return redirect(_path(account_id), 303)
    with transaction() as session:
        network = find_network(session)
        service.use_pieces(session, network, actor, right_id, form.amount.data or 0, now=now)
    flash(_("Les pages sont notées."), "done")
    return redirect(_path(account_id), 303)


@blueprint.post(f"/people/<{ID}:account_id>/rights/uses/<{ID}:entry_id>/reverse")
@requires(Permission.RIGHTS_SELL)
def reverse_use(account_id: int, entry_id: int) -> ResponseReturnValue:
    """Take back a wrong note of pages."""
    now, actor = clock.now(), guards.actor()
    with transaction() as session:
        service.reverse_use(session, find_network(session), actor, entry_id, now=now)
    flash(_("Les pages sont rendues."), "done")
    return redirect(_path(account_id), 303)


def _page(session: Session, account_id: int, *, credit: CreditForm | None = None) -> str:
    actor, now = guards.actor(), clock.now()
    network = find_network(session)
    person = people.get_account(session, account_id)
    memberships = people.organisations_of(session, account_id)
    organisations = {each.organisation_id: each.name for each in memberships}
    rights = queries.rights_of(session, network, account_id, organisations)
    entries = queries.entries_of(session, network, [right.id for right in rights])

    def may_reverse(right: Entitlement) -> bool:
        own = account_id == actor.account_id
        return not own and allowed(actor, Permission.RIGHTS_SELL, right.subject)

    return render_template(
        "entitlements/person.html",
        person=person,
        rights=rights_view(rights, entries, today=network.sites[0].calendar.local_date(now)),
        organisations=organisations,
        credit_form=credit or _credit_form(session, now.date(), blank=True),
        reverse_form=ReverseForm(formdata=None),
        use_form=UseForm(formdata=None),
        may_credit=account_id != actor.account_id,
        may_reverse=may_reverse,
    )


def _credit_form(session: Session, today: date, *, blank: bool = False) -> CreditForm:
    first = {"until": add_months(today, MONTHS_AHEAD), "amount": 1}
    form = CreditForm(formdata=None, data=first) if blank else CreditForm()
    offer(form.site, [(site.code, site.name) for site in _own_sites(session)])
    offer(form.kind, [(kind.value, words.kind(kind)) for kind in service.CREDITED])
    return form


def _own_sites(session: Session) -> list[Site]:
    actor = guards.actor()
    return [
        site
        for site in find_network(session).sites
        if allowed(actor, Permission.RIGHTS_SELL, Subject(site=site.code))
    ]


def _buying(session: Session, account_id: int) -> Buying:
    person = people.get_account(session, account_id)
    organisations = [
        (int(each.organisation_id), each.name)
        for each in people.organisations_of(session, account_id)
    ]
    return Buying(
        person=AccountId(account_id),
        person_name=person.name,
        sites=_own_sites(session),
        payers=payers_of(person.name, organisations),
        is_own=False,
        back=_path(account_id),
        action=f"{_path(account_id)}/sell",
    )


def _path(account_id: int) -> str:
    return f"/people/{account_id}/rights"
