"""Money in whole cents, rounded half up, once, at the end of a line; never a float."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.domain.json_values import JsonObject, JsonValue

EURO = "EUR"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of minor units of one currency; amounts of two currencies never mix."""

    minor: int
    currency: str = EURO

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("money is counted in whole cents")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other).minor

    def times(self, factor: Decimal | int) -> "Money":
        """Multiply by an exact factor and round half up (away from zero) to the cent, once."""
        if not isinstance(factor, Decimal | int):
            raise TypeError("a factor is a Decimal or an int, never a float")
        exact = Decimal(self.minor) * factor
        return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), self.currency)

    def to_json(self) -> JsonObject:
        """Give the shape clients know: amount in cents, and currency."""
        return {"amount": self.minor, "currency": self.currency}

    def _same(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
        return other


def total(amounts: Iterable[Money], currency: str = EURO) -> Money:
    """Add the amounts of one currency up; none make zero."""
    minor = 0
    for amount in amounts:
        if amount.currency != currency:
            raise ValueError(f"{amount.currency} in a total of {currency}")
        minor += amount.minor
    return Money(minor, currency)


def money_from_json(value: JsonValue) -> Money:
    """Read back what `to_json` wrote; raises ValueError for anything else."""
    match value:
        case {"amount": int(amount), "currency": str(currency)} if type(amount) is int:
            return Money(amount, currency)
    raise ValueError("money is an object of amount and currency")


def half_up(numerator: int, denominator: int) -> int:
    """Divide two whole numbers, the lower one positive, and round half up (away from zero)."""
    if numerator < 0:
        return -half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)
