"""State aid on screen: the ledger, an undertaking's headroom, declarations, links and papers."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.errors import BadCompanyLink, UnknownOrganisation
from app.domain.ids import OrganisationId
from app.domain.months import add_months
from app.domain.permissions import Permission, Subject, allowed
from app.leases import aid_words, service
from app.leases.aid import KEPT_YEARS, AidEntry
from app.leases.aid_csv import aid_register
from app.leases.aid_forms import DeclarationForm, LinkForm, MonthForm, ReverseForm
from app.leases.aid_letters import declaration_letter, grant_letter, operator_of
from app.leases.queries import aid as ledger
from app.people import queries as people
from app.spaces.network import Network, Site
from app.spaces.queries import find_network
from app.web import clock, guards
from app.web.choices import SelectChoice
from app.web.formats import PARIS
from app.web.guards import requires
from app.web.sentences import sentence

ID = "int(max=9007199254740991)"
FIRST_YEAR, LAST_YEAR = 2014, 2100
blueprint = Blueprint("aid", __name__, template_folder="../templates")


@blueprint.get("/aid")
@requires(Permission.AID_SEE)
def aid() -> ResponseReturnValue:
    """Show the ledger of a year at one's sites, and the undertakings one owns."""
    return _ledger_page(MonthForm(formdata=None, data={"month": _last_month()}))


@blueprint.post("/aid/rebates")
@requires(Permission.AID_MANAGE)
def value_rebates() -> ResponseReturnValue:
    """Enter what profiles spared undertakings at one's sites in a month that is over."""
    form = MonthForm()
    if not form.validate():
        return _ledger_page(form), 422
    with transaction() as session:
        sites = _managed(find_network(session))
        made = service.value_month(session, sites, form.first_day(), now=clock.now())
    flash(ngettext("%(num)s aide inscrite.", "%(num)s aides inscrites.", len(made)), "done")
    return redirect(f"/aid?year={form.first_day().year}", 303)


def _ledger_page(form: MonthForm) -> str:
    year = _year()
    with reading() as session:
        network = find_network(session)
        entries = _of_year(session, network, year)
        owned = people.organisations_of(session, guards.actor().account_id)
    return render_template(
        "leases/aid.html",
        year=year,
        entries=entries,
        manages=bool(_managed(network)),
        owned=[each for each in owned if each.role == "owner"],
        words=aid_words,
        kept_years=KEPT_YEARS,
        month_form=form,
    )


