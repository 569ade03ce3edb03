"""How a site's coefficient follows from its reference rent: the charter's formula, as data."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.domain.tariffs.fault_finding import Table


@dataclass(frozen=True, slots=True)
class CoefficientFormula:
    """The rent's share of the cost of a place, the rent that counts 1 in euros a year and m², and
    the step the coefficient is rounded to."""

    rent_share: Decimal
    reference_rent: Decimal
    step: Decimal

    def exact(self, rent: Decimal) -> Decimal:
        """Give 1 + share × (rent / reference rent - 1), not rounded."""
        return 1 + self.rent_share * (rent / self.reference_rent - 1)


# What counts for a card that does not say: those of before the formula belonged to the charter.
FORMULA_OF_2026 = CoefficientFormula(Decimal("0.5"), Decimal(150), Decimal("0.05"))


def site_coefficient(rent: Decimal, formula: CoefficientFormula = FORMULA_OF_2026) -> Decimal:
    """Give the coefficient of that rent, to the formula's nearest step, half up."""
    steps = (formula.exact(rent) / formula.step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return steps * formula.step


def formula_from(top: Table) -> CoefficientFormula:
    """Read the table [coefficient] of a card; without one, or with a fault, that of 2026."""
    if not top.has("coefficient"):
        return FORMULA_OF_2026
    table = top.table("coefficient")
    share, step = table.factor("rent_share"), table.factor("step")
    rent = Decimal(table.price("reference_rent") or 0) / 100
    if rent == 0 and table.has("reference_rent"):
        table.fault("reference_rent", "above zero")
    if step == 0:
        table.fault("step", "a step of zero rounds nothing")
    if share > 1:
        table.fault("rent_share", "more than the whole cost")
    table.refuse_unknown()
    return CoefficientFormula(share, rent, step) if rent and step else FORMULA_OF_2026
