"""Drafts: a lease is written from what the card proposes, corrected, offered or withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.errors import DomainError, WrongLeaseState
from app.domain.indices import IndexSeries
from app.domain.kinds import SpaceKind
from app.domain.lease_states import LeaseState
from app.domain.months import ONE_DAY, add_months, first_of_month
from app.domain.permissions import Permission
from app.domain.rents import Stage, annual_rent, month_of
from app.domain.tariffs import RateCard
from app.domain.titles import MOST_MONTHS, Title
from app.domain.vat_rules import VatCode
from app.leases import service
from app.leases.forms import LeaseForm, lease_fields, stage_fields, typed, typed_money
from app.leases.lease import Lease
from app.leases.routes.blueprint import blueprint
from app.leases.routes.seeing import managed_lease, managed_sites
from app.people.queries import search_organisations
from app.spaces.network import Network, Space
from app.spaces.queries import find_network
from app.tariffs.indices import read_index_table
from app.tariffs.queries import find_cards
from app.web import clock, formats
from app.web.guards import actor, requires
from app.web.sentences import sentence

MOST_ORGANISATIONS = 5000
SOON = timedelta(days=30)
FULL_RENT = (Stage(MOST_MONTHS, Decimal(1)),)


@blueprint.get("/leases/new")
@requires(Permission.LEASE_MANAGE)
def new_lease() -> ResponseReturnValue:
    """Show the form of a lease, filled with what the card says of an office."""
    with reading() as session:
        network = find_network(session)
        offices = _offices(network)
        wanted = request.args.get("space")
        space = next((each for each in offices if each.code == wanted), None)
        if not offices or (wanted and space is None):
            abort(404)
        fields = _proposed(session, network, space or offices[0])
        fields["organisation"] = request.args.get("organisation", "")
        form = _form(session, network, data=fields)
    return render_template("leases/lease_form.html", form=form, lease=None, trouble="")


@blueprint.post("/leases/new")
@requires(Permission.LEASE_MANAGE)
def write_lease() -> ResponseReturnValue:
    """Write the draft of a lease."""
    return _written(
        None,
        lambda session, form: service.draft_lease(session, actor(), form.wish(), now=clock.now()),
    )


@blueprint.get("/leases/<ref>/edit")
@requires(Permission.LEASE_MANAGE)
def describe_lease(ref: str) -> ResponseReturnValue:
    """Show the form of a draft."""
    with reading() as session:
        network = find_network(session)
        lease = managed_lease(session, network, ref)
        if lease.state is not LeaseState.DRAFT:
            raise WrongLeaseState(lease.state, LeaseState.DRAFT)
        form = _form(session, network, data=lease_fields(lease))
    return render_template("leases/lease_form.html", form=form, lease=lease, trouble="")


@blueprint.post("/leases/<ref>/edit")
@requires(Permission.LEASE_MANAGE)
def edit_lease(ref: str) -> ResponseReturnValue:
    """Write a draft anew."""
    return _written(
        ref,
        lambda session, form: service.edit_draft(
            session, actor(), ref, form.wish(), now=clock.now()
        ),
    )


@blueprint.post("/leases/<ref>/offer")
@requires(Permission.LEASE_MANAGE)
def offer_lease(ref: str) -> ResponseReturnValue:
    """Offer a draft to its tenant."""
    with transaction() as session:
        service.offer(session, actor(), ref, now=clock.now())
    flash(_("L’offre part par courriel aux responsables de l’organisation."), "done")
    return redirect(url_for("leases.lease", ref=ref), 303)


@blueprint.post("/leases/<ref>/reopen")
@requires(Permission.LEASE_MANAGE)
def reopen_lease(ref: str) -> ResponseReturnValue:
    """Make an offer a draft again."""
    with transaction() as session:
        service.reopen(session, actor(), ref, now=clock.now())
    flash(_("L’offre est reprise : corrigez-la, puis offrez-la de nouveau."), "done")
    return redirect(url_for("leases.lease", ref=ref), 303)


@blueprint.post("/leases/<ref>/withdraw")
@requires(Permission.LEASE_MANAGE)
def withdraw_lease(ref: str) -> ResponseReturnValue:
    """Give a draft or an offer up."""
    with transaction() as session:
        service.withdraw(session, actor(), ref, now=clock.now())
    flash(_("Ce bail est retiré."), "done")
    return redirect(url_for("leases.leases"), 303)


def _written(ref: str | None, write: Callable[[Session, LeaseForm], Lease]) -> ResponseReturnValue:
    """Write what was typed, or show the form again with what is wrong, keeping all of it."""
    trouble = ""
    with reading() as session:
        network = find_network(session)
        lease = None if ref is None else managed_lease(session, network, ref)
        form = _form(session, network)
    if form.validate():
        try:
            with transaction() as session:
                made = write(session, form)
        except DomainError as error:
            trouble = sentence(error)
        else:
            flash(_("Le brouillon est enregistré. Relisez-le, puis offrez-le."), "done")
            return redirect(url_for("leases.lease", ref=made.ref), 303)
    page = render_template("leases/lease_form.html", form=form, lease=lease, trouble=trouble)
    return page, 422


def _form(
    session: Session, network: Network, *, data: dict[str, object] | None = None
) -> LeaseForm:
    form = LeaseForm(data=data)
    tenants = search_organisations(session, "", most=MOST_ORGANISATIONS)
    language = formats.language()
    sites = {site.code: site.name for site in network.sites}
    form.offer_choices(
        [(str(each.id), each.name) for each in tenants],
        [
            (each.code, f"{each.name.get(language)}, {sites[each.site]}")
            for each in _offices(network)
        ],
    )
    return form


def _offices(network: Network) -> list[Space]:
    return [
        space
        for site in managed_sites(network)
        for space in site.spaces
        if space.kind is SpaceKind.OFFICE
    ]


def _proposed(session: Session, network: Network, space: Space) -> dict[str, object]:
    """Give what the card of the site says of an office, from the month after next month's start."""
    first = first_of_month(space.calendar.local_date(clock.now()) + SOON)
    card = find_cards(session, network).card_for(space.site, first)
    area = space.area_m2 or Decimal(0)
    rent = Decimal(card.reference_rent or 0) / 100
    stages, charges = _stages(card)
    latest = read_index_table(session, on=first).latest(IndexSeries.ILAT)
    deposit = month_of(annual_rent(rent, area), stages[0].share) if area else None
    return {
        "space": space.code,
        "title": Title.DEROGATORY.value,
        "first_day": first,
        "last_day": _last_day(first),
        "area": typed(area),
        "rent": typed(rent),
        "stages": stage_fields(stages),
        "charges": typed(charges),
        "services_price": "0,00",
        "deposit": typed_money(deposit) if deposit else "0,00",
        "vat": VatCode.STANDARD.value,
        "series": IndexSeries.ILAT.value,
        "base_year": latest.quarter.year if latest else first.year - 1,
        "base_quarter": str(latest.quarter.number if latest else 4),
    }


def _stages(card: RateCard) -> tuple[tuple[Stage, ...], Decimal]:
    if card.offices is None:
        return FULL_RENT, Decimal(0)
    stages = tuple(Stage(months, share) for months, share in card.offices.stages)
    return stages, Decimal(card.offices.charges_per_m2) / 100


def _last_day(first: date) -> date:
    return add_months(first, MOST_MONTHS) - ONE_DAY
