"""The whole life of a lease on one page, and its deeds: signature, entry, revision, exit."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.aid import Assessment
from app.domain.errors import DomainError
from app.domain.lease_states import LeaseState
from app.domain.permissions import Permission
from app.leases import queries, service, words
from app.leases.forms import InventoryForm, SignForm
from app.leases.lease import Inventory, Lease, Way
from app.leases.letters import base_of, returned
from app.leases.queries.aid import assess
from app.leases.routes.blueprint import blueprint
from app.leases.routes.listing import ringing_of
from app.leases.routes.seeing import managed_lease, may_manage, seen_lease, way_of
from app.spaces.queries import find_network
from app.tariffs.indices import read_index_table
from app.web import clock
from app.web.guards import actor, requires
from app.web.sentences import sentence


@blueprint.get("/leases/<ref>")
@requires(Permission.LEASE_VIEW)
def lease(ref: str) -> ResponseReturnValue:
    """Show where a lease stands, what comes next, and all it says."""
    with reading() as session:
        return life_page(session, ref)


def life_page(session: Session, ref: str, *, sign: SignForm | None = None) -> str:
    """Render the page of a lease."""
    network = find_network(session)
    found = seen_lease(session, network, ref)
    today = found.site.calendar.local_date(clock.now())
    manages = may_manage(found.site)
    steps = service.due_steps(found, read_index_table(session, on=today), today)
    return render_template(
        "leases/lease.html",
        lease=found,
        words=words,
        may_manage=manages,
        today=today,
        revisions=[(each, base_of(found, each)) for each in reversed(found.revisions)],
        steps=steps if manages else (),
        ringing=ringing_of([found], {found.site.code: today}) if manages else [],
        deposit=returned(found),
        log=queries.log_of(session, found.id) if manages else [],
        aid=_headroom(session, found, today) if manages else None,
        sign_form=sign or SignForm(formdata=None, data={"signed_on": today}),
    )


def _headroom(session: Session, found: Lease, today: date) -> Assessment | None:
    """Say what the rebate of a lease that is not signed is worth, and what there is room for."""
    if found.state not in (LeaseState.DRAFT, LeaseState.OFFERED):
        return None
    return assess(
        session,
        organisation_id=found.tenant.id,
        granted_on=today,
        rebates=service.lease_grant(found, today).rebates,
    )


@blueprint.post("/leases/<ref>/sign")
@requires(Permission.LEASE_MANAGE)
def sign_lease(ref: str) -> ResponseReturnValue:
    """Note the signature of an offer; the office is taken from then on."""
    form = SignForm()
    if form.validate():
        try:
            with transaction() as session:
                service.sign(
                    session,
                    actor(),
                    ref,
                    signed_on=form.signed_on.data or clock.now().date(),
                    signatory=form.signatory.data or "",
                    now=clock.now(),
                )
        except DomainError as error:
            form.signed_on.errors = [sentence(error)]
        else:
            flash(_("Le bail est signé, et le bureau réservé pour toute sa durée."), "done")
            return _back(ref)
    with reading() as session:
        return life_page(session, ref, sign=form), 422


@blueprint.get("/leases/<ref>/inventory/<way>")
@requires(Permission.LEASE_MANAGE)
def take_inventory(ref: str, way: str) -> ResponseReturnValue:
    """Show the form of the state of an office, with the things that every office has."""
    end = way_of(way)
    with reading() as session:
        found = managed_lease(session, find_network(session), ref)
    today = found.site.calendar.local_date(clock.now())
    first = found.inventory(Way.IN) if end is Way.OUT else None
    names = [item.name for item in first.items] if first else _usual()
    form = InventoryForm(
        data={
            "done_on": today,
            "keys": first.keys if first else 2,
            "things": [{"name": name, "condition": "good"} for name in names[:10]],
        }
    )
    return _inventory_page(found, end, form)


@blueprint.post("/leases/<ref>/inventory/<way>")
@requires(Permission.LEASE_MANAGE)
def record_inventory(ref: str, way: str) -> ResponseReturnValue:
    """Hand the keys over, or take them back, with the state of the office."""
    end, form, trouble = way_of(way), InventoryForm(), ""
    if form.validate():
        try:
            with transaction() as session:
                _record(session, ref, form.inventory(end))
        except DomainError as error:
            trouble = sentence(error)
        else:
            done = _("L’entrée est notée.") if end is Way.IN else _("La sortie est notée.")
            flash(done, "done")
            return _back(ref)
    with reading() as session:
        found = managed_lease(session, find_network(session), ref)
    return _inventory_page(found, end, form, trouble), 422


@blueprint.post("/leases/<ref>/revise")
@requires(Permission.LEASE_MANAGE)
def revise(ref: str) -> ResponseReturnValue:
    """Revise the rent for every anniversary that came."""
    with transaction() as session:
        service.revise_lease(session, actor(), ref, now=clock.now())
    flash(_("Le loyer est révisé ; l’avis part au locataire."), "done")
    return _back(ref)


@blueprint.post("/leases/<ref>/deposit")
@requires(Permission.LEASE_MANAGE)
def return_deposit(ref: str) -> ResponseReturnValue:
    """Note that the deposit went back."""
    now = clock.now()
    with transaction() as session:
        found = managed_lease(session, find_network(session), ref)
        today = found.site.calendar.local_date(now)
        service.return_deposit(session, actor(), ref, on=today, now=now)
    flash(_("Le dépôt de garantie est noté comme rendu."), "done")
    return _back(ref)


def _record(session: Session, ref: str, found: Inventory) -> Lease:
    if found.way is Way.IN:
        return service.enter(session, actor(), ref, found, now=clock.now())
    return service.leave(session, actor(), ref, found, now=clock.now())


def _inventory_page(found: Lease, way: Way, form: InventoryForm, trouble: str = "") -> str:
    return render_template(
        "leases/inventory.html",
        lease=found,
        form=form,
        is_exit=way is Way.OUT,
        trouble=trouble,
        things=[row.form for row in form.things],
    )


def _usual() -> list[str]:
    return [
        _("Murs"),
        _("Sol"),
        _("Plafond"),
        _("Porte et serrure"),
        _("Fenêtres"),
        _("Éclairage"),
        _("Prises et réseau"),
        _("Mobilier"),
    ]


def _back(ref: str) -> ResponseReturnValue:
    return redirect(url_for("leases.lease", ref=ref), 303)
