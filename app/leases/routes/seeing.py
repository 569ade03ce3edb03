"""Finding the lease of an address for somebody who may see or manage it."""

from __future__ import annotations

from flask import abort, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.errors import UnknownLease
from app.domain.lease_states import LeaseState
from app.domain.permissions import Permission, Subject, allowed
from app.leases import queries
from app.leases.lease import Lease, Way
from app.spaces.network import Network, Site
from app.spaces.queries import find_network
from app.web.formats import language
from app.web.guards import actor

UNSEEN_BY_TENANTS = frozenset({LeaseState.DRAFT, LeaseState.WITHDRAWN})


def seen_lease(session: Session, network: Network, ref: str) -> Lease:
    """Give a lease to its managers, and to its tenant once it was offered; raises UnknownLease."""
    lease = queries.get_lease(session, network, ref)
    if not _may_see(lease):
        raise UnknownLease(ref)
    return lease


def offices_of(session: Session, organisation_id: int) -> list[tuple[str, str]]:
    """Name the offices of an organisation whose leases the reader may see, with their addresses."""
    found = queries.leases_of_organisations(session, find_network(session), [organisation_id])
    return [
        (
            _(
                "%(office)s, %(site)s",
                office=lease.space.name.get(language()),
                site=lease.site.name,
            ),
            url_for("leases.lease", ref=lease.ref),
        )
        for lease in found
        if _may_see(lease)
    ]


def _may_see(lease: Lease) -> bool:
    if may_manage(lease.site):
        return True
    subject = Subject(site=lease.site.code, organisation_id=lease.tenant.id)
    return lease.state not in UNSEEN_BY_TENANTS and allowed(actor(), Permission.LEASE_VIEW, subject)


def managed_lease(session: Session, network: Network, ref: str) -> Lease:
    """Give a lease to its managers; raises UnknownLease."""
    lease = queries.get_lease(session, network, ref)
    if not may_manage(lease.site):
        raise UnknownLease(ref)
    return lease


def way_of(word: str) -> Way:
    """Read an end of a lease from an address, or say that there is no such page."""
    if word not in list(Way):
        abort(404)
    return Way(word)


def may_manage(site: Site) -> bool:
    """Whether the reader manages the leases of a site."""
    return allowed(actor(), Permission.LEASE_MANAGE, Subject(site=site.code))


def managed_sites(network: Network) -> list[Site]:
    """Give the sites whose leases the reader manages."""
    return [site for site in network.sites if may_manage(site)]
