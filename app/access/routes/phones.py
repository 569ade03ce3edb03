"""The phones that hold somebody's passes, and what to do when one is lost."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import queries, service
from app.access.routes.blueprint import blueprint
from app.db.transaction import reading, transaction
from app.domain.errors import UnknownAccount
from app.domain.ids import AccountId
from app.domain.permissions import Permission, Subject, require
from app.people.queries import find_account
from app.web import clock
from app.web.guards import actor, requires

ID = "int(max=9007199254740991)"  # larger numbers are unknown, not an error of the database


@blueprint.get("/pass/phones")
@requires(Permission.PHONES_OWN)
def phones() -> ResponseReturnValue:
    """Show which phones hold one's passes, and one's cards."""
    with reading() as session:
        mine = queries.phones_of(session, actor().account_id)
        cards = queries.cards_of(session, actor().account_id)
    return render_template("access/phones.html", phones=mine, cards=cards)


@blueprint.post("/pass/phones/<code>/revoke")
@requires(Permission.PHONES_OWN)
def revoke_phone(code: str) -> ResponseReturnValue:
    """Let a phone hold no passes any more."""
    with transaction() as session:
        service.revoke_phone(session, actor(), code, now=clock.now())
    flash(_("Ce téléphone n’ouvre plus aucune porte."), "done")
    return redirect(url_for("access.phones"))


@blueprint.get("/pass/lost")
@requires(Permission.PHONES_OWN)
def ask_lost() -> ResponseReturnValue:
    """Ask before every pass of one's own is given up."""
    return render_template(
        "access/lost.html", name="", action=url_for("access.lost"), back=url_for("access.phones")
    )


@blueprint.post("/pass/lost")
@requires(Permission.PHONES_OWN)
def lost() -> ResponseReturnValue:
    """Give up every phone and pass of one's own, everywhere."""
    with transaction() as session:
        service.give_up_passes(session, actor(), actor().account_id, now=clock.now())
    flash(_("Vos téléphones et vos pass n’ouvrent plus rien. Les nouveaux pass sont ici."), "done")
    return redirect(url_for("access.phones"))


@blueprint.get(f"/people/<{ID}:account_id>/lost-phone")
@requires(Permission.PEOPLE_VIEW)
def ask_lost_of(account_id: int) -> ResponseReturnValue:
    """Ask before the passes of somebody who lost their phone are given up for them."""
    owner = AccountId(account_id)
    with reading() as session:
        account = find_account(session, owner)
    if account is None:
        raise UnknownAccount(str(account_id))
    require(actor(), Permission.PASSES_GIVE_UP, Subject(owner_id=owner))
    return render_template(
        "access/lost.html",
        name=account.name,
        action=url_for("access.lost_of", account_id=account_id),
        back=url_for("people.person", account_id=account_id),
    )


@blueprint.post(f"/people/<{ID}:account_id>/lost-phone")
@requires(Permission.PEOPLE_VIEW)
def lost_of(account_id: int) -> ResponseReturnValue:
    """Give up every phone and pass of somebody, at the desk."""
    with transaction() as session:
        service.give_up_passes(session, actor(), AccountId(account_id), now=clock.now())
    flash(_("Les téléphones et les pass de cette personne n’ouvrent plus rien."), "done")
    return redirect(url_for("people.person", account_id=account_id))
