"""The dated rates of VAT: what counts, what is to come, and a new one; never one that began."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db.transaction import reading, transaction
from app.domain.errors import BadVatRate
from app.domain.permissions import Permission, Subject, allowed
from app.domain.vat_rules import TAXED, VatCode
from app.tariffs import card_words, queries, service
from app.tariffs.forms import VatRateForm
from app.tariffs.price_views import percent
from app.tariffs.routes.blueprint import blueprint
from app.web import clock, formats
from app.web.choices import SelectChoice
from app.web.guards import actor, requires
from app.web.sentences import sentence


@blueprint.get("/rates/vat")
@requires(Permission.CARD_DRAFT)
def vat() -> ResponseReturnValue:
    """Show every rate ever recorded, and the form for the next one."""
    return _page(_form(blank=True))


@blueprint.post("/rates/vat")
@requires(Permission.CARD_PUBLISH)
def add_rate() -> ResponseReturnValue:
    """Record a rate from a day to come on."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction() as session:
            service.record_vat_rate(
                session,
                actor(),
                code=VatCode(form.code.data),
                valid_from=form.valid_from.data or date.min,
                percent=Decimal(form.percent.data or "0"),
                source=(form.source.data or "").strip(),
                today=_today(),
                now=clock.now(),
            )
    except BadVatRate as error:
        form.valid_from.errors = [sentence(error)]
        return _page(form), 422
    flash(_("Le taux est inscrit."), "done")
    return redirect(url_for("tariffs.vat"), 303)


def _page(form: VatRateForm) -> str:
    with reading() as session:
        entries = queries.read_vat_entries(session)
        series = queries.read_vat_series(session)
    today = _today()
    return render_template(
        "tariffs/vat.html",
        form=form,
        entries=entries,
        counting={(rate.code, rate.valid_from): rate.percent for rate in series.rates},
        now_counts=[
            (card_words.vat_code(code), percent(series.rate(code, today))) for code in _TOLD
        ],
        today=today,
        code_word=card_words.vat_code,
        percent=percent,
        may_add=allowed(actor(), Permission.CARD_PUBLISH, Subject()),
    )


def _form(*, blank: bool = False) -> VatRateForm:
    form = VatRateForm(formdata=None) if blank else VatRateForm()
    form.code.choices = [SelectChoice(code.value, card_words.vat_code(code)) for code in _TOLD]
    return form


def _today() -> date:
    return clock.now().astimezone(formats.PARIS).date()


_TOLD = tuple(code for code in VatCode if code in TAXED)
