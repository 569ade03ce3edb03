"""What a mail says of passes, and the pictures it carries.

Call the words inside ``flask_babel.force_locale(visit.person.locale)``.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Final

from flask_babel import ngettext

from app.access.codes import png
from app.access.passes import Pass
from app.web.addresses import base_url

MOST_ATTACHED: Final = 7  # of a stay of weeks the first days; the page has them all


def about(passes: Sequence[Pass]) -> str:
    """Say that the passes are joined, how to use them and where else they are."""
    return ngettext(
        "Votre pass est joint : présentez-le au lecteur de la porte, imprimé ou à l’écran. "
        "Il s’affiche aussi ici : %(url)s",
        "Vos %(num)s pass sont joints, un par jour : présentez celui du jour au lecteur de la "
        "porte, imprimé ou à l’écran. Ils s’affichent aussi ici : %(url)s",
        len(passes),
        url=f"{base_url()}/bookings/{passes[0].booking.ref}/pass",
    )


def pictures(passes: Sequence[Pass]) -> list[dict[str, str]]:
    """Give the codes as attachments, for ``MailWanted``."""
    return [_picture(each) for each in passes[:MOST_ATTACHED]]


def _picture(given: Pass) -> dict[str, str]:
    day = "" if given.day is None else f"-{given.day.isoformat()}"
    return {
        "filename": f"pass-{given.booking.ref}{day}.png",
        "content_type": "image/png",
        "content": base64.b64encode(png(given.text)).decode("ascii"),
    }
