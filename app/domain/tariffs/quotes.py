"""A quote: lines with amount and reason, their sum, the tax, and what it was worked out from."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from app.domain.json_values import JsonObject, JsonValue
from app.domain.money import EURO, Money, money_from_json, total
from app.domain.profiles import Profile
from app.domain.vat import VatPart, vat_by_rate


class LineCode(StrEnum):
    """What a line sells; app/tariffs/words.py says it in the reader's language."""

    HOUR = "hour"
    HALF_DAY = "half-day"
    DAY = "day"
    EVENING = "evening"
    FREE = "free"
    PRODUCT = "product"
    OFFICE_RENT = "office-rent"
    OFFICE_CHARGES = "office-charges"


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One thing sold: its amount before tax, the rate of its tax, and the facts behind both."""

    code: LineCode
    amount: Money
    vat_rate: Decimal
    facts: JsonObject

    def to_json(self) -> JsonObject:
        """Give the shape `quote_from_json` reads."""
        return {
            "code": self.code.value,
            "amount": self.amount.to_json(),
            "vat_rate": str(self.vat_rate),
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Quote:
    """What a stay or a product costs, to the cent, for one profile under one card."""

    lines: tuple[QuoteLine, ...]
    net: Money
    vat: Money
    gross: Money
    profile: Profile
    card_version: int

    @property
    def vat_parts(self) -> tuple[VatPart, ...]:
        """The tax by rate."""
        pairs = ((line.vat_rate, line.amount) for line in self.lines)
        return vat_by_rate(pairs, currency=self.net.currency)

    def to_json(self) -> JsonObject:
        """Give the shape that is frozen on a booking."""
        return {
            "lines": [line.to_json() for line in self.lines],
            "net": self.net.to_json(),
            "vat": self.vat.to_json(),
            "gross": self.gross.to_json(),
            "profile": self.profile.value,
            "card_version": self.card_version,
        }


def quote_of(
    lines: tuple[QuoteLine, ...], *, profile: Profile, card_version: int, currency: str = EURO
) -> Quote:
    """Sum the lines up and add the tax per rate."""
    net = total((line.amount for line in lines), currency)
    parts = vat_by_rate(((line.vat_rate, line.amount) for line in lines), currency=currency)
    vat = total((part.tax for part in parts), currency)
    return Quote(lines, net, vat, net + vat, profile, card_version)


def quote_from_json(content: JsonValue) -> Quote:
    """Read a frozen quote back as it was; raises ValueError when it does not add up."""
    try:
        quote = _read_quote(content)
    except (KeyError, TypeError, InvalidOperation) as error:
        raise ValueError("not a quote") from error
    added = total((line.amount for line in quote.lines), quote.net.currency)
    if added != quote.net or quote.net + quote.vat != quote.gross:
        raise ValueError("the quote does not add up")
    return quote


def _read_quote(content: JsonValue) -> Quote:
    if not isinstance(content, dict):
        raise TypeError("a quote is an object")
    lines, version = content["lines"], content["card_version"]
    if not isinstance(lines, list) or type(version) is not int:
        raise TypeError("a quote has lines and the version of its card")
    return Quote(
        lines=tuple(_read_line(line) for line in lines),
        net=money_from_json(content["net"]),
        vat=money_from_json(content["vat"]),
        gross=money_from_json(content["gross"]),
        profile=Profile(str(content["profile"])),
        card_version=version,
    )


def _read_line(content: JsonValue) -> QuoteLine:
    if not isinstance(content, dict):
        raise TypeError("a line is an object")
    facts = content["facts"]
    if not isinstance(facts, dict):
        raise TypeError("the facts of a line are an object")
    return QuoteLine(
        code=LineCode(str(content["code"])),
        amount=money_from_json(content["amount"]),
        vat_rate=Decimal(str(content["vat_rate"])),
        facts=facts,
    )
