"""What staff do about doors from afar: see alarms, open one, order an emergency, read figures."""

from __future__ import annotations

from datetime import timedelta

from babel import dates
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import queries, service
from app.access.figures import told
from app.access.forms import EVERY_DOOR, EmergencyForm, ReasonForm
from app.access.orders import OrderKind
from app.access.routes.blueprint import blueprint
from app.access.service import ModeWish
from app.db.transaction import reading, transaction
from app.domain.permissions import Permission, Subject, require
from app.spaces.network import Site
from app.spaces.queries import find_network
from app.web import clock, formats
from app.web.choices import SelectChoice
from app.web.guards import actor, requires


@blueprint.post("/doors/alarms/<int:number>/seen")
@requires(Permission.ALARM_ACKNOWLEDGE)
def acknowledge(number: int) -> ResponseReturnValue:
    """Note that somebody has seen an alarm."""
    with transaction() as session:
        site = service.acknowledge(session, actor(), number, now=clock.now())
    flash(_("Alarme vue : elle ne s’affiche plus."), "done")
    return redirect(url_for("access.doors", site=site), 303)


@blueprint.get("/doors/<int:number>/open")
@requires(Permission.DOOR_OPEN_REMOTELY)
def ask_open(number: int) -> ResponseReturnValue:
    """Ask why a door shall be opened from afar."""
    return _open_page(number, ReasonForm(formdata=None))


@blueprint.post("/doors/<int:number>/open")
@requires(Permission.DOOR_OPEN_REMOTELY)
def open_door(number: int) -> ResponseReturnValue:
    """Have a door open once."""
    form = ReasonForm()
    if not form.validate():
        return _open_page(number, form), 422
    with transaction() as session:
        door = service.open_remotely(
            session, actor(), number, form.reason.data or "", now=clock.now()
        )
    flash(
        _(
            "« %(door)s » est priée de s’ouvrir. "
            "Si elle est hors ligne plus de 30 secondes, elle ne le fera pas.",
            door=door.name.get(formats.language()),
        ),
        "done",
    )
    return redirect(url_for("access.doors", site=door.site), 303)


@blueprint.get("/doors/<site>/emergency")
@requires(Permission.EMERGENCY)
def emergency(site: str) -> ResponseReturnValue:
    """Show the orders that run at a Totem, and offer another."""
    return _emergency_page(_place(site), EmergencyForm(formdata=None))


@blueprint.post("/doors/<site>/emergency")
@requires(Permission.EMERGENCY)
def order(site: str) -> ResponseReturnValue:
    """Put doors into a mode that ends by itself."""
    place, form = _place(site), EmergencyForm()
    _offer_doors(form, place)
    if not form.validate():
        return _emergency_page(place, form), 422
    wish = ModeWish(
        site=place.code,
        door=None if form.door.data == EVERY_DOOR else int(form.door.data),
        kind=OrderKind(form.kind.data),
        lasts=timedelta(minutes=int(form.minutes.data)),
        reason=form.reason.data or "",
    )
    with transaction() as session:
        service.order_mode(session, actor(), wish, now=clock.now())
    flash(_("Consigne donnée. Les portes joignables la suivent dans la seconde."), "done")
    return redirect(url_for("access.emergency", site=place.code), 303)


@blueprint.post("/doors/orders/<int:number>/lift")
@requires(Permission.EMERGENCY)
def lift(number: int) -> ResponseReturnValue:
    """End an order before its time."""
    with transaction() as session:
        site = service.lift_order(session, actor(), number, now=clock.now())
    flash(_("Consigne levée."), "done")
    return redirect(url_for("access.emergency", site=site.code), 303)


@blueprint.get("/doors/<site>/figures")
@requires(Permission.DEVICES_VIEW)
def figures(site: str) -> ResponseReturnValue:
    """Show how many people come when, over four weeks; few people are not told."""
    now, place = clock.now(), _place(site, Permission.DEVICES_VIEW)
    with reading() as session:
        came = queries.entries_of_weeks(session, place, now=now)
    names = dates.get_day_names("wide", locale=formats.language())
    shown = told(came, [names[day] for day in range(7)])
    return render_template("access/figures.html", site=place, figures=shown)


def _place(site: str, permission: Permission = Permission.EMERGENCY) -> Site:
    with reading() as session:
        place = find_network(session).get_site(site)
    require(actor(), permission, Subject(site=place.code))
    return place


def _open_page(number: int, form: ReasonForm) -> str:
    with reading() as session:
        door = find_network(session).get_door(number)
    require(actor(), Permission.DOOR_OPEN_REMOTELY, Subject(site=door.site))
    name = door.name.get(formats.language())
    return render_template("access/open.html", door=door, name=name, form=form)


def _emergency_page(place: Site, form: EmergencyForm) -> str:
    _offer_doors(form, place)
    with reading() as session:
        running = queries.running_orders(session, place, now=clock.now())
    orders = [each for each in running if each.kind is not OrderKind.OPEN]
    return render_template("access/emergency.html", site=place, form=form, orders=orders)


def _offer_doors(form: EmergencyForm, place: Site) -> None:
    form.door.choices = [SelectChoice(EVERY_DOOR, _("Toutes les portes"))] + [
        SelectChoice(str(door.number), door.name.get(formats.language())) for door in place.doors
    ]
