"""Words for what places ask and offer: ways to furnish rooms, inductions, whom they are for."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import pgettext

from app.domain.profiles import Profile


def setup(code: str) -> str:
    """Name a way to furnish a room; the code itself for one that has no word yet."""
    known = {
        "theatre": pgettext("setup", "théâtre (rangées de chaises)"),
        "classroom": pgettext("setup", "classe (tables en rangs)"),
        "u": pgettext("setup", "U"),
        "boardroom": pgettext("setup", "table unique"),
        "islands": pgettext("setup", "îlots"),
        "standing": pgettext("setup", "debout"),
    }
    return known.get(code, code)


def induction(code: str) -> str:
    """Name what people are shown before they use it; the code for one that has no word yet."""
    known = {
        "laser": pgettext("induction", "découpeuse laser"),
        "printer_3d": pgettext("induction", "imprimantes 3D"),
        "sound": pgettext("induction", "régie son"),
        "video": pgettext("induction", "plateau vidéo"),
    }
    return known.get(code, code)


def holders(profiles: Iterable[str]) -> str:
    """Name those who proved one of these profiles: « associations, partenaires »."""
    known = {
        Profile.STUDENT.value: _("étudiants"),
        Profile.PROJECT_HOLDER.value: _("porteurs de projet"),
        Profile.STARTUP_UNDER_1.value: _("start-up de moins d’un an"),
        Profile.STARTUP_UNDER_3.value: _("start-up de moins de trois ans"),
        Profile.STARTUP_UNDER_5.value: _("start-up de moins de cinq ans"),
        Profile.ASSOCIATION.value: _("associations"),
        Profile.PARTNER.value: _("partenaires"),
        Profile.RESIDENT.value: _("résidents"),
        Profile.INHABITANT.value: _("habitants"),
        Profile.SMALL_BUSINESS.value: _("petites entreprises"),
        Profile.LARGE_COMPANY.value: _("grandes entreprises"),
    }
    return ", ".join(known[each] for each in profiles)
