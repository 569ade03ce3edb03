"""Reads a rate card from the data of `config/network/` or the database; tells all faults at once.

The content is one table (TOML or JSON). Prices (euros before tax) and factors are texts such as
"15.00", never floats. Times of day are "HH:MM" on the site's clock.

    version = 1
    effective_on = "2026-01-01"
    deliberation = "…"
    currency = "EUR"                    # may be left out
    [site]                              # this site's own table; all others are the charter's
    reference_rent = "150.00"           # a year and m²: gives the coefficient and office rents
    rent_source = "…"                   # who established it, and when; both may be left out
    rent_dated = "2025-03-31"
    coefficient = "1.10"                # by hand instead; then `reason` is needed
    reason = "…"
    free = ["seats"]                    # families that cost nothing here
    [coefficient]                       # may be left out: as the charter of 2026
    rent_share = "0.50"                 # of the cost of a place
    reference_rent = "150.00"           # the rent whose coefficient is 1
    step = "0.05"                       # what a coefficient is rounded to
    [time]
    half_day_minutes = 240
    day_ends = "18:00"
    evening = ["18:00", "23:00"]        # begins where the day ends
    late_from = "18:30"
    late = "1.25"
    saturday = "1.25"
    sunday = "1.50"                     # and public holidays
    [families.seats]                    # every family sold has a table
    vat = "standard"                    # a code of app.domain.vat_rules, never a per cent
    place = "general"                   # whose tax it is; a row or product may have its own two
    site_coefficient = true
    profiles = { student = "0.40" }     # a profile not named counts 1
    [rows.meeting_6]
    family = "rooms"
    kinds = ["meeting_room"]            # empty: taken by its name only
    capacity = 6                        # left out: any
    per_person = false
    hour = "15.00"                      # each of the four may be left out: not sold
    half_day = "45.00"
    day = "75.00"
    evening = "60.00"
    [products.ten_days]
    family = "seats"
    price = "150.00"
    unit = "pack"                       # month, year, pack, page, time
    factor = "0.85"                     # may be left out
    vat = "standard"                    # may be left out, like place: as its family
    place = "immovable"
    gives = [{ right = "days", amount = 10, families = ["seats"], months = 12 }]  # may be left out
    resident = false                    # whether its holder is a resident meanwhile
    roaming = "5.00"                    # owed per visit at another operator; left out: not honoured
    [offices]                           # may be left out
    charges_per_m2 = "4.00"             # a month
    stages = [{ months = 12, share = "0.50" }]

Terms of giving stays up and what absences cost are read as `terms_reading` says.
Cards of 2026 had a table [vat] of per cents by family instead; they stay readable.
"""

from collections.abc import Mapping
from decimal import Decimal

from app.domain.cancellation import FREE_UNTIL_START
from app.domain.errors import BadRateCard
from app.domain.kinds import SpaceKind
from app.domain.money import EURO
from app.domain.profiles import BASE, ONE, Profile
from app.domain.tariffs.card import (
    FamilyRules,
    OfficeRules,
    Product,
    RateCard,
    Row,
    TimeRules,
)
from app.domain.tariffs.coefficient import CoefficientFormula, formula_from, site_coefficient
from app.domain.tariffs.families import Family
from app.domain.tariffs.fault_finding import Table, open_table
from app.domain.tariffs.rights import Gift, RightKind
from app.domain.tariffs.terms_reading import strikes_from, terms_from
from app.domain.vat_rules import (
    LEGAL_RATES,
    PlaceRule,
    VatCode,
    VatRule,
    VatSeries,
    taxed_code,
)

_UNKNOWN_VAT = VatRule(VatCode.STANDARD, PlaceRule.IMMOVABLE)  # stands where a fault is noted
MINUTES_OF_DAY = 24 * 60
TOO_MUCH = "beyond all measure"
UNITS = frozenset({"month", "year", "pack", "page", "time"})


def rate_card_from(content: Mapping[str, object], rates: VatSeries = LEGAL_RATES) -> RateCard:
    """Build the card that the content describes; raises BadRateCard with all faults by key path."""
    faults: list[str] = []
    card = _card(open_table(content, faults), rates)
    if faults:
        raise BadRateCard(tuple(faults))
    return card


