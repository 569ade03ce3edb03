"""Organisations: one's own, their members and the colleagues who are invited."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.errors import AlreadyMember, UnknownRole
from app.domain.ids import OrganisationId
from app.domain.permissions import Permission, Subject, allowed
from app.gateways.vies import REGISTER, RegisterUnavailable, VatIdVerdict, VatRegister
from app.people import queries, service
from app.people.forms import InviteForm, OrganisationForm, ProfileForm
from app.people.routes.blueprint import ID, offices_of, pages
from app.people.routes.profile_forms import profile_form
from app.people.service.organisations import MemberRole, require_manage, require_view
from app.web import clock, guards
from app.web.guards import signed_in
from app.web.sentences import sentence


@pages.get("/organisations")
@signed_in
def organisations() -> ResponseReturnValue:
    """Show the organisations one belongs to."""
    with reading() as database:
        found = queries.organisations_of(database, guards.actor().account_id)
    return render_template("people/organisations.html", memberships=found)


@pages.get("/organisations/new")
@signed_in
def new_organisation() -> ResponseReturnValue:
    """Show the form of a new organisation."""
    return render_template("people/organisation_new.html", form=OrganisationForm())


@pages.post("/organisations/new")
@signed_in
def create_organisation() -> ResponseReturnValue:
    """Found an organisation; who founds it owns it."""
    form = OrganisationForm()
    if not form.validate():
        return render_template("people/organisation_new.html", form=form), 422
    verdict = _asked(form.vat_id.data)
    with transaction() as database:
        made = service.create_organisation(
            database,
            guards.actor(),
            name=form.name.data or "",
            siren=form.siren.data or None,
            vat_id=form.vat_id.data or None,
            vat_verdict=verdict,
            now=clock.now(),
        )
    flash(_("L’organisation est créée. Invitez vos collègues."), "done")
    return redirect(f"/organisations/{made}", 303)


@pages.get(f"/organisations/<{ID}:organisation_id>")
@signed_in
def organisation(organisation_id: int) -> ResponseReturnValue:
    """Show an organisation to those who belong to it, and to the staff."""
    with reading() as database:
        return organisation_page(database, OrganisationId(organisation_id))


def organisation_page(
    database: Session,
    organisation_id: OrganisationId,
    *,
    invite: InviteForm | None = None,
    profile: ProfileForm | None = None,
) -> str:
    """Render an organisation; raises UnknownOrganisation for those who may not see it."""
    actor, now = guards.actor(), clock.now()
    require_view(actor, organisation_id)
    subject = Subject(organisation_id=organisation_id)
    is_member = organisation_id in actor.organisations
    may_manage = allowed(actor, Permission.ORGANISATION_MANAGE, subject)
    return render_template(
        "people/organisation.html",
        organisation=queries.get_organisation(database, organisation_id),
        colleagues=queries.colleagues(database, organisation_id),
        invitations=(
            queries.open_invitations(database, organisation_id, now=now) if may_manage else []
        ),
        profiles=queries.profiles_of(database, organisation_id=organisation_id),
        offices=offices_of(database, organisation_id),
        invite_form=invite or InviteForm(formdata=None),
        profile_form=profile or profile_form(blank=True),
        may_manage=may_manage,
        may_grant=not is_member and allowed(actor, Permission.PROFILES_GRANT, subject),
        is_member=is_member,
        me=actor.account_id,
        today=now.date(),
    )


@pages.get(f"/organisations/<{ID}:organisation_id>/edit")
@signed_in
def describe_organisation(organisation_id: int) -> ResponseReturnValue:
    """Show the form that describes an organisation anew."""
    with reading() as database:
        require_manage(guards.actor(), OrganisationId(organisation_id))
        found = queries.get_organisation(database, organisation_id)
    form = OrganisationForm(obj=found)
    return render_template("people/organisation_edit.html", form=form, organisation=found)


@pages.post(f"/organisations/<{ID}:organisation_id>/edit")
@signed_in
def edit_organisation(organisation_id: int) -> ResponseReturnValue:
    """Describe an organisation anew."""
    form = OrganisationForm()
    if not form.validate():
        with reading() as database:
            require_manage(guards.actor(), OrganisationId(organisation_id))
            found = queries.get_organisation(database, organisation_id)
        page = render_template("people/organisation_edit.html", form=form, organisation=found)
        return page, 422
    verdict = _asked(form.vat_id.data)
    with transaction() as database:
        service.edit_organisation(
            database,
            guards.actor(),
            OrganisationId(organisation_id),
            name=form.name.data or "",
            siren=form.siren.data or None,
            vat_id=form.vat_id.data or None,
            vat_verdict=verdict,
            now=clock.now(),
        )
    flash(_("C’est enregistré."), "done")
    return _back(organisation_id)


@pages.post(f"/organisations/<{ID}:organisation_id>/invite")
@signed_in
def invite(organisation_id: int) -> ResponseReturnValue:
    """Invite a colleague by mail."""
    form = InviteForm()
    if form.validate():
        try:
            with transaction() as database:
                service.invite_colleague(
                    database,
                    guards.actor(),
                    OrganisationId(organisation_id),
                    email=form.email.data or "",
                    role=MemberRole(form.role.data),
                    now=clock.now(),
                )
        except AlreadyMember as error:
            form.email.errors = [sentence(error)]
        else:
            told = _("L’invitation part à %(email)s.", email=form.email.data)
            flash(told, "done")
            return _back(organisation_id)
    with reading() as database:
        return organisation_page(database, OrganisationId(organisation_id), invite=form), 422


@pages.post(f"/organisations/<{ID}:organisation_id>/invitations/<{ID}:invitation_id>/withdraw")
@signed_in
def withdraw_invitation(organisation_id: int, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    with transaction() as database:
        service.withdraw_invitation(
            database,
            guards.actor(),
            OrganisationId(organisation_id),
            invitation_id,
            now=clock.now(),
        )
    flash(_("L’invitation est retirée."), "done")
    return _back(organisation_id)


@pages.post(f"/organisations/<{ID}:organisation_id>/members/<{ID}:account_id>/role/<role>")
@signed_in
def change_member(organisation_id: int, account_id: int, role: str) -> ResponseReturnValue:
    """Make a member an owner, or an owner a member."""
    if role not in list(MemberRole):
        raise UnknownRole(role)
    with transaction() as database:
        service.change_member(
            database,
            guards.actor(),
            OrganisationId(organisation_id),
            account_id,
            MemberRole(role),
        )
    flash(_("C’est enregistré."), "done")
    return _back(organisation_id)


@pages.post(f"/organisations/<{ID}:organisation_id>/members/<{ID}:account_id>/remove")
@signed_in
def remove_member(organisation_id: int, account_id: int) -> ResponseReturnValue:
    """Send a member away, or leave."""
    actor = guards.actor()
    with transaction() as database:
        service.remove_member(
            database, actor, OrganisationId(organisation_id), account_id, now=clock.now()
        )
    if account_id == actor.account_id:
        flash(_("Vous ne faites plus partie de cette organisation."), "done")
        return redirect("/organisations", 303)
    flash(_("Cette personne ne fait plus partie de l’organisation."), "done")
    return _back(organisation_id)


def _back(organisation_id: int) -> ResponseReturnValue:
    return redirect(f"/organisations/{organisation_id}", 303)


def _asked(vat_id: str | None) -> VatIdVerdict | None:
    """Ask the register about a number, before any transaction; what it cannot say is its form."""
    if not vat_id:
        return None
    register: VatRegister = current_app.extensions[REGISTER]
    try:
        return register.ask(vat_id)
    except RegisterUnavailable:
        return VatIdVerdict.FORM_CHECKED
