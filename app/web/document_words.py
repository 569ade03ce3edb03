"""Why an uploaded document is not taken, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from app.domain.documents import LARGEST

_MEGABYTE = 1024 * 1024


def bad_document(name: str, reason: str) -> str:
    """Say what is wrong with a document and what to do."""
    return {
        "empty": _("« %(name)s » est vide. Choisissez le bon fichier.", name=name),
        "too-large": _(
            "« %(name)s » est trop lourd : %(most)s Mo au plus.",
            name=name,
            most=LARGEST // _MEGABYTE,
        ),
        "unknown-kind": _(
            "« %(name)s » n’est ni un PDF ni une photo (JPEG, PNG). "
            "Enregistrez-le dans un de ces formats.",
            name=name,
        ),
        "broken": _("« %(name)s » est abîmé ou incomplet. Enregistrez-le de nouveau.", name=name),
        "active": _(
            "« %(name)s » contient un programme ou un autre fichier. "
            "Imprimez-le en PDF, puis envoyez cette copie.",
            name=name,
        ),
        "too-many-pixels": _(
            "« %(name)s » est une image trop grande. Réduisez-la, puis recommencez.", name=name
        ),
        "too-many": _("C’est trop de fichiers à la fois. Gardez-en cinq au plus."),
        "missing": _("Joignez au moins un document."),
    }[reason]
