"""The network as one value, read whole and kept per process until its revision moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app.domain.calendars import SiteCalendar
from app.domain.ids import (
    BuildingId,
    DoorId,
    OperatorCode,
    SiteCode,
    SiteId,
    SpaceCode,
    SpaceId,
    UnitCode,
    UnitId,
)
from app.domain.kinds import Sharing, SpaceKind
from app.domain.opening_hours import WeekHours, week_hours_from
from app.domain.rules_reading import rules_from
from app.spaces.network import Building, Door, Network, Operator, Site, Space, Unit, Words
from app.spaces.public_holidays import exceptions_from, holidays_of, notes_from
from app.spaces.tables import (
    BuildingRow,
    DoorRow,
    NetworkRevisionRow,
    OperatorRow,
    SiteRow,
    SpaceDoorRow,
    SpaceRow,
    SpaceUnitRow,
    UnitRow,
)

Stamp = tuple[int, str]
_kept: WeakKeyDictionary[Pool, tuple[Stamp, Network]] = WeakKeyDictionary()
_Placed = TypeVar("_Placed", Building, Door, Space)


def find_revision(session: Session) -> Stamp:
    """Give the number and digest of the network as loaded; (0, "") before the first load."""
    found = session.connection().execute(_REVISION).first()
    return (found[0], found[1]) if found else (0, "")


def find_network(session: Session, stamp: Stamp | None = None) -> Network:
    """Give all that is open: one small statement to see that what is kept still holds.

    None at all when its stamp was read beside something else, as ``STAMP``.
    """
    stamp = stamp or find_revision(session)
    pool = session.get_bind().engine.pool
    kept = _kept.get(pool)
    if kept is None or kept[0] != stamp:
        kept = (stamp, read_network(session, stamp[0]))
        _kept[pool] = kept
    return kept[1]


def stamp_in(row: Row[Any]) -> Stamp:
    """Give the stamp that a row carries by ``STAMP``."""
    return (row.network_number or 0, row.network_digest or "")


def kept_network(session: Session) -> Network:
    """Give the network as this process saw it last, asking the database only the first time.

    For what is named by it; for what is sold only when its stamp is looked at in the same
    transaction, for it may lag behind a load until somebody asks ``find_network``.
    """
    kept = _kept.get(session.get_bind().engine.pool)
    return find_network(session) if kept is None else kept[1]


def read_network(session: Session, revision: int) -> Network:
    """Read the network from the database, past what is kept."""
    operators = {
        row.id: Operator(OperatorCode(row.code), row.name, row.legal_form, row.address)
        for row in session.scalars(select(OperatorRow).order_by(OperatorRow.id))
    }
    present, former = _Reader(session).sites(operators)
    return Network(revision, tuple(operators.values()), sites=present, former_sites=former)


class _Reader:
    """Reads each table once and joins the rows in memory."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._codes: dict[int, SiteCode] = {}

    def sites(self, operators: dict[int, Operator]) -> tuple[tuple[Site, ...], tuple[Site, ...]]:
        """Give every site in the order of display, and those that were retired."""
        rows = self._session.scalars(select(SiteRow).order_by(SiteRow.position, SiteRow.id)).all()
        self._codes = {row.id: SiteCode(row.code) for row in rows}
        calendars = {row.id: _calendar(row) for row in rows}
        buildings, doors = self._buildings(), self._doors()
        spaces, former_spaces = self._spaces(calendars, doors)
        sites = {
            row.id: Site(
                id=SiteId(row.id),
                code=SiteCode(row.code),
                operator=operators[row.operator_id].code,
                name=row.name,
                pass_code=row.pass_code,
                town=row.town,
                address=row.address,
                description=Words(**row.description),
                arrival=Words(**row.arrival),
                safe_capacity=row.safe_capacity,
                calendar=calendars[row.id],
                notes=notes_from(row.holidays),
                buildings=_at_site(buildings, row.code),
                spaces=_at_site(spaces, row.code),
                doors=_at_site(doors.values(), row.code),
                former_spaces=_at_site(former_spaces, row.code),
            )
            for row in rows
        }
        return (
            tuple(sites[row.id] for row in rows if row.retired_at is None),
            tuple(sites[row.id] for row in rows if row.retired_at is not None),
        )

    def _buildings(self) -> list[Building]:
        rows = self._session.scalars(
            select(BuildingRow).where(BuildingRow.retired_at.is_(None)).order_by(BuildingRow.id)
        )
        return [
            Building(
                BuildingId(row.id),
                row.code,
                self._codes[row.site_id],
                Words(**row.name),
                row.safe_capacity,
            )
            for row in rows
        ]

    def _doors(self) -> dict[int, Door]:
        rows = self._session.scalars(
            select(DoorRow).where(DoorRow.retired_at.is_(None)).order_by(DoorRow.number)
        )
        return {
            row.id: Door(
                DoorId(row.id),
                row.number,
                row.code,
                self._codes[row.site_id],
                Words(**row.name),
                row.policy,
                row.max_stale_minutes,
                row.is_muster,
            )
            for row in rows
        }

    def _units(self) -> dict[int, list[Unit]]:
        """Give the units of each space by id, which is the order in which they are locked."""
        rows = self._session.execute(
            select(SpaceUnitRow.space_id, UnitRow.id, UnitRow.code, UnitRow.label)
            .join(UnitRow, UnitRow.id == SpaceUnitRow.unit_id)
            .where(UnitRow.retired_at.is_(None))
            .order_by(SpaceUnitRow.space_id, UnitRow.id)
        )
        units: dict[int, list[Unit]] = defaultdict(list)
        for space_id, unit_id, code, label in rows:
            units[space_id].append(Unit(UnitId(unit_id), UnitCode(code), label))
        return units

    def _door_ids(self) -> dict[int, list[int]]:
        rows = self._session.execute(
            select(SpaceDoorRow.space_id, SpaceDoorRow.door_id).order_by(
                SpaceDoorRow.space_id, SpaceDoorRow.position, SpaceDoorRow.door_id
            )
        )
        doors: dict[int, list[int]] = defaultdict(list)
        for space_id, door_id in rows:
            doors[space_id].append(door_id)
        return doors

    def _spaces(
        self, calendars: dict[int, SiteCalendar], doors: dict[int, Door]
    ) -> tuple[list[Space], list[Space]]:
        """Give every space in the order of display, and those that were retired."""
        units, door_ids = self._units(), self._door_ids()
        rows = self._session.execute(
            select(SpaceRow, BuildingRow.code)
            .join(BuildingRow, BuildingRow.id == SpaceRow.building_id)
            .order_by(SpaceRow.site_id, SpaceRow.position, SpaceRow.id)
        )
        present: list[Space] = []
        former: list[Space] = []
        for row, building in rows:
            space = _space(
                row,
                site=self._codes[row.site_id],
                building=building,
                calendar=calendars[row.site_id],
                units=units[row.id],
                doors=[doors[door_id] for door_id in door_ids[row.id] if door_id in doors],
            )
            (present if row.retired_at is None else former).append(space)
        return present, former


