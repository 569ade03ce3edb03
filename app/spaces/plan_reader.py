"""Reads the files of the network into a plan, noting every fault on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from zoneinfo import available_timezones

from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.opening_hours import hours_from, week_hours_from
from app.spaces.plan import (
    CLOSED_REASONS,
    EQUIPMENT,
    POLICIES,
    BuildingPlan,
    DoorPlan,
    NetworkPlan,
    OddDay,
    OperatorPlan,
    SitePlan,
    SpacePlan,
    Week,
    Words,
)
from app.spaces.plan_checks import faults_of
from app.spaces.plan_rules import rules_of
from app.spaces.toml_tables import Fault, Source, Table, read_source

OPERATORS = "operators.toml"
RULES = "rules.toml"
SITES = "sites"


def read_plan(folder: Path) -> tuple[NetworkPlan, list[Fault]]:
    """Read operators, rules and sites; gives what was understood and all the faults."""
    sources = [read_source(folder / OPERATORS, OPERATORS)]
    for path in sorted((folder / SITES).glob("*.toml")):
        sources.append(read_source(path, f"{SITES}/{path.name}"))
    site_files = sources[1:]
    reader = _PlanReader()
    reader.read_operators(sources[0].root())
    if (folder / RULES).exists():
        sources.append(read_source(folder / RULES, RULES))
        reader.read_rules(sources[-1].root())
    for source in site_files:
        reader.read_site_file(source.root())
    plan = reader.plan(_digest(sources))
    faults = [fault for source in sources for fault in source.faults]
    if not site_files:
        faults.append(Fault(f"{SITES}/", 1, "there is no site file"))
    return plan, faults if faults else faults_of(plan)


class _PlanReader:
    """Collects the parts of the plan, file by file."""

    def __init__(self) -> None:
        self._operators: list[OperatorPlan] = []
        self._sites: list[SitePlan] = []
        self._buildings: list[BuildingPlan] = []
        self._doors: list[DoorPlan] = []
        self._spaces: list[SpacePlan] = []
        self._rules: dict[str, JsonObject] = {}

    def plan(self, digest: str) -> NetworkPlan:
        """Give all that was read."""
        return NetworkPlan(
            operators=tuple(self._operators),
            sites=tuple(sorted(self._sites, key=lambda site: (site.position, site.code))),
            buildings=tuple(self._buildings),
            doors=tuple(self._doors),
            spaces=tuple(self._spaces),
            digest=digest,
        )

    def read_operators(self, root: Table) -> None:
        for table in root.tables("operator"):
            self._operators.append(
                OperatorPlan(
                    at=table.at,
                    code=table.code("code", most=40),
                    name=table.text("name", most=200),
                    legal_form=table.text("legal_form", most=200),
                    address=table.text("address"),
                )
            )
            table.finish()
        root.finish()

    def read_rules(self, root: Table) -> None:
        kinds = root.table("kinds")
        for kind in SpaceKind:
            if kinds.has(kind.value):
                self._rules[kind.value] = rules_of(kinds.table(kind.value), {})
        kinds.finish()
        root.finish()

    def read_site_file(self, root: Table) -> None:
        site = _site(root.table("site"), root.table("card"))
        self._sites.append(site)
        for table in root.tables("building"):
            self._buildings.append(_building(table, site.code))
        for table in root.tables("door"):
            self._doors.append(_door(table, site.code))
        for number, table in enumerate(root.tables("space")):
            self._spaces.append(_space(table, site.code, number, self._rules))
        root.finish()


def _site(table: Table, card: Table) -> SitePlan:
    holidays = table.table("holidays")
    site = SitePlan(
        at=table.at,
        code=table.code("code", most=40),
        operator=table.code("operator", most=40),
        position=table.number("position", least=1, most=999),
        name=table.text("name", most=200),
        pass_code=_pass_code(table),
        zone=table.choice("zone", available_timezones()),
        town=table.text("town", most=100),
        address=table.text("address"),
        safe_capacity=table.number("safe_capacity", least=1),
        description=table.words("description"),
        arrival=table.words("arrival"),
        hours=_week(table),
        subdivision=_subdivision(holidays),
        closed=tuple(_odd_day(one, opens=False) for one in holidays.tables("closed")),
        opened=tuple(_odd_day(one, opens=True) for one in holidays.tables("open")),
        card=card,
    )
    holidays.finish()
    table.finish()
    return site


def _building(table: Table, site: str) -> BuildingPlan:
    building = BuildingPlan(
        at=table.at,
        code=table.code("code"),
        site=site,
        name=table.words("name"),
        safe_capacity=table.number("safe_capacity", least=1),
    )
    table.finish()
    return building


def _door(table: Table, site: str) -> DoorPlan:
    door = DoorPlan(
        at=table.at,
        code=table.code("code"),
        site=site,
        number=table.number("number", least=1, most=65_535),
        name=table.words("name"),
        policy=table.choice("policy", POLICIES, default="any"),
        max_stale_minutes=table.number("max_stale_minutes", least=1, most=43_200, default=2160),
        is_muster=table.flag("muster", default=False),
    )
    table.finish()
    return door


def _space(table: Table, site: str, position: int, rules: Mapping[str, JsonObject]) -> SpacePlan:
    bookable = table.flag("bookable", default=True)
    kind = table.choice("kind", [kind.value for kind in SpaceKind])
    of_kind = rules.get(kind, {})
    space = SpacePlan(
        at=table.at,
        code=table.code("code"),
        site=site,
        building=table.code("building"),
        kind=kind,
        rate=table.text("rate", most=40) if table.has("rate") else None,
        name=table.words("name"),
        description=table.words("description"),
        way=table.words("way"),
        count=table.number("count", least=2, most=500) if table.has("count") else None,
        parts=table.texts("parts"),
        capacity=table.number("capacity", least=1),
        safe_capacity=table.number("safe_capacity", least=1),
        area_m2=table.decimal("area_m2"),
        floor=table.number("floor", least=-9, most=99),
        equipment=table.texts("equipment", among=EQUIPMENT),
        accessible=table.flag("accessible"),
        hearing_loop=table.flag("hearing_loop", default=False),
        bookable=bookable,
        closed_reason=None if bookable else table.choice("closed_reason", CLOSED_REASONS),
        hours=_week(table) if table.has("hours") else None,
        doors=table.texts("doors"),
        rules=rules_of(table.table("rules"), of_kind) if table.has("rules") else dict(of_kind),
        position=position,
    )
    table.finish()
    return space


def _pass_code(table: Table) -> str:
    code = table.text("pass_code", most=2)
    if code and not (len(code) == 2 and code.isascii() and code.isalnum() and code == code.lower()):
        table.fault("pass_code", "must be two small letters or digits")
    return code


def _subdivision(holidays: Table) -> str | None:
    """The list of holidays of Alsace-Moselle is called 57; without it, that of all France."""
    return holidays.choice("subdivision", ("57",)) if holidays.has("subdivision") else None


def _week(table: Table) -> Week:
    inner = table.table("hours")
    content = inner.rest()
    try:
        return week_hours_from(content).to_json()
    except ValueError as error:
        day = str(error).split(":", 1)[0]
        inner.fault(day, str(error).partition(": ")[2])
        return {}


def _odd_day(table: Table, *, opens: bool) -> OddDay:
    on = table.raw("on")
    if on is not None and not isinstance(on, date):
        table.fault("on", "must be a date such as 2026-12-24")
    ranges = table.texts("hours") if opens else ()
    try:
        hours_from(ranges)
    except ValueError as error:
        table.fault("hours", str(error))
    reason: Words = {language: table.text(language) for language in ("fr", "de", "en")}
    table.finish()
    return OddDay(on if isinstance(on, date) else date.min, ranges, reason)


def _digest(sources: Iterable[Source]) -> str:
    """Name the content of the files: the same content has the same digest on every machine."""
    total = hashlib.sha256()
    for source in sources:
        total.update(f"{source.file}\n{source.data!r}\n".encode())
    return total.hexdigest()
