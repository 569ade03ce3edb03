"""What a door knows of its power and of the server's certificate; nothing where it cannot know."""

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from devices.kiosk.clock import as_instant
from devices.passes.claims import Seconds

SUPPLIES: Final = Path("/sys/class/power_supply")
LOOKED_EVERY: Final = 86_400.0
_PATIENCE: Final = 5.0
_FULL: Final = 100


def battery(supplies: Path = SUPPLIES) -> int | None:
    """Return the charge of the weakest battery in percent; None without one."""
    charges = []
    for path in supplies.glob("*/capacity"):
        with contextlib.suppress(OSError, ValueError):
            charges.append(min(max(int(path.read_text()), 0), _FULL))
    return min(charges, default=None)


def certificate_until(address: str) -> Seconds | None:
    """Return when the certificate of the server ends, as seen from here; None when not seen."""
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.hostname is None:
        return None
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), _PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as line,
        ):
            ends = (line.getpeercert() or {}).get("notAfter")
    except (OSError, ValueError):
        return None
    return int(ssl.cert_time_to_seconds(ends)) if isinstance(ends, str) else None


@dataclass(slots=True)
class Vitals:
    """What goes with each sign of life; the certificate is looked at once a day."""

    address: str
    supplies: Path = SUPPLIES
    _looked_at: float = float("-inf")
    _until: Seconds | None = None

    def told(self) -> dict[str, object]:
        """Return what is known, by its name on the wire."""
        if time.monotonic() - self._looked_at >= LOOKED_EVERY:
            self._looked_at, self._until = time.monotonic(), certificate_until(self.address)
        known: dict[str, object] = {}
        charge = battery(self.supplies)
        if charge is not None:
            known["battery"] = charge
        if self._until is not None:
            known["certificate"] = as_instant(self._until).isoformat()
        return known
