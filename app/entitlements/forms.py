"""The shape of orders, credits and reversals."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.domain.ids import OrganisationId, SiteCode
from app.domain.tariffs import RightKind
from app.entitlements.service import MOST_CREDITED, Credit, Order
from app.people.forms import Needed, reason_field

MYSELF = ""
_HOW_MANY = _l("Écrivez un nombre entier, à partir de 1.")


class OrderForm(FlaskForm):
    """What to buy, where, from when on, and who pays."""

    site = SelectField(_l("Totem"))
    product = SelectField(_l("Carnet ou abonnement"))
    first = DateField(_l("À partir du"), validators=[Needed()])
    to_month_end = BooleanField(_l("Un mois : jusqu’à la fin du mois civil seulement"))
    payer = SelectField(_l("Payé par"))

    def order(self) -> Order:
        """Give the order of a form that was found in order."""
        return Order(
            product=self.product.data,
            site=SiteCode(self.site.data),
            first=self.first.data,  # type: ignore[arg-type]  # there, since the form is in order
            organisation_id=OrganisationId(int(self.payer.data)) if self.payer.data else None,
            to_month_end=bool(self.to_month_end.data),
        )


class CreditForm(FlaskForm):
    """What the house gives somebody, until when, and why."""

    site = SelectField(_l("Au nom de"))
    kind = SelectField(_l("Compté en"))
    amount = IntegerField(
        _l("Combien"),
        validators=[
            InputRequired(message=_HOW_MANY),
            NumberRange(min=1, max=MOST_CREDITED, message=_HOW_MANY),
        ],
    )
    until = DateField(_l("Valable jusqu’au (inclus)"), validators=[Needed()])
    reason = reason_field(_l("Motif"))

    def credit(self) -> Credit:
        """Give the credit of a form that was found in order."""
        return Credit(
            site=SiteCode(self.site.data),
            kind=RightKind(self.kind.data),
            amount=self.amount.data or 0,
            until=self.until.data,  # type: ignore[arg-type]  # there, since the form is in order
            reason=self.reason.data or "",
        )


class ReverseForm(FlaskForm):
    """Why a right is taken back."""

    reason = reason_field(_l("Motif"))


class UseForm(FlaskForm):
    """How many pieces were used."""

    amount = IntegerField(
        _l("Pages imprimées"),
        validators=[
            InputRequired(message=_HOW_MANY),
            NumberRange(min=1, max=MOST_CREDITED, message=_HOW_MANY),
        ],
    )
