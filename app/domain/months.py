"""Months on the calendar: anniversaries, with short months and leap days."""

from collections.abc import Iterator
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Give the same day of a later month, or the last day where the month has none such.

    Terms of months expire on the day of the same number, else on the last (CPC art. 641).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, days_in_month(date(year, month + 1, 1))))


def days_in_month(day: date) -> int:
    """Give how many days the month of that day has."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - day.replace(day=1)).days


def first_of_month(day: date) -> date:
    """Give the first day of its month."""
    return day.replace(day=1)


def months_touched(first: date, last: date) -> Iterator[date]:
    """Give the first days of the months that lie in or touch first to last, both included."""
    month = first_of_month(first)
    while month <= last:
        yield month
        month = add_months(month, 1)


def whole_months(first: date, after: date) -> tuple[int, int]:
    """Give the whole months from first up to, not including, after, and the days that remain."""
    months = (after.year - first.year) * 12 + after.month - first.month
    if add_months(first, months) > after:
        months -= 1
    return months, (after - add_months(first, months)).days


def end_to_end(first: date, stretches: list[tuple[date, date]]) -> date:
    """Lay stretches of days (both included) end to end from a day; gives the day after them."""
    for start, last in stretches:
        months, days = whole_months(start, last + ONE_DAY)
        first = add_months(first, months) + timedelta(days=days)
    return first
