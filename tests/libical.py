"""The strictest reader of invitations: Debian's libical, which knows RFC 5546's tables.

Evolution, Thunderbird's ancestors and many servers read calendars with it.
"""

from __future__ import annotations

import ctypes
from functools import cache

LIBRARY = "libical.so.3"  # package libical3


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(LIBRARY)
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalrestriction_check.restype = ctypes.c_int
    library.icalcomponent_as_ical_string.argtypes = [ctypes.c_void_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    library.icalcomponent_free.argtypes = [ctypes.c_void_p]
    return library


def faults(content: bytes) -> list[str]:
    """Give what libical finds wrong with a calendar, by its restrictions of each METHOD."""
    library = _library()
    calendar = library.icalparser_parse_string(content)
    if not calendar:
        return ["not a calendar"]
    try:
        legal = bool(library.icalrestriction_check(calendar))
        text: bytes = library.icalcomponent_as_ical_string(calendar)
    finally:
        library.icalcomponent_free(calendar)
    found = [line for line in text.decode().splitlines() if line.startswith("X-LIC-ERROR")]
    return found if legal else [*found, "refused by icalrestriction_check"]
