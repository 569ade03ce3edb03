"""Where things are, and what git tracks."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = tuple(ROOT.glob("app/**/templates"))


@cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    """Give the files of the project that match, with those that are not yet committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return tuple(sorted(path for path in paths if path.is_file()))


def current_head() -> str:
    """Give the number of the newest migration."""
    return (ROOT / "migrations" / ".current-head").read_text().strip()
