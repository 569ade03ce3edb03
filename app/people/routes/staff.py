"""The staff's pages: find people and organisations, see a person, read the log of grants."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading
from app.domain.ids import SiteCode
from app.domain.permissions import SITE_ROLES, Actor, Permission, Role, Subject, allowed
from app.people import queries, words
from app.people.forms import ProfileForm, RoleForm, offer
from app.people.routes.blueprint import ID, pages, site_names
from app.people.routes.profile_forms import profile_form
from app.web import clock, guards
from app.web.guards import requires

WHOLE_NETWORK = ""
LONGEST_SEARCH = 200


@pages.get("/people")
@requires(Permission.PEOPLE_VIEW)
def staff_search() -> ResponseReturnValue:
    """Find people and organisations by name, address or SIREN."""
    text = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    with reading() as database:
        people = queries.search_people(database, text)
        organisations = queries.search_organisations(database, text)
    return render_template(
        "people/search.html", text=text, people=people, organisations=organisations
    )


@pages.get("/people/grants")
@requires(Permission.PEOPLE_VIEW)
def grants() -> ResponseReturnValue:
    """Show the latest grants of roles and profiles: to whom, by whom, why."""
    with reading() as database:
        log = queries.grants_log(database)
        sites = dict(site_names(database))
    return render_template("people/grants.html", grants=log, sites=sites)


@pages.get(f"/people/<{ID}:account_id>")
@requires(Permission.PEOPLE_VIEW)
def person(account_id: int) -> ResponseReturnValue:
    """Show a person with their roles, profiles and organisations."""
    with reading() as database:
        return person_page(database, account_id)


def person_page(
    database: Session,
    account_id: int,
    *,
    role: RoleForm | None = None,
    profile: ProfileForm | None = None,
) -> str:
    """Render a person for the staff; raises UnknownAccount."""
    actor = guards.actor()
    found = queries.get_account(database, account_id)
    sites = site_names(database)
    form = role or role_form(sites, blank=True)
    return render_template(
        "people/person.html",
        person=found,
        roles=queries.roles_of(database, account_id),
        profiles=queries.profiles_of(database, account_id=account_id),
        memberships=queries.organisations_of(database, account_id),
        role_form=form,
        profile_form=profile or profile_form(blank=True),
        sites=dict(sites),
        may_grant_roles=bool(form.site.choices),
        may_revoke=lambda site: allowed(actor, Permission.ROLES_GRANT, Subject(site=site)),
        may_grant_profiles=(
            found.id != actor.account_id and allowed(actor, Permission.PROFILES_GRANT, Subject())
        ),
        may_disable=allowed(actor, Permission.ACCOUNT_DISABLE, Subject()),
        today=clock.now().date(),
    )


def role_form(sites: list[tuple[str, str]], *, blank: bool = False) -> RoleForm:
    """Make the form of a role, with what the person asking may grant, and where."""
    actor = guards.actor()
    form = RoleForm(formdata=None) if blank else RoleForm()
    places = [(code, name) for code, name in sites if _may_grant(actor, SiteCode(code))]
    roles = [role for role in Role if role in SITE_ROLES]
    if _may_grant(actor, None):
        places.append((WHOLE_NETWORK, _("tout le réseau")))
        roles.append(Role.NETWORK_MANAGER)
    offer(form.role, [(role.value, words.role(role)) for role in roles])
    offer(form.site, places)
    return form


def _may_grant(actor: Actor, site: SiteCode | None) -> bool:
    return allowed(actor, Permission.ROLES_GRANT, Subject(site=site))


def known_sites() -> list[tuple[str, str]]:
    """Give the codes and names of the sites, in a session of its own."""
    with reading() as database:
        return site_names(database)
