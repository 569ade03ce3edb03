"""Keeps the catalogues of the words on the screens: ``make words`` after any change of words.

The French of the source is what is translated. English and German keep what they have, lose what
the source no longer says, and gain blanks for what it newly says; a test wants none of these.
The French catalogue holds plurals only, because nought is singular in French (« 0 personne »).
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "app" / "translations"
SOURCE = "fr"
TRANSLATIONS = ("en", "de")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
# No dates and no line numbers: a catalogue changes when words do, and only then.
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals};\\n"

"""


def main() -> int:
    """Bring every catalogue to the source and compile it; says how many blanks are left."""
    said = extracted()
    for language in (SOURCE, *TRANSLATIONS):
        catalogue = brought_up(language, said)
        write(language, catalogue)
        blanks = sum(1 for each in catalogue if each.id and not _is_said(each.string))
        print(f"{language}: {len(catalogue)} messages, {blanks} to translate")
    return 0


def brought_up(language: str, said: Catalog) -> Catalog:
    """Give the catalogue of a language with what the source says now, and nothing else."""
    if language == SOURCE:
        return french_plurals(said)
    catalogue = read(language)
    catalogue.update(said, no_fuzzy_matching=True)
    return catalogue


def extracted() -> Catalog:
    """Give every message of the source, in French."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    said = Catalog(locale=SOURCE, fuzzy=False)
    for _file, _line, message, comments, context in extract_from_dir(
        str(ROOT / "app"), methods, options, KEYWORDS
    ):
        said.add(message, auto_comments=comments, context=context)
    return said


def french_plurals(said: Catalog) -> Catalog:
    """Give the French of every message that counts something."""
    plurals = Catalog(locale=SOURCE, fuzzy=False)
    for each in said:
        if isinstance(each.id, tuple | list):
            plurals.add(each.id, tuple(each.id), context=each.context)
    return plurals


def read(language: str) -> Catalog:
    """Read a catalogue; a language without one begins with an empty one."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(language: str, catalogue: Catalog) -> None:
    """Write a catalogue, and beside it what the product reads."""
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(language, catalogue), encoding="utf-8")
    path.with_suffix(".mo").write_bytes(compiled.getvalue())


def text_of(language: str, catalogue: Catalog) -> str:
    """Give the text of a catalogue, in order of its French."""
    body = BytesIO()
    write_po(
        body,
        catalogue,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    header = _HEADER.format(language=language, plurals=catalogue.plural_forms.rstrip(";"))
    return header + body.getvalue().decode("utf-8")


def path_of(language: str) -> Path:
    """Say where the catalogue of a language lies."""
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def _is_said(words: object) -> bool:
    return all(words) if isinstance(words, tuple | list) else bool(words)


if __name__ == "__main__":
    sys.exit(main())
