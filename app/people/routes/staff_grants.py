"""What the staff grants and ends: roles, profiles, accounts."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db.transaction import reading, transaction
from app.domain.errors import AlreadyGranted, UnknownRole
from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.permissions import Permission, Role
from app.domain.profiles import profile_from
from app.people import service
from app.people.forms import ProfileForm, RoleForm
from app.people.routes.blueprint import ID, pages
from app.people.routes.organisations import organisation_page
from app.people.routes.profile_forms import profile_form
from app.people.routes.staff import known_sites, person_page, role_form
from app.people.routes.visitors import admit, open_session
from app.people.service import Holder
from app.web import clock, guards
from app.web.guards import requires
from app.web.sentences import sentence


@pages.post(f"/people/<{ID}:account_id>/roles")
@requires(Permission.ROLES_GRANT)
def grant_role(account_id: int) -> ResponseReturnValue:
    """Trust somebody with a role."""
    form = role_form(known_sites())
    if form.validate():
        try:
            fresh_key = _grant_role(account_id, form)
        except (AlreadyGranted, UnknownRole) as error:
            form.role.errors = [sentence(error)]
        else:
            if fresh_key is not None:
                admit(fresh_key)
            flash(_("Le rôle est accordé."), "done")
            return redirect(f"/people/{account_id}", 303)
    with reading() as database:
        return person_page(database, account_id, role=form), 422


def _grant_role(account_id: int, form: RoleForm) -> str | None:
    actor = guards.actor()
    with transaction() as database:
        service.grant_role(
            database,
            actor,
            account_id=account_id,
            role=Role(form.role.data),
            site=SiteCode(form.site.data) if form.site.data else None,
            reason=form.reason.data or "",
            now=clock.now(),
        )
        # Whose rights change signs in anew; who changed their own goes on under a fresh key.
        return open_session(database, actor.account_id) if actor.account_id == account_id else None


@pages.post(f"/people/roles/<{ID}:role_id>/revoke")
@requires(Permission.ROLES_GRANT)
def revoke_role(role_id: int) -> ResponseReturnValue:
    """End a role."""
    actor, key = guards.actor(), None
    with transaction() as database:
        account_id = service.revoke_role(database, actor, role_id, now=clock.now())
        if account_id == actor.account_id:
            key = open_session(database, actor.account_id)
    if key is not None:
        admit(key)
        flash(_("Votre rôle a pris fin."), "done")
        return redirect("/me", 303)
    flash(_("Le rôle a pris fin."), "done")
    return redirect(f"/people/{account_id}", 303)


@pages.post(f"/people/<{ID}:account_id>/profiles")
@requires(Permission.PROFILES_GRANT)
def grant_profile(account_id: int) -> ResponseReturnValue:
    """Accept a person's proof of a tariff profile."""
    form = profile_form()
    if not form.validate():
        with reading() as database:
            return person_page(database, account_id, profile=form), 422
    _grant_profile(Holder(account_id=AccountId(account_id)), form)
    return redirect(f"/people/{account_id}", 303)


@pages.post(f"/organisations/<{ID}:organisation_id>/profiles")
@requires(Permission.PROFILES_GRANT)
def grant_organisation_profile(organisation_id: int) -> ResponseReturnValue:
    """Accept an organisation's proof of a tariff profile."""
    form = profile_form()
    holder = Holder(organisation_id=OrganisationId(organisation_id))
    if not form.validate():
        with reading() as database:
            page = organisation_page(database, OrganisationId(organisation_id), profile=form)
        return page, 422
    _grant_profile(holder, form)
    return redirect(f"/organisations/{organisation_id}", 303)


def _grant_profile(holder: Holder, form: ProfileForm) -> None:
    valid_from, valid_until = form.validity()
    with transaction() as database:
        service.grant_profile(
            database,
            guards.actor(),
            holder=holder,
            profile=profile_from(form.profile.data),
            valid_from=valid_from,
            valid_until=valid_until,
            reason=form.proof.data or "",
            now=clock.now(),
        )
    flash(_("Le profil est accordé."), "done")


@pages.post(f"/people/profiles/<{ID}:profile_id>/end")
@requires(Permission.PROFILES_GRANT)
def end_profile(profile_id: int) -> ResponseReturnValue:
    """End a tariff profile before its time."""
    with transaction() as database:
        holder = service.end_profile(database, guards.actor(), profile_id, now=clock.now())
    flash(_("Le profil a pris fin. Les réservations déjà faites ne changent pas."), "done")
    if holder.organisation_id is not None:
        return redirect(f"/organisations/{holder.organisation_id}", 303)
    return redirect(f"/people/{holder.account_id}", 303)


@pages.post(f"/people/<{ID}:account_id>/disable")
@requires(Permission.ACCOUNT_DISABLE)
def disable_account(account_id: int) -> ResponseReturnValue:
    """Close an account: nobody can use it until it is opened again."""
    with transaction() as database:
        service.disable_account(database, guards.actor(), account_id, now=clock.now())
    flash(_("Le compte est fermé."), "done")
    return redirect(f"/people/{account_id}", 303)


@pages.post(f"/people/<{ID}:account_id>/enable")
@requires(Permission.ACCOUNT_DISABLE)
def enable_account(account_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    with transaction() as database:
        service.enable_account(database, guards.actor(), account_id)
    flash(_("Le compte est rouvert."), "done")
    return redirect(f"/people/{account_id}", 303)
