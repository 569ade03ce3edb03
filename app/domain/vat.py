"""Value added tax: per rate on the sum of its lines, rounded half up once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import EURO, Money, half_up


@dataclass(frozen=True, slots=True)
class VatPart:
    """The tax of one rate, in per cent, and the base it was taken from."""

    rate: Decimal
    net: Money
    tax: Money


def vat_by_rate(
    lines: Iterable[tuple[Decimal, Money]], *, currency: str = EURO
) -> tuple[VatPart, ...]:
    """Give the tax of each rate that occurs, lowest rate first (CGI art. 278 and following)."""
    bases: dict[Decimal, int] = {}
    for rate, amount in lines:
        if amount.currency != currency:
            raise ValueError(f"{amount.currency} on a list in {currency}")
        bases[rate] = bases.get(rate, 0) + amount.minor
    return tuple(
        VatPart(rate, Money(base, currency), vat_on(Money(base, currency), rate))
        for rate, base in sorted(bases.items())
    )


def vat_on(net: Money, rate: Decimal) -> Money:
    """Give the tax of so many per cent on a base, rounded half up to the cent."""
    upper, lower = rate.as_integer_ratio()
    return Money(half_up(net.minor * upper, lower * 100), net.currency)
