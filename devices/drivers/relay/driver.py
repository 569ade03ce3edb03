"""A lock behind a relay: a strike that opens on current, or a magnet that opens without it."""

import os
import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Final, Protocol

import gpiozero
from gpiozero.exc import GPIOZeroError

from devices.drivers.protocol import LockUnreachable

PIN_FACTORY: Final = "GPIOZERO_PIN_FACTORY"
_TRY_AGAIN: Final = 1.0


class Fails(StrEnum):
    """What the door does without power: a strike stays shut, a magnet lets go."""

    SECURE = "secure"
    SAFE = "safe"


class PinFactory(Protocol):
    """How gpiozero reaches the pins; tests hand in a mock one."""

    def close(self) -> None:
        """Give all pins back."""


class RelayLock:
    """Drives one relay; between pulses the door is held, whatever the lock needs for that."""

    def __init__(
        self, pin: int, *, fails: Fails, active_high: bool = True, pins: PinFactory | None = None
    ) -> None:
        """Hold the door at once; raises LockUnreachable rather than guess how to reach the pins."""
        if pins is None and not os.environ.get(PIN_FACTORY):
            raise LockUnreachable(f"{PIN_FACTORY} is not set: say lgpio")
        self._held_by_current = fails is Fails.SAFE
        self._guard = threading.Lock()
        self._timer: _Timer | None = None
        self._is_closed = False
        try:
            self._relay = gpiozero.DigitalOutputDevice(
                pin,
                active_high=active_high,
                initial_value=self._held_by_current,
                pin_factory=pins,
            )
        except (GPIOZeroError, ImportError, OSError) as error:
            raise LockUnreachable(str(error)) from error

    def pulse(self, seconds: float) -> None:
        """Free the door for `seconds`; a timer of its own holds it again."""
        with self._guard:
            if self._is_closed:
                raise LockUnreachable("closed")
            self._drive(held=False)
            self._hold_after(seconds)

    def hold(self) -> None:
        """Hold the door at once and end the pulse."""
        with self._guard:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if not self._is_closed:
                self._drive(held=True)

    def close(self) -> None:
        """Hold the door, end the timer and give the pin back."""
        with self._guard:
            if self._is_closed:
                return
            self._is_closed = True
            if self._timer is not None:
                self._timer.cancel()
            try:
                self._drive(held=True)
            finally:
                self._relay.close()

    def _hold_after(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = _Timer(seconds, self._end)
        self._timer.start()

    def _end(self, timer: "_Timer") -> None:
        with self._guard:
            if timer is not self._timer or self._is_closed:
                return
            self._timer = None
            try:
                self._drive(held=True)
            except LockUnreachable:
                self._hold_after(_TRY_AGAIN)

    def _drive(self, *, held: bool) -> None:
        try:
            self._relay.value = held == self._held_by_current
        except (GPIOZeroError, OSError) as error:
            raise LockUnreachable(str(error)) from error


class _Timer(threading.Timer):
    """A timer that says which one it is, so that one overtaken by a longer pulse does nothing."""

    def __init__(self, seconds: float, end: Callable[["_Timer"], None]) -> None:
        super().__init__(seconds, lambda: end(self))
        self.daemon = True
