"""The leases of one's sites with what rings, and the leases of one's organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.db.transaction import reading
from app.domain.kinds import SpaceKind
from app.domain.permissions import Permission
from app.leases import queries, words
from app.leases.lease import Lease
from app.leases.routes.blueprint import blueprint
from app.leases.routes.seeing import managed_sites
from app.spaces.network import Site, Space
from app.spaces.queries import find_network
from app.web import clock
from app.web.guards import actor, requires, signed_in


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm of a lease in words."""

    lease: Lease
    says: str
    to_do: str
    since: date
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class OfficeView:
    """An office with its leases that are not over."""

    space: Space
    leases: tuple[Lease, ...]


@blueprint.get("/leases")
@requires(Permission.LEASE_MANAGE)
def leases() -> ResponseReturnValue:
    """Show what rings, then every office of one's sites with its leases; or those that are over."""
    ended = "ended" in request.args
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        sites = managed_sites(network)
        found = queries.leases_of_sites(session, network, [site.id for site in sites], ended=ended)
    return render_template(
        "leases/leases.html",
        sites=[(site, _offices(site, found)) for site in sites],
        ringing=ringing_of(found, {site.code: site.calendar.local_date(now) for site in sites}),
        found=found,
        ended=ended,
        words=words,
    )


@blueprint.get("/me/leases")
@signed_in
def mine() -> ResponseReturnValue:
    """Show the leases of the organisations one owns."""
    with reading() as session:
        network = find_network(session)
        owned = actor().organisations_owned
        found = queries.leases_of_organisations(session, network, owned) if owned else []
    return render_template("leases/mine.html", leases=found, words=words)


def ringing_of(leases: list[Lease], today: dict[str, date]) -> list[Ringing]:
    """Give the alarms of leases, the urgent ones first, then by day."""
    rung = [
        Ringing(
            lease,
            words.alarm(due.alarm),
            words.to_do(due.alarm),
            due.since,
            due.alarm in words.URGENT,
        )
        for lease in leases
        for due in lease.alarms(today[lease.site.code])
    ]
    return sorted(rung, key=lambda each: (not each.is_urgent, each.since, each.lease.id))


def _offices(site: Site, leases: list[Lease]) -> list[OfficeView]:
    return [
        OfficeView(space, tuple(lease for lease in leases if lease.space.id == space.id))
        for space in site.spaces
        if space.kind is SpaceKind.OFFICE
    ]
