"""Reads the rules of a place from what its files say, and from the same as it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from app.domain.booking_rules import BookingRules, Setup
from app.domain.buffers import Buffers
from app.domain.ids import SpaceCode
from app.domain.profiles import Profile
from app.domain.quotas import Over, Owner, Period, Quota
from app.domain.shares import FairShare
from app.domain.stays import StayLimits

_Read = TypeVar("_Read")
_Content = Mapping[str, object]
HOUR = 60


def rules_from(content: _Content) -> BookingRules:
    """Read `{"notice_hours": 24, …}`; raises ValueError naming the faulty key."""
    ordinary = BookingRules()
    limits = ordinary.limits
    rules = BookingRules(
        limits=_told(
            "max_minutes",
            lambda: StayLimits(
                _number(content, "min_minutes", limits.min_minutes),
                _number(content, "max_minutes", limits.max_minutes),
                _number(content, "step_minutes", limits.step_minutes),
                _flag(content, "overnight"),
            ),
        ),
        notice_minutes=_number(content, "notice_hours", 0) * HOUR,
        horizon_days=_number_or_none(content, "horizon_days"),
        horizons={_profile("horizons", each): days for each, days in _pairs(content, "horizons")},
        only_for=_profiles("only_for", content.get("only_for", ())),
        buffers=_told(
            "after_minutes",
            lambda: Buffers(
                _number(content, "before_minutes", 0),
                _number(content, "after_minutes", 0),
                _flag(content, "charge_buffers"),
            ),
        ),
        setups=tuple(Setup(code, most) for code, most in _pairs(content, "setups")),
        linked=tuple(SpaceCode(code) for code in _texts("linked", content.get("linked", ()))),
        induction=_text_or_none(content, "induction"),
        two_people=_flag(content, "two_people"),
        approval=_flag(content, "approval"),
        reminder_hours=_number(content, "reminder_hours", ordinary.reminder_hours),
        quotas=tuple(_quota(each) for each in _tables(content, "quotas")),
        share=_share(content.get("share")),
        release_after_minutes=_number_or_none(content, "release_after_minutes"),
    )
    if rules.two_people and rules.induction is None:
        raise ValueError("two_people: names no induction that both would need")
    return rules


KEYS = frozenset(
    {
        "min_minutes",
        "max_minutes",
        "step_minutes",
        "overnight",
        "notice_hours",
        "horizon_days",
        "horizons",
        "only_for",
        "before_minutes",
        "after_minutes",
        "charge_buffers",
        "setups",
        "linked",
        "induction",
        "two_people",
        "approval",
        "reminder_hours",
        "quotas",
        "share",
        "release_after_minutes",
    }
)
_QUOTA_KEYS = frozenset({"per", "hours", "stays", "of", "over", "profiles"})


def _quota(content: _Content) -> Quota:
    if unknown := sorted(set(content) - _QUOTA_KEYS):
        raise ValueError(f"quotas: {unknown[0]!r} is not known here")
    hours = _number_or_none(content, "hours")
    return _told(
        "quotas",
        lambda: Quota(
            period=Period(str(content.get("per"))),
            most_minutes=None if hours is None else hours * HOUR,
            most_stays=_number_or_none(content, "stays"),
            owner=Owner(str(content.get("of", Owner.PERSON))),
            over=Over(str(content.get("over", Over.KIND))),
            profiles=_profiles("quotas", content.get("profiles", ())),
        ),
    )


def _share(content: object) -> FairShare | None:
    if content is None:
        return None
    if not isinstance(content, Mapping) or set(content) - {"weekly_hours", "free_days"}:
        raise ValueError("share: must say weekly_hours and may say free_days")
    return _told(
        "share",
        lambda: FairShare(
            _number(content, "weekly_hours", 0) * HOUR, _number(content, "free_days", 2)
        ),
    )


def _told(key: str, read: Callable[[], _Read]) -> _Read:
    """Read, and name the key of what is wrong."""
    try:
        return read()
    except ValueError as error:
        text = str(error)
        raise ValueError(text if text.partition(":")[0] in KEYS else f"{key}: {text}") from error


def _number(content: _Content, key: str, default: int) -> int:
    value = content.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100_000:
        raise ValueError(f"{key}: must be a whole number, not below nothing")
    return value


def _number_or_none(content: _Content, key: str) -> int | None:
    return _number(content, key, 0) if key in content else None


def _flag(content: _Content, key: str) -> bool:
    value = content.get(key, False)
    if isinstance(value, bool):
        return value
    raise ValueError(f"{key}: must be true or false")


def _text_or_none(content: _Content, key: str) -> str | None:
    value = content.get(key)
    if value is not None and not (isinstance(value, str) and value):
        raise ValueError(f"{key}: must be a text")
    return value


def _texts(key: str, value: object) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{key}: must be a list of texts")
    return [str(one) for one in value]


def _tables(content: _Content, key: str) -> list[_Content]:
    value = content.get(key, ())
    if not isinstance(value, list | tuple) or not all(isinstance(one, Mapping) for one in value):
        raise ValueError(f"{key}: must be a list of tables")
    return list(value)


def _pairs(content: _Content, key: str) -> list[tuple[str, int]]:
    value = content.get(key, {})
    if isinstance(value, Mapping):
        return [(str(name), _positive(value, str(name), key)) for name in value]
    raise ValueError(f"{key}: must be a table of numbers")


def _positive(content: _Content, name: str, key: str) -> int:
    number = content.get(name)
    if isinstance(number, int) and not isinstance(number, bool) and 0 < number <= 100_000:
        return number
    raise ValueError(f"{key}: {name} must be a whole number above nothing")


def _profiles(key: str, value: object) -> frozenset[Profile]:
    return frozenset(_profile(key, name) for name in _texts(key, value))


def _profile(key: str, name: str) -> Profile:
    try:
        return Profile(name)
    except ValueError as error:
        raise ValueError(f"{key}: {name!r} is no profile") from error
