"""Whose card a page is about: the charter's, or one site's; and what the reader may do with it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import SiteCode
from app.domain.permissions import Permission, Subject, allowed
from app.spaces.network import Network
from app.web.guards import actor

CHARTER = "charter"


@dataclass(frozen=True, slots=True)
class Owner:
    """The charter (no site) or a site, by the word its addresses have."""

    code: str
    site: SiteCode | None
    name: str
    may_draft: bool
    may_publish: bool


def owner_of(network: Network, code: str, charter_name: str) -> Owner:
    """Give whose card an address names; raises UnknownSite."""
    if code == CHARTER:
        return _owner(CHARTER, None, charter_name)
    site = network.get_site(code)
    return _owner(site.code, site.code, site.name)


def owners(network: Network, charter_name: str) -> list[Owner]:
    """Give the charter and every site."""
    codes = (CHARTER, *(site.code for site in network.sites))
    return [owner_of(network, code, charter_name) for code in codes]


def _owner(code: str, site: SiteCode | None, name: str) -> Owner:
    person = actor()
    return Owner(
        code=code,
        site=site,
        name=name,
        may_draft=allowed(person, Permission.CARD_DRAFT, Subject(site=site)),
        may_publish=allowed(person, Permission.CARD_PUBLISH, Subject()),
    )