def _card(top: Table, rates: VatSeries) -> RateCard:
    site = top.table("site")
    rent = site.price("reference_rent", required=False)
    formula = formula_from(top)
    coefficient, reason = _coefficient(site, rent, formula)
    free = site.choices("free", Family)
    rent_source = site.text("rent_source") if site.has("rent_source") else None
    rent_dated = site.date("rent_dated") if site.has("rent_dated") else None
    site.refuse_unknown()
    families = _families(top)
    card = RateCard(
        version=top.number("version"),
        effective_on=top.date("effective_on"),
        deliberation=top.text("deliberation"),
        coefficient=coefficient,
        reason=reason,
        reference_rent=rent,
        free=frozenset(free),
        time=_time(top.table("time")),
        families=families,
        rows={name: _row(name, table, families) for name, table in top.tables("rows")},
        products={name: _product(name, table, families) for name, table in top.tables("products")},
        offices=_offices(top.table("offices"), families) if top.has("offices") else None,
        currency=top.text("currency", default=EURO),
        rates=rates,
        rent_source=rent_source,
        rent_dated=rent_dated,
        formula=formula,
        terms=terms_from(top) or FREE_UNTIL_START,
        strikes=strikes_from(top),
    )
    if not card.rows:
        top.fault("rows", "a card sells at least one kind of place")
    _refuse_doubles(top, card)
    top.refuse_unknown()
    return card


def _coefficient(
    site: Table, rent: int | None, formula: CoefficientFormula
) -> tuple[Decimal, str | None]:
    if site.has("coefficient"):
        return site.factor("coefficient"), site.text("reason")
    if site.has("reason"):
        site.fault("reason", "a reason belongs to a coefficient set by hand")
        site.text("reason")
    if rent is None:
        site.fault("reference_rent", "needed, or a coefficient set by hand")
        return ONE, None
    return site_coefficient(Decimal(rent) / 100, formula), None


def _families(top: Table) -> dict[Family, FamilyRules]:
    per_cents = _per_cents(top) if top.has("vat") else {}
    described = dict(top.tables("families")) if top.has("families") else {}
    for name in described:
        if name not in set(Family):
            top.fault(f"families.{name}", f"not one of {' '.join(Family)}")
    return {
        family: _family(described.get(family), per_cents.get(family))
        for family in Family
        if family in described or family in per_cents
    }


def _per_cents(top: Table) -> dict[Family, VatRule]:
    """Read the old table [vat]: French tax of so many per cent, whoever the customer is."""
    table = top.table("vat")
    rules: dict[Family, VatRule] = {}
    for family in Family:
        if table.has(family):
            code = taxed_code(table.factor(family))
            if code is None:
                table.fault(family, "not a rate of French VAT")
            rules[family] = VatRule(code or VatCode.STANDARD, PlaceRule.IMMOVABLE)
    table.refuse_unknown()
    return rules


def _family(table: Table | None, per_cent: VatRule | None) -> FamilyRules:
    if table is None:
        return FamilyRules(per_cent or _UNKNOWN_VAT)
    profiles: dict[Profile, Decimal] = {}
    if table.has("profiles"):
        named = table.table("profiles")
        profiles = {profile: named.factor(profile) for profile in Profile if named.has(profile)}
        named.refuse_unknown("not a tariff profile")
        if profiles.get(BASE, ONE) != ONE:
            named.fault(BASE, "the base counts 1")
    vat = _vat(table, required=per_cent is None) or per_cent or _UNKNOWN_VAT
    rules = FamilyRules(vat, table.flag("site_coefficient"), profiles, terms_from(table))
    table.refuse_unknown()
    return rules


def _vat(table: Table, *, required: bool = False) -> VatRule | None:
    """Read code and place of a table; both or none where they may be left out."""
    if not required and not table.has("vat") and not table.has("place"):
        return None
    code, place = table.choice("vat", VatCode), table.choice("place", PlaceRule)
    if code is VatCode.REVERSE_CHARGE:
        table.fault("vat", "the customer makes it a reverse charge, not the card")
    return None if code is None or place is None else VatRule(code, place)