def _space(
    row: SpaceRow,
    *,
    site: SiteCode,
    building: str,
    calendar: SiteCalendar,
    units: Sequence[Unit],
    doors: Sequence[Door],
) -> Space:
    own_week = week_hours_from(row.hours) if row.hours is not None else None
    return Space(
        id=SpaceId(row.id),
        code=SpaceCode(row.code),
        site=site,
        site_id=SiteId(row.site_id),
        building=building,
        kind=SpaceKind(row.kind),
        name=Words(**row.name),
        description=Words(**row.description),
        way=Words(**row.way),
        capacity=row.capacity,
        safe_capacity=row.safe_capacity,
        area_m2=row.area_m2,
        floor=row.floor,
        equipment=tuple(row.equipment),
        accessible=row.accessible,
        hearing_loop=row.hearing_loop,
        bookable=row.bookable,
        closed_reason=row.closed_reason,
        sharing=Sharing(row.sharing),
        rate=row.rate,
        calendar=calendar.for_space(own_week),
        rules=rules_from(row.rules),
        units=tuple(units),
        doors=tuple(doors),
    )


def _calendar(row: SiteRow) -> SiteCalendar:
    week: WeekHours = week_hours_from(row.hours)
    return SiteCalendar(
        zone=_zone(row.zone),
        week=week,
        holidays=holidays_of(row.holidays),
        exceptions=exceptions_from(row.holidays),
    )


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _at_site(values: Iterable[_Placed], code: str) -> tuple[_Placed, ...]:
    return tuple(value for value in values if value.site == code)


_revision = NetworkRevisionRow.__table__.c
_REVISION = select(_revision.number, _revision.digest).where(_revision.id == 1)
# Number and digest, for a statement that asks something else as well.
STAMP = tuple(
    select(column).where(_revision.id == 1).scalar_subquery().label(f"network_{column.name}")
    for column in (_revision.number, _revision.digest)
)
