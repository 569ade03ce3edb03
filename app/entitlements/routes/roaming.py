"""What operators owe one another, for managers: a month by pairs, each visit as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date

from babel.dates import format_date
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.db.transaction import reading
from app.domain.money import total
from app.domain.months import add_months
from app.domain.permissions import Permission
from app.entitlements import queries
from app.entitlements.routes.blueprint import blueprint
from app.spaces.queries import find_network
from app.tariffs import words as tariff_words
from app.web import clock, formats
from app.web.guards import requires

FIRST_YEAR, LAST_YEAR = 2020, 2100
COLUMNS = ("date", "debtor", "creditor", "site", "product", "amount", "currency", "booking")


@blueprint.get("/roaming")
@requires(Permission.ROAMING_VIEW)
def roaming() -> ResponseReturnValue:
    """Show what is owed for a month, by who owes and to whom."""
    month = _month()
    with reading() as session:
        network = find_network(session)
        owed = queries.owed_in(session, month)
        debts = queries.debts_in(session, network, month, most=500)
    return render_template(
        "entitlements/roaming.html",
        month=month,
        month_word=format_date(month, "MMMM y", locale=formats.language()),
        before=add_months(month, -1),
        after=add_months(month, 1),
        owed=owed,
        sum=total(each.amount for each in owed),
        debts=debts,
        operators={each.code: each.name for each in network.operators},
        product=tariff_words.product,
    )


@blueprint.get("/roaming.csv")
@requires(Permission.ROAMING_VIEW)
def roaming_csv() -> ResponseReturnValue:
    """Give each visit of a month as a line; no person is named."""
    month = _month()
    with reading() as session:
        debts = queries.debts_in(session, find_network(session), month)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for debt in debts:
        amount = f"{debt.amount.minor // 100}.{debt.amount.minor % 100:02d}"
        what = (debt.site.code, debt.product or "", amount, debt.amount.currency, debt.booking_id)
        writer.writerow((debt.used_on.isoformat(), debt.debtor, debt.creditor, *what))
    name = f"totem-roaming-{month:%Y-%m}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue(), mimetype="text/csv", headers=headers)


def _month() -> date:
    """Give the month that the address names, or the present one for what is none."""
    text = request.args.get("month", "")
    year, _, number = text.partition("-")
    readable = text.isascii() and year.isdigit() and number.isdigit() and len(text) == 7
    if readable and FIRST_YEAR <= int(year) < LAST_YEAR and 1 <= int(number) <= 12:
        return date(int(year), int(number), 1)
    return clock.now().date().replace(day=1)
