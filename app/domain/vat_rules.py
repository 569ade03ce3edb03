"""Which tax a supply bears: by product, place, customer and date (CGI art. 256 and following).

A card names, for each thing it sells, a code (how much, or why none) and a place rule (whose law
says so). The customer may turn a supply of the general rule into a reverse charge; the day gives
the rate of the code. What is not settled by law is charged French tax: tax wrongly left out is
owed by the seller (art. 283-3).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import NoVatRate

NO_TAX = Decimal(0)


class VatCode(StrEnum):
    """How much tax, or for what reason none."""

    STANDARD = "standard"
    INTERMEDIATE = "intermediate"
    REDUCED = "reduced"
    SUPER_REDUCED = "super_reduced"
    EXEMPT_LETTING = "exempt_letting"
    EXEMPT_TRAINING = "exempt_training"
    PUBLIC_BODY = "public_body"
    OUTSIDE = "outside"
    REVERSE_CHARGE = "reverse_charge"


class VatCategory(StrEnum):
    """The category of EN 16931, as an invoice states it."""

    TAXED = "S"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    OUTSIDE = "O"


class PlaceRule(StrEnum):
    """Whose tax it is: the law of the place or that of the customer."""

    IMMOVABLE = "immovable"  # a right over premises: French, whoever the customer is (259 A 2°)
    GENERAL = "general"  # to a business: where the customer is established (259-1°)
    EVENT = "event"  # admission on the spot: French (259 A 5° and 5° bis)
    CAFE = "cafe"  # eaten or handed over on the spot: French (259 A 5° b)
    OUTSIDE = "outside"  # no supply at all: deposits, damages, indemnities


# Codes that bear a rate; the others have none to look up.
TAXED = frozenset({VatCode.STANDARD, VatCode.INTERMEDIATE, VatCode.REDUCED, VatCode.SUPER_REDUCED})
_CATEGORIES = {
    VatCode.EXEMPT_LETTING: VatCategory.EXEMPT,
    VatCode.EXEMPT_TRAINING: VatCategory.EXEMPT,
    VatCode.PUBLIC_BODY: VatCategory.OUTSIDE,
    VatCode.OUTSIDE: VatCategory.OUTSIDE,
    VatCode.REVERSE_CHARGE: VatCategory.REVERSE_CHARGE,
}
_FRANCE = "FR"
# The other member states, by the prefix of their VAT numbers (Greece writes EL).
OTHER_MEMBER_STATES = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)


class CustomerKind(StrEnum):
    """Whether a person or a business buys."""

    PERSON = "person"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Customer:
    """Who buys, as far as tax goes; `vat_id` is one whose form was checked, `country` a prefix."""

    kind: CustomerKind
    country: str = _FRANCE
    vat_id: str | None = None

    @property
    def is_business_abroad(self) -> bool:
        """Whether a business of another member state, known by its number, accounts for the tax."""
        return (
            self.kind is CustomerKind.BUSINESS
            and self.vat_id is not None
            and self.vat_id[:2] in OTHER_MEMBER_STATES
            and self.country != _FRANCE
        )


PRIVATE_PERSON = Customer(CustomerKind.PERSON)


def business(vat_id: str | None) -> Customer:
    """Give an organisation as a customer, established where its VAT number says, else in France."""
    return Customer(CustomerKind.BUSINESS, vat_id[:2] if vat_id else _FRANCE, vat_id)


@dataclass(frozen=True, slots=True)
class VatRule:
    """What a card says of a thing it sells: the code, and the rule of its place."""

    code: VatCode
    place: PlaceRule


@dataclass(frozen=True, slots=True)
class VatTreatment:
    """What one line bears: the code that counts, and its rate in per cent.

    The mention an invoice needs follows from the code; app/tariffs/words.py writes it.
    """

    code: VatCode
    rate: Decimal

    @property
    def category(self) -> VatCategory:
        """The category on the invoice."""
        return _CATEGORIES.get(self.code, VatCategory.TAXED)

    @property
    def needs_mention(self) -> bool:
        """Whether the invoice must say why no tax is charged."""
        return self.code not in TAXED


@dataclass(frozen=True, slots=True)
class VatRate:
    """A rate from a day on, with the text that set it."""

    code: VatCode
    valid_from: date
    percent: Decimal
    source: str = ""


class VatSeries:
    """The rates by code and day; two series of the same rates are equal."""

    def __init__(self, rates: Iterable[VatRate]) -> None:
        self.rates = tuple(sorted(rates, key=lambda rate: (rate.code, rate.valid_from)))
        self._days: Mapping[VatCode, list[date]] = {code: [] for code in TAXED}
        self._percents: Mapping[VatCode, list[Decimal]] = {code: [] for code in TAXED}
        for rate in self.rates:
            if rate.code not in TAXED:
                raise ValueError(f"{rate.code.value} bears no rate")
            if rate.valid_from in self._days[rate.code]:
                raise ValueError(f"{rate.code.value} has two rates from {rate.valid_from}")
            self._days[rate.code].append(rate.valid_from)
            self._percents[rate.code].append(rate.percent)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VatSeries) and self.rates == other.rates

    def __hash__(self) -> int:
        return hash(self.rates)

    def rate(self, code: VatCode, on: date) -> Decimal:
        """Give the per cent of a code on a day, 0 for a code that bears none; raises NoVatRate."""
        if code not in TAXED:
            return NO_TAX
        place = bisect_right(self._days[code], on)
        if place == 0:
            raise NoVatRate(code.value, on)
        return self._percents[code][place - 1]


def treatment(rule: VatRule, customer: Customer, series: VatSeries, on: date) -> VatTreatment:
    """Give the tax of a supply on its day: that of its use, or of its sale for packs and months.

    Only a taxed supply of the general rule is ever reversed: what is exempt or outside stays so.
    Raises NoVatRate.
    """
    code = rule.code
    if rule.place is PlaceRule.OUTSIDE:
        code = VatCode.OUTSIDE
    elif rule.place is PlaceRule.GENERAL and code in TAXED and customer.is_business_abroad:
        code = VatCode.REVERSE_CHARGE
    return VatTreatment(code, series.rate(code, on))


def letting_code(*, furnished: bool, option: bool = False, housing: bool = False) -> VatCode:
    """Give the code of an office let: taxed when furnished or served, or by option (260 2°).

    Bare premises are exempt (261 D 2°), and the option is never open for housing.
    """
    if furnished or (option and not housing):
        return VatCode.STANDARD
    return VatCode.EXEMPT_LETTING


def taxed_code(percent: Decimal) -> VatCode | None:
    """Give the code that bore that per cent in 2014 and since: what old cards and quotes meant."""
    return _CODES_BY_PERCENT.get(percent)


_CODES_BY_PERCENT = {
    Decimal("20"): VatCode.STANDARD,
    Decimal("10"): VatCode.INTERMEDIATE,
    Decimal("5.5"): VatCode.REDUCED,
    Decimal("2.1"): VatCode.SUPER_REDUCED,
    NO_TAX: VatCode.OUTSIDE,
}
# What the law says on the day this was written; the house keeps its own dated series beside it.
LEGAL_RATES = VatSeries(
    [
        VatRate(VatCode.STANDARD, date(2014, 1, 1), Decimal("20"), "CGI art. 278"),
        VatRate(VatCode.INTERMEDIATE, date(2014, 1, 1), Decimal("10"), "CGI art. 279"),
        VatRate(VatCode.REDUCED, date(2014, 1, 1), Decimal("5.5"), "CGI art. 278-0 bis"),
        VatRate(VatCode.SUPER_REDUCED, date(2014, 1, 1), Decimal("2.1"), "CGI art. 281 quater"),
    ]
)
