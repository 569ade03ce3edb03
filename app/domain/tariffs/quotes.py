"""A quote: lines with amount and reason, their sum, the tax, and what it was worked out from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from app.domain.cancellation import FREE_UNTIL_START, Terms, terms_from_json
from app.domain.json_values import JsonObject, JsonValue
from app.domain.money import EURO, Money, money_from_json, total
from app.domain.profiles import Profile, ProvenProfile
from app.domain.tariffs.rights import Spent
from app.domain.vat import VatPart, vat_by_rate
from app.domain.vat_rules import VatCode, VatTreatment, taxed_code


class LineCode(StrEnum):
    """What a line sells; app/tariffs/words.py says it in the reader's language."""

    HOUR = "hour"
    HALF_DAY = "half-day"
    DAY = "day"
    EVENING = "evening"
    FREE = "free"
    PRODUCT = "product"
    RIGHT = "right"
    OFFICE_RENT = "office-rent"
    OFFICE_CHARGES = "office-charges"


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One thing sold: its amount before tax, the tax it bears, and the facts behind the amount."""

    code: LineCode
    amount: Money
    vat: VatTreatment
    facts: JsonObject

    def to_json(self) -> JsonObject:
        """Give the shape `quote_from_json` reads."""
        return {
            "code": self.code.value,
            "amount": self.amount.to_json(),
            "vat_rate": str(self.vat.rate),
            "vat": self.vat.code.value,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Quote:
    """What a stay or a product costs, to the cent, for one profile under one card.

    `proof` is what the profile rests on, if it needs one; `spent` is what it uses up of rights;
    `terms` say what comes back when the stay is given up.
    """

    lines: tuple[QuoteLine, ...]
    net: Money
    vat: Money
    gross: Money
    profile: Profile
    card_version: int
    proof: ProvenProfile | None = None
    spent: tuple[Spent, ...] = ()
    terms: Terms = FREE_UNTIL_START

    @property
    def vat_parts(self) -> tuple[VatPart, ...]:
        """The tax by rate, and what bears none by reason."""
        pairs = ((line.vat, line.amount) for line in self.lines)
        return vat_by_rate(pairs, currency=self.net.currency)

    def to_json(self) -> JsonObject:
        """Give the shape that is frozen on a booking."""
        content: JsonObject = {
            "lines": [line.to_json() for line in self.lines],
            "net": self.net.to_json(),
            "vat": self.vat.to_json(),
            "gross": self.gross.to_json(),
            "profile": self.profile.value,
            "card_version": self.card_version,
        }
        if self.proof is not None:
            content["proof"] = [
                self.proof.valid_from.isoformat(),
                self.proof.valid_until.isoformat(),
            ]
        if self.spent:
            content["spent"] = [[each.right_id, each.amount] for each in self.spent]
        if self.terms != FREE_UNTIL_START:
            content["terms"] = self.terms.to_json()
        return content


def quote_of(
    lines: tuple[QuoteLine, ...],
    *,
    profile: Profile,
    card_version: int,
    currency: str = EURO,
    spent: tuple[Spent, ...] = (),
    terms: Terms = FREE_UNTIL_START,
) -> Quote:
    """Sum the lines up and add the tax per rate."""
    net = total((line.amount for line in lines), currency)
    parts = vat_by_rate(((line.vat, line.amount) for line in lines), currency=currency)
    vat = total((part.tax for part in parts), currency)
    gross = net + vat
    return Quote(lines, net, vat, gross, profile, card_version, spent=spent, terms=terms)


def quote_from_json(content: JsonValue) -> Quote:
    """Read a frozen quote back as it was; raises ValueError when it does not add up."""
    try:
        quote = _read_quote(content)
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
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
        profile=(profile := Profile(str(content["profile"]))),
        card_version=version,
        proof=_read_proof(profile, content.get("proof")),
        spent=_read_spent(content.get("spent", [])),
        terms=terms_from_json(content["terms"]) if "terms" in content else FREE_UNTIL_START,
    )


def _read_proof(profile: Profile, content: JsonValue) -> ProvenProfile | None:
    if content is None:
        return None
    if not isinstance(content, list):
        raise TypeError("a proof has two days")
    first, last = content
    return ProvenProfile(profile, date.fromisoformat(str(first)), date.fromisoformat(str(last)))


def _read_spent(content: JsonValue) -> tuple[Spent, ...]:
    spent = []
    for pair in content if isinstance(content, list) else [None]:
        match pair:
            case [int(right_id), int(amount)]:
                spent.append(Spent(right_id, amount))
            case _:
                raise TypeError("what is spent is a list of rights and amounts")
    return tuple(spent)


def _read_line(content: JsonValue) -> QuoteLine:
    if not isinstance(content, dict):
        raise TypeError("a line is an object")
    facts = content["facts"]
    if not isinstance(facts, dict):
        raise TypeError("the facts of a line are an object")
    return QuoteLine(
        code=LineCode(str(content["code"])),
        amount=money_from_json(content["amount"]),
        vat=_read_vat(content),
        facts=facts,
    )


def _read_vat(content: JsonObject) -> VatTreatment:
    """Read the tax of a line; quotes of 2026 know its rate only."""
    rate, code = Decimal(str(content["vat_rate"])), content.get("vat")
    if code is None:
        return VatTreatment(taxed_code(rate) or VatCode.STANDARD, rate)
    return VatTreatment(VatCode(str(code)), rate)
