"""What somebody was shown how to use: their own list, and the staff's page that adds to it."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField

from app.bookings import queries, service
from app.bookings.forms import Typed
from app.db.transaction import reading, transaction
from app.domain.errors import DomainError
from app.domain.ids import AccountId
from app.domain.permissions import Permission
from app.people import queries as people
from app.people.forms import offer
from app.spaces.plan import INDUCTIONS
from app.web import clock, guards, place_words
from app.web.errors import status_of
from app.web.guards import requires
from app.web.sentences import sentence

USUALLY = timedelta(days=730)


class InductionForm(FlaskForm):
    """What was shown, and until when it counts."""

    code = SelectField(_l("Habilitation"))
    valid_until = DateField(
        _l("Valable jusqu’au"), validators=[Typed(_l("Choisissez le dernier jour."))]
    )


@requires(Permission.INDUCTION_GRANT)
def person_inductions(account_id: int) -> ResponseReturnValue:
    """Show what a person was shown, and the form for more."""
    form = _offered(InductionForm(formdata=None, valid_until=clock.now().date() + USUALLY))
    return _page(account_id, form, 200)


@requires(Permission.INDUCTION_GRANT)
def grant(account_id: int) -> ResponseReturnValue:
    """Note that they were shown a machine."""
    form, now, until = _offered(InductionForm()), clock.now(), None
    if form.validate():
        until = form.valid_until.data
    if until is None:
        return _page(account_id, form, 422)
    person, code = AccountId(account_id), form.code.data
    try:
        with transaction() as session:
            service.grant_induction(
                session, guards.actor(), person, code, valid_until=until, now=now
            )
    except DomainError as refusal:
        form.form_errors.append(sentence(refusal))
        return _page(account_id, form, status_of(refusal))
    flash(_("L’habilitation est notée."), "done")
    return redirect(url_for("bookings.person_inductions", account_id=account_id), 303)


@requires(Permission.INDUCTION_GRANT)
def revoke(account_id: int, number: int) -> ResponseReturnValue:
    """Take one back."""
    with transaction() as session:
        service.revoke_induction(
            session, guards.actor(), AccountId(account_id), number, now=clock.now()
        )
    flash(_("L’habilitation est retirée. Les réservations déjà faites restent."), "done")
    return redirect(url_for("bookings.person_inductions", account_id=account_id), 303)


def _page(account_id: int, form: InductionForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        person = people.get_account(session, account_id)
        found = queries.inductions_of(session, AccountId(account_id))
    today = clock.now().date()
    shown = [(each, place_words.induction(each.code), each.counts_on(today)) for each in found]
    return render_template(
        "bookings/inductions.html", person=person, inductions=shown, form=form
    ), status


def _offered(form: InductionForm) -> InductionForm:
    offer(form.code, [(code, place_words.induction(code)) for code in INDUCTIONS])
    return form
