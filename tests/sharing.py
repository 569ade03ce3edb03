"""How the tests are shared between processes: by file, the long ones first, one browser for all.

A file's tests stay together, so that what they share is made once. Files of one ``xdist_group``
go to the same process. The scheduler stands in for whatever ``--dist`` asks for.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent.parent
GROUP = re.compile(r'xdist_group\("(\w+)"\)')
# What would keep one process busy after the others are done, longest first.
LONG = (
    "browser",
    "tests/e2e/test_demo.py",
    "race",
    "tests/e2e/test_run.py",
    "tests/web/test_schemathesis.py",
    "tests/db/test_migrations.py",
    "tests/db/test_network_load.py",
)


@cache
def share_of(file: str) -> str:
    """Name what the tests of a file are handed out with: its group, else the file."""
    group = GROUP.search((ROOT / file).read_text())
    return group[1] if group else file


def long_first(items: list[pytest.Item]) -> None:
    """Put the tests of long shares first; the rest stays in its order."""
    rank = {share: place for place, share in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(_share(item.nodeid), len(LONG)))


def _share(nodeid: str) -> str:
    return share_of(nodeid.partition("::")[0])


class Sharing(LoadScopeScheduling):
    """Hands whole shares to the processes, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return _share(nodeid)
