"""Starts the next numbered migration and moves the pinned head: ``make db-new NAME=…``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

MIGRATIONS = Path(__file__).parent.parent / "migrations"
TEMPLATE = '''"""{sentence}."""

from __future__ import annotations

revision = "{number:04}"
down_revision = "{before:04}"


def upgrade() -> None:
    """Bring the tables forward."""


def downgrade() -> None:
    """Take them back."""
'''


def main(name: str) -> int:
    """Write ``NNNN_name.py`` after the present head."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        print("A migration is named in lower case: add_waitlist", file=sys.stderr)
        return 2
    head = MIGRATIONS / ".current-head"
    before = int(head.read_text())
    number = before + 1
    sentence = name.replace("_", " ").capitalize()
    path = MIGRATIONS / "versions" / f"{number:04}_{name}.py"
    path.write_text(TEMPLATE.format(sentence=sentence, number=number, before=before))
    head.write_text(f"{number:04}\n")
    print(f"Write the change in migrations/versions/{path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
