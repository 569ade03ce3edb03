"""Contacts on GPIO pins, only ever watched: the way out and the fire panel work in hardware."""

import os
from collections.abc import Callable, Mapping
from typing import Final

import gpiozero
from gpiozero.exc import GPIOZeroError

from devices.drivers.protocol import Input, LockUnreachable
from devices.drivers.relay.driver import PIN_FACTORY, PinFactory

BOUNCE: Final = 0.03


Told = Callable[[Input, bool], None]


class Contacts:
    """Watches pins and tells each change: the input, and whether it is away from its rest."""

    def __init__(
        self, pins: Mapping[Input, int], told: Told, *, factory: PinFactory | None = None
    ) -> None:
        """Begin to watch; raises LockUnreachable rather than guess how to reach the pins."""
        if factory is None and not os.environ.get(PIN_FACTORY):
            raise LockUnreachable(f"{PIN_FACTORY} is not set: say lgpio")
        self._contacts: list[gpiozero.Button] = []
        try:
            for which, pin in pins.items():
                self._watch(which, pin, told, factory)
        except (GPIOZeroError, ImportError, OSError) as error:
            self.close()
            raise LockUnreachable(str(error)) from error

    def close(self) -> None:
        """Watch no more and give the pins back."""
        for contact in self._contacts:
            contact.when_pressed = contact.when_released = None
            contact.close()
        self._contacts.clear()

    def _watch(self, which: Input, pin: int, told: Told, factory: PinFactory | None) -> None:
        bounce = None if factory is not None else BOUNCE
        contact = gpiozero.Button(pin, pull_up=True, bounce_time=bounce, pin_factory=factory)
        self._contacts.append(contact)
        contact.when_pressed = lambda: told(which, False)
        contact.when_released = lambda: told(which, True)
        if not contact.is_pressed:
            told(which, True)
