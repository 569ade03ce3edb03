"""The shape of what managers type about leases and indices."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation, ValidationError

from app.domain.ids import SpaceCode
from app.domain.indices import IndexSeries, IndexValue, Quarter
from app.domain.money import Money
from app.domain.rents import RentTerms, Stage
from app.domain.titles import Title
from app.domain.vat_rules import VatCode
from app.leases import words
from app.leases.lease import Clauses, Condition, Inventory, Item, Lease, Way
from app.leases.service import LeaseWish
from app.people.forms import (
    Needed,
    NoLongerThan,
    a_name,
    a_sensible_day,
    offer,
    plain_text,
    trimmed,
)
from app.tariffs.index_files import FIRST_YEAR, LAST_YEAR, value_from
from app.web.choices import SelectChoice

STAGES = 4
THINGS = 10
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
CENT = Decimal("0.01")


class AmountField(StringField):
    """A number of at most two decimals, with a point or a comma; kept as typed when refused."""

    amount: Decimal = Decimal(0)

    def pre_validate(self, form: object) -> None:
        """Read the number, or stop with a sentence."""
        plain = re.sub(r"[\s\u00a0\u202f€]", "", self.data or "").replace(",", ".")
        if not _AMOUNT.fullmatch(plain):
            raise StopValidation(str(_l("Écrivez un nombre, par exemple 12,50.")))
        self.amount = Decimal(plain)

    @property
    def money(self) -> Money:
        """The amount in euros as money."""
        return Money(int(self.amount * 100))


def _amount(label: str) -> AmountField:
    return AmountField(label, filters=[trimmed])


def _text(label: str, most: int = 200) -> StringField:
    return StringField(
        label, filters=[trimmed], validators=[Optional(), NoLongerThan(most), plain_text]
    )


def _day(label: str) -> DateField:
    return DateField(label, validators=[Needed(), a_sensible_day])


class StageForm(Form):
    """So many months at so many per cent."""

    months = IntegerField(_l("Mois"), validators=[Optional(), NumberRange(1, 1188)])
    percent = IntegerField(_l("Part du loyer, en %"), validators=[Optional(), NumberRange(0, 100)])


class LeaseForm(FlaskForm):
    """The terms of a lease."""

    organisation = SelectField(_l("Locataire"))
    space = SelectField(_l("Bureau"))
    title = SelectField(_l("Titre d’occupation"))
    motive = _text(_l("Motif de la précarité"), 1000)
    call_reference = _text(_l("Référence de l’appel à candidatures"))
    first_day = _day(_l("Premier jour"))
    last_day = _day(_l("Dernier jour (inclus)"))
    area = _amount(_l("Surface en m²"))
    rent = _amount(_l("Loyer de référence, € HT par m² et par an"))
    stages = FieldList(FormField(StageForm), min_entries=STAGES, max_entries=STAGES)
    charges = _amount(_l("Charges, € HT par m² et par mois"))
    services_price = _amount(_l("Services, € HT par mois"))
    services = _text(_l("Services compris"), 1000)
    deposit = _amount(_l("Dépôt de garantie, €"))
    vat = SelectField(_l("TVA"))
    series = SelectField(_l("Indice"))
    base_year = IntegerField(
        _l("Année de l’indice de référence"),
        validators=[InputRequired(), NumberRange(FIRST_YEAR, LAST_YEAR)],
    )
    base_quarter = SelectField(_l("Trimestre de l’indice de référence"))

    def offer_choices(
        self, organisations: list[tuple[str, str]], spaces: list[tuple[str, str]]
    ) -> None:
        """Let somebody choose among these tenants and offices."""
        offer(self.organisation, organisations)
        offer(self.space, spaces)
        offer(self.title, [(each.value, str(word)) for each, word in words.TITLES.items()])
        offer(self.vat, [(each.value, str(word)) for each, word in words.VAT_CODES.items()])
        offer(self.series, [(each.value, each.value) for each in IndexSeries])
        offer(self.base_quarter, [(str(each), str(each)) for each in (1, 2, 3, 4)])

    def validate_stages(self, field: Field) -> None:
        """There is a first stage, and each has both its numbers."""
        pairs = [(row.months.data, row.percent.data) for row in self.stages]
        if pairs[0][0] is None or any((a is None) != (b is None) for a, b in pairs):
            raise ValidationError(str(_l("Chaque palier a une durée et une part du loyer.")))

    def wish(self) -> LeaseWish:
        """Give what was typed, once it was found in order."""
        return LeaseWish(
            SpaceCode(self.space.data), int(self.organisation.data), self._terms(), self._clauses()
        )

    def _terms(self) -> RentTerms:
        stages = [
            Stage(row.months.data, (Decimal(row.percent.data) / 100).quantize(CENT))
            for row in self.stages
            if row.months.data
        ]
        return RentTerms(
            first_day=self.first_day.data or date.min,
            last_day=self.last_day.data or date.min,
            area_m2=self.area.amount,
            rent_per_m2=self.rent.amount,
            stages=tuple(stages),
            charges_per_m2=self.charges.amount,
            services=self.services_price.money,
        )

    def _clauses(self) -> Clauses:
        return Clauses(
            title=Title(self.title.data),
            motive=self.motive.data or "",
            call_reference=self.call_reference.data or "",
            services=self.services.data or "",
            deposit=self.deposit.money,
            vat_code=VatCode(self.vat.data),
            series=IndexSeries(self.series.data),
            base=Quarter(self.base_year.data or FIRST_YEAR, int(self.base_quarter.data)),
        )


def lease_fields(lease: Lease) -> dict[str, object]:
    """Give what a lease says as the fields of its form."""
    terms, clauses = lease.terms, lease.clauses
    return {
        "organisation": str(lease.tenant.id),
        "space": lease.space.code,
        "title": clauses.title.value,
        "motive": clauses.motive,
        "call_reference": clauses.call_reference,
        "first_day": terms.first_day,
        "last_day": terms.last_day,
        "area": typed(terms.area_m2),
        "rent": typed(terms.rent_per_m2),
        "stages": stage_fields(terms.stages),
        "charges": typed(terms.charges_per_m2),
        "services_price": typed_money(terms.services),
        "services": clauses.services,
        "deposit": typed_money(clauses.deposit),
        "vat": clauses.vat_code.value,
        "series": clauses.series.value,
        "base_year": clauses.base.year,
        "base_quarter": str(clauses.base.number),
    }


def stage_fields(stages: tuple[Stage, ...]) -> list[dict[str, int]]:
    """Give stages as the rows of the form."""
    return [{"months": stage.months, "percent": int(stage.share * 100)} for stage in stages]


def typed(value: Decimal) -> str:
    """Write a number as one types it."""
    return f"{value:.2f}".replace(".", ",")


def typed_money(value: Money) -> str:
    """Write an amount as one types it."""
    return typed(Decimal(value.minor) / 100)


class SignForm(FlaskForm):
    """Who signed, and when."""

    signed_on = _day(_l("Signé le"))
    signatory = StringField(
        _l("Signé par"), filters=[trimmed], validators=[Needed(), NoLongerThan(120), a_name]
    )


class ThingForm(Form):
    """One thing of an office, and how it was found."""

    name = _text(_l("Élément"), 80)
    condition = SelectField(
        _l("État"),
        choices=[SelectChoice(each.value, word) for each, word in words.CONDITIONS.items()],
    )
    note = _text(_l("Remarque"))
    kept = StringField(_l("Retenu, €"), filters=[trimmed], validators=[Optional()])

    def validate_kept(self, field: Field) -> None:
        """Read what is kept from the deposit."""
        if not _AMOUNT.fullmatch((field.data or "").replace(",", ".")):
            raise ValidationError(str(_l("Écrivez un nombre, par exemple 12,50.")))

    def item(self) -> Item:
        """Give the thing."""
        kept = Decimal((self.kept.data or "0").replace(",", "."))
        return Item(
            self.name.data or "",
            Condition(self.condition.data),
            self.note.data or "",
            Money(int(kept * 100)),
        )


class InventoryForm(FlaskForm):
    """The state of an office at entry or at exit."""

    done_on = _day(_l("Fait le"))
    keys = IntegerField(_l("Clés et badges"), validators=[InputRequired(), NumberRange(0, 100)])
    things = FieldList(FormField(ThingForm), min_entries=THINGS, max_entries=THINGS)
    note = TextAreaField(
        _l("Remarques"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(2000), plain_text],
    )

    def inventory(self, way: Way) -> Inventory:
        """Give what was found; lines without a name are left out."""
        things = tuple(row.form.item() for row in self.things if row.form.name.data)
        return Inventory(
            way, self.done_on.data or date.min, self.keys.data or 0, things, self.note.data or ""
        )


class IndexForm(FlaskForm):
    """A value of an index as published."""

    series = SelectField(
        _l("Indice"), choices=[SelectChoice(each.value, each.value) for each in IndexSeries]
    )
    year = IntegerField(
        _l("Année"), validators=[InputRequired(), NumberRange(FIRST_YEAR, LAST_YEAR)]
    )
    quarter = SelectField(_l("Trimestre"), choices=[SelectChoice(each, each) for each in "1234"])
    value = StringField(_l("Valeur"), filters=[trimmed], validators=[Needed()])
    published_on = _day(_l("Publié le"))
    source = StringField(
        _l("Source"), filters=[trimmed], validators=[Needed(), NoLongerThan(300), plain_text]
    )

    def validate_value(self, field: Field) -> None:
        """Read the value, or refuse it."""
        try:
            value_from(field.data or "")
        except ValueError as error:
            raise ValidationError(
                str(_l("Écrivez la valeur publiée, par exemple 137,29."))
            ) from error

    def index_value(self) -> IndexValue:
        """Give the value."""
        return IndexValue(
            IndexSeries(self.series.data),
            Quarter(self.year.data or FIRST_YEAR, int(self.quarter.data)),
            value_from(self.value.data or ""),
            published_on=self.published_on.data,
            source=self.source.data or "",
        )


class IndexImportForm(FlaskForm):
    """Several values as CSV."""

    text = TextAreaField(_l("Lignes CSV"), validators=[Needed(), NoLongerThan(100_000)])
