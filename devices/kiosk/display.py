"""The screen of a door: what was just said stays a while, and a language is lent for a minute."""

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from devices.kiosk.screen import Screen
from devices.kiosk.views import View, Wording

VERDICT_SHOWN: Final = 5.0
LANGUAGE_KEPT: Final = 60.0


class Display:
    """What is shown, in which language; all times are uptime in seconds."""

    def __init__(self, screen: Screen, language: str) -> None:
        self.words = Wording(language, ZoneInfo("UTC"))
        self._screen = screen
        self._own = language
        self._lent_until = 0.0
        self._busy_until = 0.0

    def place(self, zone: ZoneInfo) -> None:
        """Tell the hours of this place from now on."""
        self.words = replace(self.words, zone=zone)

    def lend(self, language: str, uptime: float) -> None:
        """Speak another language for a minute."""
        self.words = replace(self.words, language=language)
        self._lent_until = uptime + LANGUAGE_KEPT

    def say(self, view: View, uptime: float, *, lasts: float = VERDICT_SHOWN) -> None:
        """Show a view that stays for a while."""
        self.show(view)
        self._busy_until = uptime + lasts

    def free(self) -> None:
        """Let the next view take the place of the one that stays."""
        self._busy_until = 0.0

    def is_busy(self, uptime: float) -> bool:
        """Say whether a view stays; when none does, a language that was lent may end."""
        if uptime < self._busy_until:
            return True
        if self._lent_until and uptime >= self._lent_until:
            self.words = replace(self.words, language=self._own)
            self._lent_until = 0.0
        return False

    def show(self, view: View) -> None:
        """Show a view until another one comes."""
        self._screen.show(replace(view, language=self.words.language))
