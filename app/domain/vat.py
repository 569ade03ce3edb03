"""Value added tax: per rate on the sum of its lines, rounded half up once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import EURO, Money, half_up
from app.domain.vat_rules import TAXED, VatCategory, VatTreatment


@dataclass(frozen=True, slots=True)
class VatPart:
    """The tax of one treatment, and the base it was taken from."""

    treatment: VatTreatment
    net: Money
    tax: Money

    @property
    def rate(self) -> Decimal:
        """The rate in per cent."""
        return self.treatment.rate

    @property
    def category(self) -> VatCategory:
        """The category on the invoice."""
        return self.treatment.category


def vat_by_rate(
    lines: Iterable[tuple[VatTreatment, Money]], *, currency: str = EURO
) -> tuple[VatPart, ...]:
    """Give the tax of each rate, and each reason for none, that occurs; lowest rate first."""
    bases: dict[tuple[Decimal, str], int] = {}
    treatments: dict[tuple[Decimal, str], VatTreatment] = {}
    for bears, amount in lines:
        if amount.currency != currency:
            raise ValueError(f"{amount.currency} on a list in {currency}")
        # Two codes of one rate share a base; two reasons for no tax are told apart.
        key = bears.rate, "" if bears.code in TAXED else bears.code.value
        bases[key] = bases.get(key, 0) + amount.minor
        treatments.setdefault(key, bears)
    return tuple(
        VatPart(treatments[key], Money(base, currency), vat_on(Money(base, currency), key[0]))
        for key, base in sorted(bases.items())
    )


def vat_on(net: Money, rate: Decimal) -> Money:
    """Give the tax of so many per cent on a base, rounded half up to the cent."""
    upper, lower = rate.as_integer_ratio()
    return Money(half_up(net.minor * upper, lower * 100), net.currency)
