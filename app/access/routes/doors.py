"""The readers at the doors of a site, for staff: let in, compared, approved, taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import queries, service, words
from app.access.devices import Device, DoorState
from app.access.orders import OrderKind
from app.access.routes.blueprint import blueprint
from app.db.transaction import reading, transaction
from app.domain.errors import UnknownDevice
from app.domain.permissions import Actor, Permission, Subject, allowed, require
from app.spaces.network import Network, Site
from app.spaces.queries import find_network
from app.web import clock, formats
from app.web.guards import actor, requires


@dataclass(frozen=True, slots=True)
class ReaderView:
    """A reader in words."""

    code: str
    fingerprint: str
    is_heard: bool
    heard: str
    clock: str
    has_wrong_clock: bool
    is_behind: bool
    fault: str
    software: str
    queue: int
    states: tuple[str, ...]
    battery: int | None
    certificate_until: datetime | None


@dataclass(frozen=True, slots=True)
class DoorView:
    """A door with its reader, and those that wait to be compared."""

    number: int
    name: str
    reader: ReaderView | None
    pending: tuple[ReaderView, ...]


@blueprint.get("/doors")
@requires(Permission.DEVICES_VIEW)
def sites() -> ResponseReturnValue:
    """Show whose doors one may see; at once when there is but one site."""
    with reading() as session:
        network = find_network(session)
    mine = seen_sites(network, actor(), Permission.DEVICES_VIEW)
    if len(mine) == 1:
        return redirect(url_for("access.doors", site=mine[0].code))
    return render_template("access/sites.html", sites=mine)


@blueprint.get("/doors/<site>")
@requires(Permission.DEVICES_VIEW)
def doors(site: str) -> ResponseReturnValue:
    """Show the doors of a site: who watches them, whether that is known, since when."""
    now = clock.now()
    with reading() as session:
        place = find_network(session).get_site(site)
        require(actor(), Permission.DEVICES_VIEW, Subject(site=place.code))
        states = queries.doors_of_site(session, place)
        alarms = queries.waiting_alarms(session, [place])
        orders = queries.running_orders(session, place, now=now)
    return render_template(
        "access/doors.html",
        site=place,
        doors=[_door(state, now) for state in states],
        alarms=[(alarm, words.ALARMS[alarm.kind]) for alarm in alarms],
        orders=[order for order in orders if order.kind is not OrderKind.OPEN],
        may_acknowledge=_may(Permission.ALARM_ACKNOWLEDGE, place),
        may_open=_may(Permission.DOOR_OPEN_REMOTELY, place),
        may_order=_may(Permission.EMERGENCY, place),
        may_look_up=_may(Permission.PASSAGES_LOOK_UP, place),
        may_manage=_may(Permission.DEVICES_MANAGE, place),
        may_give_cards=allowed(actor(), Permission.CARDS_GIVE, Subject()),
        may_read=_may(Permission.JOURNAL_VIEW, place),
    )


@blueprint.post("/doors/<int:number>/code")
@requires(Permission.DEVICES_MANAGE)
def make_code(number: int) -> ResponseReturnValue:
    """Make the code that lets a reader ask in, and show it this once."""
    with transaction() as session:
        code = service.make_code(session, actor(), number, now=clock.now())
    return render_template(
        "access/code.html", code=code, name=code.door.name.get(formats.language())
    )


@blueprint.post("/doors/devices/<code>/approve")
@requires(Permission.DEVICES_MANAGE)
def approve(code: str) -> ResponseReturnValue:
    """Let a reader serve whose fingerprint was compared."""
    with transaction() as session:
        device = service.approve_device(session, actor(), code, now=clock.now())
    flash(_("Ce lecteur garde maintenant la porte."), "done")
    return redirect(url_for("access.doors", site=device.site.code))


@blueprint.get("/doors/devices/<code>/revoke")
@requires(Permission.DEVICES_MANAGE)
def ask_revoke(code: str) -> ResponseReturnValue:
    """Ask before a reader is taken out, because that cannot be undone."""
    with reading() as session:
        device = queries.find_device(session, code)
    if device is None:
        raise UnknownDevice(code)
    require(actor(), Permission.DEVICES_MANAGE, Subject(site=device.site.code))
    return render_template(
        "access/revoke.html", device=device, name=device.door.name.get(formats.language())
    )


@blueprint.post("/doors/devices/<code>/revoke")
@requires(Permission.DEVICES_MANAGE)
def revoke(code: str) -> ResponseReturnValue:
    """Take a reader out of service for good."""
    with transaction() as session:
        device = service.revoke_device(session, actor(), code, now=clock.now())
    flash(_("Ce lecteur est retiré : nous ne l’écoutons plus."), "done")
    return redirect(url_for("access.doors", site=device.site.code))


def seen_sites(network: Network, person: Actor, permission: Permission) -> list[Site]:
    """Give the sites where somebody may do that."""
    return [site for site in network.sites if allowed(person, permission, Subject(site=site.code))]


def _may(permission: Permission, site: Site) -> bool:
    return allowed(actor(), permission, Subject(site=site.code))


def _door(state: DoorState, now: datetime) -> DoorView:
    return DoorView(
        state.door.number,
        state.door.name.get(formats.language()),
        None if state.device is None else _reader(state.device, now),
        tuple(_reader(device, now) for device in state.pending),
    )


def _reader(device: Device, now: datetime) -> ReaderView:
    return ReaderView(
        code=device.code,
        fingerprint=device.fingerprint,
        is_heard=device.is_heard(now),
        heard=words.heard_words(device, now),
        clock=words.clock_words(device),
        has_wrong_clock=device.has_wrong_clock,
        is_behind=device.is_behind(now),
        fault="" if device.fault is None else words.fault_words(device.fault),
        software=device.software,
        queue=device.queue,
        states=words.state_words(device),
        battery=device.battery,
        certificate_until=device.certificate_until,
    )
