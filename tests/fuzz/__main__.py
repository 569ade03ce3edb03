"""``make fuzz``: millions of hostile texts; exit code 1 when one was let in, broke or was slow."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.targets import Found, Tally, try_loop, try_reader

INPUTS = 10_000_000
PORTION = 25_000
LOOP_IN = 20
"""One portion in so many goes through the loop of a door; the others to its reader alone."""


def attempt(seed: int, count: int) -> Tally:
    """Try one portion, in a process of its own."""
    if seed % LOOP_IN:
        return try_reader(seed, count)
    with tempfile.TemporaryDirectory(prefix="totem-fuzz-", dir=_memory()) as folder:
        return try_loop(seed, count, Path(folder))


def main() -> int:
    """Try as many texts as asked for and say what came of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=INPUTS)
    parser.add_argument("--seed", type=int, default=int(time.time()) // LOOP_IN * LOOP_IN)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    print(f"{asked.inputs} texts from seed {asked.seed}", flush=True)
    total, started = Tally(), time.monotonic()
    portions = [min(PORTION, asked.inputs - at) for at in range(0, asked.inputs, PORTION)]
    seeds = range(asked.seed, asked.seed + len(portions))
    with ProcessPoolExecutor(asked.workers) as pool:
        try:
            for done, tally in enumerate(pool.map(attempt, seeds, portions), 1):
                total.add(tally)
                if not done % 10 or done == len(portions):
                    print(f"{total.tried} tried, {time.monotonic() - started:.0f} s", flush=True)
        except Found as found:
            pool.shutdown(cancel_futures=True)
            print(found)
            return 1
    print(f"none let in, none broke; the slowest took {total.slowest * 1e3:.1f} ms of CPU")
    for reason, count in total.reasons.most_common():
        print(f"{count:>10}  {reason}")
    return 0


def _memory() -> str | None:
    """Give the folder that lies in memory, where there is one: the disk is not what is tried."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 — a folder of our own in it


if __name__ == "__main__":
    sys.exit(main())
