"""The concierge's one field: what a line in three languages asks for."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.asking import Ask, read_ask
from app.domain.day_parts import DayPart
from app.domain.kinds import SpaceKind

TODAY = date(2026, 11, 23)  # a Monday
TOMORROW = TODAY + timedelta(days=1)
SCREEN = frozenset({"screen"})


@pytest.mark.parametrize(
    ("line", "ask"),
    [
        ("8 écran maintenant", Ask(people=8, needs=SCREEN, is_now=True)),
        ("anything for 8 with a screen, now", Ask(people=8, needs=SCREEN, is_now=True)),
        ("Etwas für 8 mit Bildschirm, jetzt!", Ask(people=8, needs=SCREEN, is_now=True)),
        (
            "12 demain 14h-16h visio",
            Ask(
                12, day=TOMORROW, start=time(14), end=time(16), needs=frozenset({"videoconference"})
            ),
        ),
        (
            "12 people tomorrow 2-4pm",
            Ask(12, day=TOMORROW, start=time(14), end=time(16)),
        ),
        (
            "morgen von 9 bis 11:30 Uhr, 4 Leute",
            Ask(4, day=TOMORROW, start=time(9), end=time(11, 30)),
        ),
        (
            "6 pers. jeudi à 9h30 pendant-2h",
            Ask(6, day=date(2026, 11, 26), start=time(9, 30), minutes=120, unknown=("pendant",)),
        ),
        (
            "2 h cette semaine, le matin, 5 personnes",
            Ask(5, is_week=True, minutes=120, part=DayPart.MORNING),
        ),
        ("réunion 4 90 min", Ask(4, minutes=90, kind=SpaceKind.MEETING_ROOM)),
        (
            "24/12 20 salle de formation après-midi",
            Ask(20, day=date(2026, 12, 24), part=DayPart.AFTERNOON, kind=SpaceKind.TRAINING),
        ),
        ("1/2 10", Ask(10, day=date(2027, 2, 1))),
        (
            "après-demain 3 fauteuil roulant boucle auditive",
            Ask(3, day=date(2026, 11, 25), needs=frozenset({"accessible", "hearing_loop"})),
        ),
        ("8 maintenant avec jacuzzi", Ask(8, is_now=True, unknown=("jacuzzi",))),
        ("8 de 14 à 16", Ask(8, unknown=("14", "16"))),
        ("", Ask()),
    ],
)
def test_a_line_is_read(line: str, ask: Ask) -> None:
    assert read_ask(line, today=TODAY) == ask


@given(st.text(max_size=60))
def test_any_line_is_read_and_what_it_does_not_know_is_kept(line: str) -> None:
    ask = read_ask(f"{line} zzyzx", today=TODAY)
    assert ask.unknown[-1] in ("zzyzx",)
