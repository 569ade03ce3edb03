"""The tariff: a site's rate card, and quotes for stays, products and offices under it."""

from app.domain.tariffs.card import (
    FamilyRules,
    OfficeRules,
    Product,
    RateCard,
    Row,
    TimeReason,
    TimeRules,
)
from app.domain.tariffs.card_reading import rate_card_from
from app.domain.tariffs.coefficient import CoefficientFormula, site_coefficient
from app.domain.tariffs.explaining import Lower, Step, StepCode, explain, would_lower
from app.domain.tariffs.families import Family
from app.domain.tariffs.offices import part_of_month, quote_office
from app.domain.tariffs.planning import Plan, Purchase, cheapest_plan
from app.domain.tariffs.pricing import Asked, quote, quote_product
from app.domain.tariffs.quotes import LineCode, Quote, QuoteLine, quote_from_json, quote_of
from app.domain.tariffs.rights import Gift, Right, RightKind, Spent
from app.domain.tariffs.soundness import unsound

__all__ = [
    "Asked",
    "CoefficientFormula",
    "Family",
    "FamilyRules",
    "Gift",
    "LineCode",
    "Lower",
    "OfficeRules",
    "Plan",
    "Product",
    "Purchase",
    "Quote",
    "QuoteLine",
    "RateCard",
    "Right",
    "RightKind",
    "Row",
    "Spent",
    "Step",
    "StepCode",
    "TimeReason",
    "TimeRules",
    "cheapest_plan",
    "explain",
    "part_of_month",
    "quote",
    "quote_from_json",
    "quote_of",
    "quote_office",
    "quote_product",
    "rate_card_from",
    "site_coefficient",
    "unsound",
    "would_lower",
]
