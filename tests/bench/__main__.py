"""``make bench``: prints each figure as it is known; exit code 1 when one is missed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import postgres
from tests.bench import (
    bookings,
    check_ins,
    degraded_codes,
    door_decision,
    lease_revision,
    live_decision,
    quoting,
    reaching_doors,
    scan_to_strike,
    series,
    site_day,
    snapshots,
    statements,
    waiting_doors,
)
from tests.bench.ratios import Line

ENGINES = ("sqlite", "postgres")


def figures(folder: Path) -> Iterator[Line]:
    """Measure everything, the quick things first."""
    yield door_decision.measure()
    yield live_decision.measure()
    yield from degraded_codes.measure()
    yield from quoting.measure(folder / "quoting")
    for engine in ENGINES:
        yield from statements.measure(engine, folder / f"statements-{engine}")
    yield scan_to_strike.measure(folder / "strike")
    for engine in ENGINES:
        yield check_ins.measure(engine, folder / f"check-ins-{engine}")
    for measure in (
        waiting_doors.measure,
        reaching_doors.measure,
        snapshots.measure,
        series.measure,
    ):
        for engine in ENGINES:
            yield from measure(engine, folder / f"{measure.__module__}-{engine}")
    for engine in ENGINES:
        yield lease_revision.measure(engine, folder / f"leases-{engine}")
    for engine in ENGINES:
        yield bookings.measure(engine, folder / f"bookings-{engine}")
    for engine in ENGINES:
        yield site_day.measure(engine, folder / f"days-{engine}")


def main() -> int:
    """Print the table."""
    missed = 0
    print(f"{'':<58} {'reached':>8}  {'wanted':>7}")
    try:
        postgres.share_durable()
        with tempfile.TemporaryDirectory(prefix="totem-bench-") as folder:
            for line in figures(Path(folder)):
                print(line, flush=True)
                missed += not line.is_met
    finally:
        postgres.stop_shared()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