def _time(table: Table) -> TimeRules:
    begins, ends = table.clocks("evening")
    rules = TimeRules(
        half_day_minutes=table.number("half_day_minutes"),
        day_ends=table.clock("day_ends"),
        evening_ends=ends,
        late_from=table.clock("late_from"),
        late=table.factor("late"),
        saturday=table.factor("saturday"),
        sunday=table.factor("sunday"),
    )
    if begins != rules.day_ends:
        table.fault("evening", "the evening begins where the day ends")
    if rules.half_day_minutes > MINUTES_OF_DAY:
        table.fault("half_day_minutes", TOO_MUCH)
    if not rules.day_ends <= rules.late_from <= ends:
        table.fault("late_from", "late hours begin between the end of the day and of the evening")
    for name in ("late", "saturday", "sunday"):
        if table.has(name) and table.factor(name) < ONE:
            table.fault(name, "a time costs no less than the plain one")
    table.refuse_unknown()
    return rules


def _row(name: str, table: Table, families: Mapping[Family, FamilyRules]) -> Row:
    row = Row(
        name=name,
        family=_family_of(table, families),
        kinds=frozenset(table.choices("kinds", SpaceKind)),
        capacity=table.number("capacity") if table.has("capacity") else None,
        per_person=table.flag("per_person"),
        hour=table.price("hour", required=False),
        half_day=table.price("half_day", required=False),
        day=table.price("day", required=False),
        evening=table.price("evening", required=False),
        vat=_vat(table),
    )
    if all(each is None for each in (row.hour, row.half_day, row.day, row.evening)):
        table.fault("", "a row sells hours, half-days, days or evenings")
    table.refuse_unknown()
    return row


def _product(name: str, table: Table, families: Mapping[Family, FamilyRules]) -> Product:
    product = Product(
        name=name,
        family=_family_of(table, families),
        base=table.price("price") or 0,
        unit=table.text("unit"),
        factor=table.factor("factor") if table.has("factor") else ONE,
        vat=_vat(table),
        gives=_gifts(table),
        resident=table.flag("resident"),
        roaming=table.price("roaming", required=False),
    )
    if product.unit not in UNITS:
        table.fault("unit", f"one of {' '.join(sorted(UNITS))}")
    table.refuse_unknown()
    return product


def _gifts(table: Table) -> tuple[Gift, ...]:
    if not table.has("gives"):
        return ()
    return tuple(_gift(each) for each in table.list_of_tables("gives"))


def _gift(table: Table) -> Gift:
    kind = table.choice("right", RightKind) or RightKind.UNLIMITED
    counted = kind is not RightKind.UNLIMITED
    gift = Gift(
        kind=kind,
        families=frozenset(table.choices("families", Family)),
        months=table.number("months"),
        amount=table.number("amount") if counted else None,
        kinds=frozenset(table.choices("kinds", SpaceKind)),
        product=table.text("product") if kind is RightKind.PIECES else None,
    )
    if not gift.families:
        table.fault("families", "names at least one family")
    table.refuse_unknown()
    return gift


def _offices(table: Table, families: Mapping[Family, FamilyRules]) -> OfficeRules:
    if Family.OFFICES not in families:
        table.fault("", "needs the table families.offices")
    stages = []
    for stage in table.list_of_tables("stages"):
        stages.append((stage.number("months"), stage.factor("share")))
        stage.refuse_unknown()
    rules = OfficeRules(table.price("charges_per_m2") or 0, tuple(stages))
    table.refuse_unknown()
    return rules


def _family_of(table: Table, families: Mapping[Family, FamilyRules]) -> Family:
    family = table.choice("family", Family)
    if family is None:
        return Family.SERVICES
    if family not in families:
        table.fault("family", f"{family.value} has no table in families")
    return family


def _refuse_doubles(top: Table, card: RateCard) -> None:
    seen: dict[tuple[SpaceKind, int | None], str] = {}
    for row in card.rows.values():
        for kind in sorted(row.kinds):
            other = seen.setdefault((kind, row.capacity), row.name)
            if other != row.name:
                top.fault(f"rows.{row.name}", f"prices the same {kind.value} as {other}")
