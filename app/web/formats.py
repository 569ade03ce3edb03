"""How instants, spans and money are written for a person, in the language of the page.

CLDR prints ``14:30``; French prose wants ``14 h 30`` with no-break spaces (Imprimerie nationale),
so hours are written here; dates and money follow Babel.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from flask import Flask
from flask_babel import get_locale, gettext, ngettext

from app.domain.intervals import Span
from app.domain.money import Money

PARIS = ZoneInfo("Europe/Paris")
NBSP = "\u00a0"
# As the British write: CLDR's own English puts the month first, or a comma after the weekday.
_DAY = {"de": f"EEEE, d.{NBSP}MMMM y", "en": f"EEEE d{NBSP}MMMM y"}
_SHORT_DAY = {"fr": "EEE d MMM", "de": "EEE, d. MMM", "en": "EEE d MMM"}


def language() -> str:
    """Give the language of the page: fr, de or en."""
    return str(getattr(get_locale(), "language", None) or "fr")


def clock(instant: datetime, zone: ZoneInfo = PARIS) -> str:
    """Write the wall-clock time: ``14 h 30`` in French, ``14:30`` elsewhere."""
    local = instant.astimezone(zone)
    if language() != "fr":
        return f"{local:%H:%M}"
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local:%M}" if local.minute else "")


def day(instant: datetime | date, zone: ZoneInfo = PARIS) -> str:
    """Write the day in full: ``dimanche 22 novembre 2026``, ``mardi 1er décembre 2026``."""
    on = instant.astimezone(zone).date() if isinstance(instant, datetime) else instant
    if language() == "fr":
        number = "1er" if on.day == 1 else str(on.day)
        weekday = format_date(on, "EEEE", locale="fr")
        return f"{weekday} {number}{NBSP}{format_date(on, 'MMMM y', locale='fr')}"
    return format_date(on, _DAY[language()], locale=language())


def short_day(instant: datetime | date, zone: ZoneInfo = PARIS) -> str:
    """Write the day briefly: ``dim. 22 nov.``, ``Sun 22 Nov``, ``So., 22. Nov.``."""
    on = instant.astimezone(zone).date() if isinstance(instant, datetime) else instant
    return format_date(on, _SHORT_DAY[language()], locale=language())


def span(value: Span, zone: ZoneInfo = PARIS) -> str:
    """Write from–to on the wall clock, with both days when they differ."""
    start, end = value.start.astimezone(zone), value.end.astimezone(zone)
    if start.date() == end.date():
        return f"{clock(start, zone)}{NBSP}–{NBSP}{clock(end, zone)}"
    return gettext(
        "du %(first)s, %(start)s au %(last)s, %(end)s",
        first=short_day(start, zone),
        start=clock(start, zone),
        last=short_day(end, zone),
        end=clock(end, zone),
    )


def short_stay(value: Span, zone: ZoneInfo = PARIS) -> str:
    """Write a stretch after its day in short: ``ven. 6 nov., 9 h – 12 h``."""
    return f"{short_day(value.start, zone)}, {span(value, zone)}"


def duration(value: timedelta) -> str:
    """Write a length: ``1 h 30`` (``1 h 30 min`` elsewhere), ``45 min``, ``2 jours``."""
    minutes = int(value.total_seconds() // 60)
    if minutes >= 1440 and minutes % 1440 == 0:
        return ngettext("%(num)s jour", "%(num)s jours", minutes // 1440)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    unit = "" if language() == "fr" else f"{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}{unit}" if rest else "")


def money(value: Money) -> str:
    """Write an amount of money as the language writes it: ``12,50 €``, ``€12.50``."""
    return _money(value, {"fr": "fr_FR", "de": "de_DE", "en": "en_GB"}[language()])


@lru_cache(maxsize=4096)  # a card knows few prices, and Babel is slow to write one
def _money(value: Money, locale: str) -> str:
    return format_currency(Decimal(value.minor) / 100, value.currency, locale=locale)


def siren(number: str) -> str:
    """Write the nine digits of a French company in threes: ``123 456 789``."""
    return NBSP.join(number[start : start + 3] for start in range(0, len(number), 3))


def iso(instant: datetime) -> str:
    """Write an instant for a machine: ISO 8601 in UTC with ``Z``."""
    return instant.astimezone(ZoneInfo("UTC")).isoformat().replace("+00:00", "Z")


def local_iso(instant: datetime, zone: ZoneInfo = PARIS) -> str:
    """Write a wall-clock time for an ``<input type=datetime-local>``: ``2026-11-22T14:30``."""
    return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}"


def wall_minutes(minute: int) -> str:
    """Write a minute of the day as the wall clock: ``8 h``, ``24 h``; ``08:00`` elsewhere."""
    hours, rest = divmod(minute, 60)
    if language() != "fr":
        return f"{hours:02d}:{rest:02d}"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def opening_hours(opens: int, closes: int) -> str:
    """Write two minutes of the day so that « ouvert de » may come before: ``8 h à 20 h``."""
    between = f" à{NBSP}" if language() == "fr" else f"{NBSP}–{NBSP}"
    return f"{wall_minutes(opens)}{between}{wall_minutes(closes)}"


def area(square_metres: Decimal) -> str:
    """Write an area: ``24 m²``, ``18,5 m²``."""
    return f"{format_decimal(square_metres, locale=language())}{NBSP}m²"


def register(app: Flask) -> None:
    """Make the formats available to templates under their own names."""
    filters: dict[str, Callable[..., str]] = {
        "clock": clock,
        "day": day,
        "short_day": short_day,
        "span": span,
        "duration": duration,
        "money": money,
        "siren": siren,
        "iso": iso,
        "local_iso": local_iso,
    }
    for name, write in filters.items():
        app.add_template_filter(write, name)