@blueprint.get("/aid/export.csv")
@requires(Permission.AID_MANAGE)
def aid_export() -> ResponseReturnValue:
    """Give a year as CSV with the fields of the national register (decree 2025-1361, art. 4)."""
    year = _year()
    with reading() as session:
        entries = _of_year(session, find_network(session), year)
    answer = Response(aid_register(entries), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="aides-{year}.csv"'
    return answer


@blueprint.get(f"/aid/organisations/<{ID}:organisation_id>")
@requires(Permission.AID_SEE)
def undertaking(organisation_id: int) -> ResponseReturnValue:
    """Show how an undertaking stands today, what it got and what it declared."""
    with reading() as session:
        return _page(session, organisation_id)


def _page(
    session: Session,
    organisation_id: int,
    *,
    declaration: DeclarationForm | None = None,
    link: LinkForm | None = None,
) -> str:
    today = _today()
    found = _seen(session, organisation_id)
    companies = ledger.undertaking_of(session, organisation_id)
    said = ledger.latest_declarations(session, [organisation_id], on=today)
    manages = allowed(guards.actor(), Permission.AID_LINK, Subject())
    entries = ledger.aid_of_organisations(session, companies if manages else [organisation_id])
    return render_template(
        "leases/aid_undertaking.html",
        organisation=found,
        standing=ledger.assess(session, organisation_id=organisation_id, granted_on=today),
        declaration=said.get(organisation_id),
        entries=entries,
        links=ledger.links_of(session, companies),
        form=declaration or DeclarationForm(formdata=None, data={"declared_on": today}),
        link_form=link or _link_form(session, organisation_id, blank=True),
        reverse_forms={each.id: _reverse_form(each) for each in entries if each.stands},
        manages=manages,
        words=aid_words,
        kept_years=KEPT_YEARS,
    )


@blueprint.post(f"/aid/organisations/<{ID}:organisation_id>/declare")
@requires(Permission.AID_DECLARE)
def declare(organisation_id: int) -> ResponseReturnValue:
    """Note what an undertaking declares."""
    form = DeclarationForm()
    if not form.validate():
        with reading() as session:
            return _page(session, organisation_id, declaration=form), 422
    with transaction() as session:
        _seen(session, organisation_id)
        standing = ledger.assess(session, organisation_id=organisation_id, granted_on=_today())
        said = form.declaration(organisation_id, standing.rule.regulation, _today())
        service.declare_aid(session, guards.actor(), said, now=clock.now())
    flash(_("La déclaration est enregistrée."), "done")
    return redirect(f"/aid/organisations/{organisation_id}", 303)


@blueprint.post(f"/aid/organisations/<{ID}:organisation_id>/links")
@requires(Permission.AID_LINK)
def link(organisation_id: int) -> ResponseReturnValue:
    """Note that another organisation is the same undertaking."""
    with reading() as session:
        form = _link_form(session, organisation_id)
        if not form.validate():
            return _page(session, organisation_id, link=form), 422
    try:
        with transaction() as session:
            service.link_companies(
                session,
                guards.actor(),
                organisation_id,
                int(form.other.data),
                reason=form.reason.data or "",
                now=clock.now(),
            )
    except BadCompanyLink as error:
        form.other.errors = [sentence(error)]
        with reading() as session:
            return _page(session, organisation_id, link=form), 422
    flash(_("Les deux organisations comptent maintenant ensemble."), "done")
    return redirect(f"/aid/organisations/{organisation_id}", 303)


@blueprint.post(f"/aid/organisations/<{ID}:organisation_id>/links/<{ID}:link_id>/end")
@requires(Permission.AID_LINK)
def unlink(organisation_id: int, link_id: int) -> ResponseReturnValue:
    """Note that two organisations count apart from now on."""
    with transaction() as session:
        service.unlink_companies(session, guards.actor(), link_id, now=clock.now())
    flash(_("Ces organisations comptent de nouveau séparément."), "done")
    return redirect(f"/aid/organisations/{organisation_id}", 303)


@blueprint.post(f"/aid/<{ID}:entry_id>/reverse")
@requires(Permission.AID_MANAGE)
def reverse(entry_id: int) -> ResponseReturnValue:
    """Take an aid back by an entry of its own."""
    form = ReverseForm()
    with reading() as session:
        entry = ledger.get_aid(session, entry_id)
    back = f"/aid/organisations/{entry.organisation_id}"
    if not form.validate():
        flash(_("Donnez le motif de l’annulation."), "refused")
        return redirect(back, 303)
    with transaction() as session:
        number = service.reverse_aid(
            session, guards.actor(), entry_id, reason=form.reason.data or "", now=clock.now()
        )
    flash(_("L’aide est annulée par l’écriture %(number)s.", number=number), "done")
    return redirect(back, 303)


@blueprint.get(f"/aid/organisations/<{ID}:organisation_id>/declaration.pdf")
@requires(Permission.AID_SEE)
def declaration_pdf(organisation_id: int) -> ResponseReturnValue:
    """Give the declaration as a paper to be signed."""
    today = _today()
    with reading() as session:
        found = _seen(session, organisation_id)
        network = find_network(session)
        site = next(iter(_managed(network)), network.sites[0])
        content = declaration_letter(
            operator_of(network, site),
            found,
            ledger.latest_declarations(session, [found.id], on=today).get(found.id),
            ledger.links_of(session, ledger.undertaking_of(session, found.id)),
            ledger.assess(session, organisation_id=found.id, granted_on=today),
        )
    return _pdf(content, f"declaration-{found.id}.pdf")


@blueprint.get(f"/aid/<{ID}:entry_id>/letter.pdf")
@requires(Permission.AID_SEE)
def letter_pdf(entry_id: int) -> ResponseReturnValue:
    """Give the letter that tells a beneficiary of its aid."""
    with reading() as session:
        entry = ledger.get_aid(session, entry_id)
        found = _seen(session, entry.organisation_id)
        network = find_network(session)
        site = next(each for each in network.sites if each.id == entry.site_id)
        content = grant_letter(network, site, found, entry)
    return _pdf(content, f"aide-{entry.number}.pdf")


def _seen(session: Session, organisation_id: int) -> people.Organisation:
    """Give an organisation to its owners and to managers; raises UnknownOrganisation."""
    subject = Subject(organisation_id=OrganisationId(organisation_id))
    if not allowed(guards.actor(), Permission.AID_SEE, subject):
        raise UnknownOrganisation(str(organisation_id))
    return people.get_organisation(session, organisation_id)


def _managed(network: Network) -> list[Site]:
    actor = guards.actor()
    return [
        site
        for site in network.sites
        if allowed(actor, Permission.AID_MANAGE, Subject(site=site.code))
    ]


def _of_year(session: Session, network: Network, year: int) -> list[AidEntry]:
    sites = [site.id for site in _managed(network)]
    since, until = date(year, 1, 1), date(year, 12, 31)
    return ledger.aid_of_sites(session, sites, since=since, until=until) if sites else []


def _link_form(session: Session, organisation_id: int, *, blank: bool = False) -> LinkForm:
    form = LinkForm(formdata=None) if blank else LinkForm()
    form.reason.id = "link-reason"
    form.other.choices = [
        SelectChoice(str(each.id), each.name)
        for each in people.search_organisations(session, "", most=500)
        if each.id != organisation_id
    ]
    return form


def _reverse_form(entry: AidEntry) -> ReverseForm:
    """Make the form of one entry; several stand on a page, so each field has its own id."""
    form = ReverseForm(formdata=None)
    form.reason.id = f"reason-{entry.id}"
    return form


def _year() -> int:
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else _today().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _last_month() -> str:
    return f"{add_months(_today(), -1):%Y-%m}"


def _today() -> date:
    return clock.now().astimezone(PARIS).date()


def _pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
