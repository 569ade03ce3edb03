"""Titles of occupation: what each needs, how long it may last, and when to warn of what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import LeaseTooLong, MissingTitleWords
from app.domain.months import ONE_DAY, add_months, end_to_end, whole_months

MOST_MONTHS = 36  # bail dérogatoire: three years in all (C. com. L145-5); pépinière: the charter


class Title(StrEnum):
    """By virtue of what an office is occupied."""

    SERVICES = "services"
    DEROGATORY = "derogatory"
    PRECARIOUS = "precarious"
    PUBLIC_DOMAIN = "public_domain"
    RESIDENCY = "residency"
    INCUBATOR = "incubator"


# Successive titles of these kinds count together, for one tenant in one office.
CAPPED = frozenset({Title.DEROGATORY, Title.INCUBATOR})
# The state of the office must be recorded at both ends (C. com. L145-40-1, by L145-5).
INVENTORIED = frozenset({Title.DEROGATORY})


class Alarm(StrEnum):
    """What the managers must be told about a title."""

    ENDS_IN_6_MONTHS = "ends_in_6_months"
    ENDS_IN_3_MONTHS = "ends_in_3_months"
    ENDS_IN_1_MONTH = "ends_in_1_month"
    OVER = "over"  # past its last day, and the tenant has not left
    LEFT_IN_PLACE = "left_in_place"  # for more than a month: it becomes a commercial lease
    EXCLUSIVE_WITHOUT_SERVICE = "exclusive_without_service"


@dataclass(frozen=True, slots=True)
class Due:
    """An alarm and the day from which it rings."""

    alarm: Alarm
    since: date


@dataclass(frozen=True, slots=True)
class Tenure:
    """Days, both included, that a tenant had an office by a title."""

    title: Title
    first_day: date
    last_day: date


_ENDING = ((6, Alarm.ENDS_IN_6_MONTHS), (3, Alarm.ENDS_IN_3_MONTHS), (1, Alarm.ENDS_IN_1_MONTH))


def require_words(title: Title, *, motive: str, call_reference: str) -> None:
    """Let a title pass with the words the law wants of it; raises MissingTitleWords."""
    if title is Title.PRECARIOUS and not motive.strip():
        raise MissingTitleWords("motive")
    if title is Title.PUBLIC_DOMAIN and not call_reference.strip():
        raise MissingTitleWords("call_reference")


def latest_day(first_day: date, earlier: Iterable[Tenure]) -> date | None:
    """Give the last day a new capped title may have after what the same tenant had there.

    The years of before are laid end to end; None when nothing is left of the three years.
    """
    counted = sorted(
        (tenure.first_day, tenure.last_day) for tenure in earlier if tenure.title in CAPPED
    )
    if not counted:
        return add_months(first_day, MOST_MONTHS) - ONE_DAY
    start = counted[0][0]
    reached, end = end_to_end(start, counted), add_months(start, MOST_MONTHS)
    if reached >= end:
        return None
    months, days = whole_months(reached, end)
    return add_months(first_day, months) + ONE_DAY * (days - 1)


def require_within_cap(wanted: Tenure, earlier: Iterable[Tenure]) -> None:
    """Let a title pass that keeps within 36 months in all; raises LeaseTooLong."""
    if wanted.title not in CAPPED:
        return
    latest = latest_day(wanted.first_day, earlier)
    if latest is None or latest < wanted.first_day:
        raise LeaseTooLong(MOST_MONTHS, None)
    if wanted.last_day > latest:
        raise LeaseTooLong(MOST_MONTHS, latest)


def alarms(tenure: Tenure, *, has_services: bool, is_present: bool, today: date) -> tuple[Due, ...]:
    """Give the alarms that ring today for a title that binds, the most pressing first.

    `is_present` says that the tenant has not left, whatever the last day.
    """
    found = []
    after = tenure.last_day + ONE_DAY
    if is_present and today >= after:
        found.append(_overdue(tenure, after, today))
    elif is_present:
        ending = [Due(alarm, add_months(after, -months)) for months, alarm in _ENDING]
        found += [due for due in ending if due.since <= today][-1:]
    if tenure.title is Title.SERVICES and is_present and not has_services:
        found.append(Due(Alarm.EXCLUSIVE_WITHOUT_SERVICE, tenure.first_day))
    return tuple(found)


def _overdue(tenure: Tenure, after: date, today: date) -> Due:
    """Left in place for more than a month after a derogatory lease, the tenant has a real one."""
    month_after = add_months(after, 1)
    if tenure.title is Title.DEROGATORY and today >= month_after:
        return Due(Alarm.LEFT_IN_PLACE, month_after)
    return Due(Alarm.OVER, after)
