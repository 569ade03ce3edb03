"""The sentences of refusals about waiting in line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain import errors as e
from app.domain.errors import DomainError

WAIT_SENTENCES: dict[type[DomainError], Callable[[Any], str]] = {
    e.NothingToWaitFor: lambda _e: _(
        "Aucun lieu ne répond à cette demande, même libre. Demandez-en moins, ou ailleurs."
    ),
    e.TooManyWaits: lambda error: ngettext(
        "On attend dans %(num)s file au plus. Quittez-en une d’abord.",
        "On attend dans %(num)s files au plus. Quittez-en une d’abord.",
        error.limit,
    ),
    e.UnknownWait: lambda _e: _("Cette attente est inconnue."),
}
