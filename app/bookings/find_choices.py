"""What the blanks of the search sentence may hold: the Totems, their kinds of places, needs."""

from __future__ import annotations

from flask_babel import gettext as _

from app.bookings.forms import NeedsForm
from app.domain.kinds import SpaceKind
from app.domain.plain_text import folded
from app.spaces import words
from app.spaces.network import Network
from app.spaces.place_views import short_name
from app.web import place_words
from app.web.choices import SelectChoice


def offer_choices(form: NeedsForm, network: Network) -> None:
    """Give the search form its choices, in the reader's language."""
    bookable = [space for space in network.spaces if space.bookable]
    kinds = {space.kind for space in bookable}
    equipment = {code for space in bookable for code in space.equipment}
    form.site.choices = [
        *(SelectChoice(site.code, short_name(site)) for site in network.sites),
        SelectChoice("", _("n’importe quel Totem")),
    ]
    form.kind.choices = [
        SelectChoice("", _("n’importe quel lieu")),
        *(SelectChoice(kind.value, words.space_kind(kind)) for kind in SpaceKind if kind in kinds),
    ]
    setups = {each.code for space in bookable for each in space.rules.setups}
    form.setup.choices = [
        SelectChoice("", _("n’importe quelle disposition")),
        *sorted(
            (SelectChoice(code, place_words.setup(code)) for code in setups),
            key=lambda choice: folded(choice.label),
        ),
    ]
    form.needs.choices = [
        SelectChoice("accessible", _("accessible en fauteuil roulant")),
        SelectChoice("hearing_loop", _("boucle auditive")),
        *sorted(
            (SelectChoice(code, words.equipment(code)) for code in equipment),
            key=lambda choice: folded(choice.label),
        ),
    ]


def chosen_needs(form: NeedsForm) -> str:
    """Name what the place must have, as the sentence goes on: ``écran, tableau blanc``."""
    ticked = set(form.needs.data or ())
    named = [str(one.label.text) for one in form.needs if one.data in ticked]
    if form.setup.data:
        named.append(place_words.setup(form.setup.data))
    return ", ".join(named)
