"""The index series: what is known, what is not published yet, and a value entered as published."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db.transaction import reading, transaction
from app.domain.errors import IndexAlreadyKnown
from app.domain.indices import IndexSeries, IndexValue, Quarter, index_table
from app.domain.permissions import Permission, may_somewhere
from app.leases import words
from app.leases.forms import IndexForm, IndexImportForm
from app.leases.routes.blueprint import blueprint
from app.tariffs.index_files import COLUMNS, read_index_values
from app.tariffs.indices import index_history, record_index
from app.web import clock
from app.web.guards import actor, requires
from app.web.sentences import sentence

SHOWN_YEARS = 9


@blueprint.get("/indices")
@requires(Permission.INDEX_RECORD)
def indices() -> ResponseReturnValue:
    """Show the series, newest year first, and the forms to add a value."""
    return _page()


@blueprint.post("/indices")
@requires(Permission.INDEX_RECORD)
def enter_index() -> ResponseReturnValue:
    """Record a value as published; another value of a known quarter is a correction."""
    form, now = IndexForm(), clock.now()
    if form.validate():
        if (form.published_on.data or now.date()) > now.date():
            form.published_on.errors = [_("Cette date n’est pas encore venue.")]
            return _page(form), 422
        try:
            with transaction() as session:
                value = form.index_value()
                record_index(session, value, recorded_by=actor().account_id, now=now)
        except IndexAlreadyKnown as error:
            form.value.errors = [sentence(error)]
        else:
            flash(_("La valeur est enregistrée."), "done")
            return redirect(url_for("leases.indices"), 303)
    return _page(form), 422


@blueprint.post("/indices/import")
@requires(Permission.INDEX_RECORD)
def import_indices() -> ResponseReturnValue:
    """Record the values of pasted CSV, all or none."""
    form = IndexImportForm()
    if not form.validate():
        return _page(pasted=form), 422
    values, faults = read_index_values(form.text.data or "")
    if faults or not values:
        lines = ", ".join(str(number) for number, _why in faults) or "1"
        form.text.errors = [
            _("Ces lignes ne se lisent pas : %(lines)s. Rien n’a été enregistré.", lines=lines)
        ]
        return _page(pasted=form), 422
    added = 0
    with transaction() as session:
        for value in values:
            try:
                record_index(session, value, recorded_by=actor().account_id, now=clock.now())
            except IndexAlreadyKnown:
                continue
            added += 1
    flash(
        _("%(count)s valeurs enregistrées, les autres étaient déjà connues.", count=added), "done"
    )
    return redirect(url_for("leases.indices"), 303)


def _page(form: IndexForm | None = None, *, pasted: IndexImportForm | None = None) -> str:
    with reading() as session:
        history = index_history(session)
    today = clock.now().date()
    return render_template(
        "leases/indices.html",
        series=[(series, _rows(history, series, today)) for series in IndexSeries],
        form=form or IndexForm(formdata=None),
        import_form=pasted or IndexImportForm(formdata=None),
        header=",".join(COLUMNS),
        may_record=may_somewhere(actor(), Permission.INDEX_RECORD),
        words=words,
    )


def _rows(
    history: list[IndexValue], series: IndexSeries, today: date
) -> list[tuple[int, list[tuple[Quarter, IndexValue | None]]]]:
    """Give the years of a series, newest first, each with its quarters that are over."""
    table = index_table(history)
    years = {value.quarter.year for value in history if value.series is series} | {today.year}
    shown = range(max(years), max(min(years), max(years) - SHOWN_YEARS) - 1, -1)
    return [
        (
            year,
            [
                (Quarter(year, number), table.find(series, Quarter(year, number)))
                for number in (1, 2, 3, 4)
                if Quarter(year, number).last_day < today
            ],
        )
        for year in shown
    ]
