"""The papers of a lease: what is due month by month, on screen and as CSV, and its letters."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db.transaction import reading
from app.domain.errors import UnknownLease
from app.domain.money import Money
from app.domain.permissions import Permission
from app.domain.rents import MonthDue
from app.leases import words
from app.leases.lease import Lease
from app.leases.letters import (
    Taxed,
    inventory_letter,
    offer_letter,
    revision_letter,
    taxed,
)
from app.leases.routes.blueprint import blueprint
from app.leases.routes.seeing import seen_lease, way_of
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.web import clock
from app.web.guards import requires

Due = list[tuple[MonthDue, Taxed]]


@blueprint.get("/leases/<ref>/rent")
@requires(Permission.LEASE_VIEW)
def rent(ref: str) -> ResponseReturnValue:
    """Show what is due for each month, and how each amount was made."""
    found, due = _due(ref)
    today = found.site.calendar.local_date(clock.now())
    return render_template(
        "leases/rent.html",
        lease=found,
        months=due,
        words=words,
        this_month=today.replace(day=1),
    )


@blueprint.get("/leases/<ref>/rent.csv")
@requires(Permission.LEASE_VIEW)
def rent_table(ref: str) -> ResponseReturnValue:
    """Give the same as CSV: one line an amount, with a comma for decimals as here one writes."""
    found, due = _due(ref)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(
        [_("mois"), _("objet"), _("du"), _("au"), _("montant HT"), _("calcul"), _("provisoire")]
    )
    for month, _tax in due:
        for line in month.lines:
            writer.writerow(
                [
                    f"{month.month:%Y-%m}",
                    words.line_name(line),
                    line.first.isoformat(),
                    line.last.isoformat(),
                    _euros(line.amount),
                    words.derivation(line),
                    _("oui") if line.is_provisional else _("non"),
                ]
            )
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="loyers-{found.ref}.csv"'
    return answer


@blueprint.get("/leases/<ref>/offer.pdf")
@requires(Permission.LEASE_VIEW)
def offer_pdf(ref: str) -> ResponseReturnValue:
    """Give the letter of the offer."""
    with reading() as session:
        network = find_network(session)
        found = seen_lease(session, network, ref)
        content = offer_letter(session, network, found)
    return _pdf(content, f"offre-{found.ref}.pdf")


@blueprint.get("/leases/<ref>/revisions/<day>.pdf")
@requires(Permission.LEASE_VIEW)
def revision_pdf(ref: str, day: str) -> ResponseReturnValue:
    """Give the notice of a revision."""
    with reading() as session:
        network = find_network(session)
        found = seen_lease(session, network, ref)
    for revision in found.revisions:
        if revision.effective_on.isoformat() == day:
            content = revision_letter(network, found, revision)
            return _pdf(content, f"revision-{found.ref}-{day}.pdf")
    raise UnknownLease(ref)


@blueprint.get("/leases/<ref>/inventory-<way>.pdf")
@requires(Permission.LEASE_VIEW)
def inventory_pdf(ref: str, way: str) -> ResponseReturnValue:
    """Give the state of the office at entry or exit."""
    end = way_of(way)
    with reading() as session:
        network = find_network(session)
        found = seen_lease(session, network, ref)
    recorded = found.inventory(end)
    if recorded is None:
        raise UnknownLease(ref)
    return _pdf(inventory_letter(network, found, recorded), f"etat-des-lieux-{ref}-{way}.pdf")


def _due(ref: str) -> tuple[Lease, Due]:
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        found = seen_lease(session, network, ref)
        rates = find_cards(session, network).vat
    months = found.schedule(found.site.calendar.local_date(now))
    return found, [(each, taxed(found, each.total, rates, _taxed_on(each))) for each in months]


def _taxed_on(month: MonthDue) -> date:
    return month.lines[0].first if month.lines else month.month


def _euros(amount: Money) -> str:
    return f"{Decimal(amount.minor) / 100:.2f}".replace(".", ",")


def _pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
