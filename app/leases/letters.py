"""Letters of leases, in French as the law wants them: offer, notice of revision, inventory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.domain.errors import UnknownLease
from app.domain.lease_states import LeaseState
from app.domain.money import Money
from app.domain.months import whole_months
from app.domain.rent_schedules import schedule
from app.domain.rents import DepositReturn, LineKind, MonthDue, deposit_return, month_of, share_in
from app.domain.vat import vat_on
from app.domain.vat_rules import VatSeries
from app.gateways.pdf import Pdf
from app.leases import words
from app.leases.lease import Inventory, Lease, Revision, Way
from app.spaces.network import Network, Operator
from app.tariffs.queries import find_cards


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount before tax, the tax, and both together."""

    net: Money
    vat: Money

    @property
    def gross(self) -> Money:
        """What is paid."""
        return self.net + self.vat


def taxed(lease: Lease, net: Money, rates: VatSeries, on: date) -> Taxed:
    """Add the tax that the lease bears on a day; a deposit never bears any."""
    return Taxed(net, vat_on(net, rates.rate(lease.clauses.vat_code, on)))


def offer_letter(session: Session, network: Network, lease: Lease) -> bytes:
    """Write the offer; raises UnknownLease for a draft, which is no offer yet."""
    if lease.state in (LeaseState.DRAFT, LeaseState.WITHDRAWN):
        raise UnknownLease(lease.ref)
    months = schedule(lease.terms)
    rates = find_cards(session, network).vat
    years = [each for number, each in enumerate(months) if number % 12 == 0 and _is_whole(each)]
    shown = years or [months[0]]
    return _write(
        "leases/letters/offer.html",
        lease,
        network,
        first=taxed(lease, months[0].total, rates, months[0].month),
        years=[(each, taxed(lease, each.total, rates, each.month)) for each in shown],
    )


def revision_letter(network: Network, lease: Lease, revision: Revision) -> bytes:
    """Write the notice of a revision, with the values used and how the rent was made of them."""
    number = whole_months(lease.terms.first_day, revision.effective_on)[0]
    share = share_in(lease.terms.stages, number)
    after = revision.after or revision.before
    settlement = next(
        (
            line
            for month in lease.schedule()
            for line in month.lines
            if line.kind is LineKind.SETTLEMENT and line.first == revision.effective_on
        ),
        None,
    )
    return _write(
        "leases/letters/revision.html",
        lease,
        network,
        revision=revision,
        base=base_of(lease, revision),
        share=share,
        month_before=month_of(revision.before, share),
        month_after=month_of(after, share),
        settlement=settlement,
    )


def inventory_letter(network: Network, lease: Lease, found: Inventory) -> bytes:
    """Write an inventory to be signed by both, at exit with what becomes of the deposit."""
    return _write(
        "leases/letters/inventory.html",
        lease,
        network,
        found=found,
        is_exit=found.way is Way.OUT,
        deposit=returned(lease),
    )


def base_of(lease: Lease, revision: Revision) -> Money:
    """Give the year's rent that a revision was made of: that of the year before, as it ended up."""
    earlier = [each for each in lease.revisions if each.effective_on < revision.effective_on]
    if not earlier:
        return lease.terms.annual
    return earlier[-1].after or earlier[-1].before


def returned(lease: Lease) -> DepositReturn | None:
    """Give what becomes of the deposit, once the tenant has left."""
    found = lease.inventory(Way.OUT)
    if found is None:
        return None
    return deposit_return(lease.clauses.deposit, found.kept)


def operator_of(network: Network, lease: Lease) -> Operator:
    """Give who lets the office."""
    return next(each for each in network.operators if each.code == lease.site.operator)


def _write(template: str, lease: Lease, network: Network, **more: object) -> bytes:
    pdf: Pdf = current_app.extensions["totem.pdf"]
    # Not render_template: the worker has no request, whose person the frame of pages wants to know.
    page = current_app.jinja_env.get_template(template)
    with force_locale("fr"):
        return pdf.write(
            page.render(lease=lease, operator=operator_of(network, lease), words=words, **more)
        )


def _is_whole(month: MonthDue) -> bool:
    return month.lines[0].is_whole_month
