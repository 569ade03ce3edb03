"""Papers of state aid in French: the declaration to be signed, and the letter of an aid granted."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from flask_babel import force_locale

from app.domain.aid import Assessment
from app.gateways.pdf import Pdf
from app.leases import aid_words
from app.leases.aid import KEPT_YEARS, AidEntry, CompanyLink, Declaration
from app.people.queries import Organisation
from app.spaces.network import Network, Operator, Site


def declaration_letter(
    operator: Operator,
    organisation: Organisation,
    declaration: Declaration | None,
    links: Sequence[CompanyLink],
    standing: Assessment,
) -> bytes:
    """Write the declaration, filled in as far as is known, to be read and signed."""
    return _write(
        "leases/letters/aid_declaration.html",
        operator,
        organisation,
        declaration=declaration,
        links=links,
        standing=standing,
    )


def grant_letter(
    network: Network, site: Site, organisation: Organisation, entry: AidEntry
) -> bytes:
    """Tell a beneficiary what aid it got, its de minimis character and the regulation."""
    return _write(
        "leases/letters/aid_grant.html",
        operator_of(network, site),
        organisation,
        entry=entry,
        site=site,
    )


def operator_of(network: Network, site: Site) -> Operator:
    """Give who grants at a site."""
    return next(each for each in network.operators if each.code == site.operator)


def _write(template: str, operator: Operator, to: Organisation, **more: object) -> bytes:
    pdf: Pdf = current_app.extensions["totem.pdf"]
    page = current_app.jinja_env.get_template(template)
    with force_locale("fr"):
        return pdf.write(
            page.render(
                operator=operator,
                organisation=to,
                words=aid_words,
                kept_years=KEPT_YEARS,
                **more,
            )
        )
