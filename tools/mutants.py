"""Judges mutants of the rules of money by the tests of the rules: ``make mutants ONLY=…``.

mutmut makes the mutants and keeps the verdicts (``mutmut results`` and ``mutmut show`` read them).
Here the tests are collected once, and each mutant is a fork that runs those tests that meet its
function, quick ones first, until one sees it: several times as fast as a pytest for each mutant.
Properties get few examples and do not shrink: ``make test`` looks at more.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from fnmatch import fnmatch
from io import StringIO
from itertools import accumulate
from math import inf
from pathlib import Path

import mutmut.mutation.trampoline
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, Phase, settings
from mutmut.__main__ import create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.state import state
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import (
    copy_also_copy_files,
    copy_src_dir,
    setup_source_paths,
    walk_mutatable_files,
)
from mutmut.utils.format_utils import mangled_name_from_mutant_name

SURVIVED, KILLED, UNMET = 0, 1, 33  # as mutmut writes them
LEAST_SECONDS = 5  # of processor time, before a mutant counts as one that never ends
MOST_BYTES = 2 * 1024**3

settings.register_profile(
    "mutants",
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@dataclass
class Court:
    """The pytest plugin that judges mutants in place of running the tests."""

    files: list[SourceFileMutationData]
    wanted: list[str]
    only_survivors: bool
    time: float  # that all tests of a mutant may take
    items: list[pytest.Item] = field(default_factory=list)
    tests_of: dict[str, list[int]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    last_killers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn what each test meets, then judge."""
        self.items = session.items
        settings.load_profile("mutants")
        gc.collect()
        gc.freeze()
        gc.disable()  # each process ends before memory matters
        self._learn()
        for file in self.files:
            wanted = list(self._of(file))
            for number, mutant in enumerate(wanted, start=1):
                file.exit_code_by_key[mutant] = self._judge(mutant)
                if number % 20 == 0 or number == len(wanted):
                    file.save()
            if wanted:
                print(line_about(file), file=sys.stderr, flush=True)
        return True

    def _of(self, file: SourceFileMutationData) -> Iterator[str]:
        for mutant, verdict in list(file.exit_code_by_key.items()):
            is_wanted = not self.wanted or any(fnmatch(mutant, each) for each in self.wanted)
            if is_wanted and not (self.only_survivors and verdict == KILLED):
                yield mutant

    def _learn(self) -> None:
        """Run every test once, in a fork, and note the functions it meets."""
        inbox, outbox = os.pipe()
        if os.fork() == 0:
            try:
                found = [self._met(*each) for each in followed(range(len(self.items)))]
                with os.fdopen(outbox, "w") as file:
                    json.dump(found, file)
            finally:
                os._exit(0)
        os.close(outbox)
        with os.fdopen(inbox) as file:
            learned: list[tuple[bool, float, list[str]]] = json.load(file)
        os.wait()
        failing = [self.items[n].nodeid for n, (ok, _, met) in enumerate(learned) if met and not ok]
        if failing:
            raise pytest.UsageError(f"these fail without a mutant: {failing[:5]}")
        self.seconds = [seconds for _, seconds, _ in learned]
        met = defaultdict(list)
        for number in sorted(range(len(learned)), key=lambda each: self.seconds[each]):
            for name in learned[number][2]:
                met[name].append(number)
        self.tests_of = {name: self._in_time(numbers) for name, numbers in met.items()}

    def _in_time(self, numbers: list[int]) -> list[int]:
        """Leave out those for which there is no time, the slowest first."""
        passed = accumulate(self.seconds[number] for number in numbers)
        return [number for number, until in zip(numbers, passed, strict=True) if until <= self.time]

    def _met(self, number: int, following: int) -> tuple[bool, float, list[str]]:
        let_live("stats")
        state()._stats.clear()
        before = time.process_time()
        passes = self._passes(number, following)
        return passes, time.process_time() - before, sorted(state()._stats)

    def _judge(self, mutant: str) -> int:
        name = mangled_name_from_mutant_name(mutant)
        tests = self.tests_of.get(name, [])
        if not tests:
            return UNMET
        first = self.last_killers[name]
        order = [*first, *(number for number in tests if number not in first)]
        inbox, outbox = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._try(mutant, order, outbox)
        os.close(outbox)
        killer = os.read(inbox, 8)
        os.close(inbox)
        _, status = os.waitpid(pid, 0)
        if killer:
            found = int(killer)
            self.last_killers[name] = [found, *(each for each in first if each != found)]
        return os.waitstatus_to_exitcode(status)

    def _try(self, mutant: str, order: Iterable[int], outbox: int) -> None:
        """Run tests until one fails, say which, and end this process."""
        verdict = 3  # what a crash of pytest itself leaves
        try:
            numbers = list(order)
            most = int(LEAST_SECONDS + 3 * sum(self.seconds[number] for number in numbers))
            resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))
            resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
            let_live(mutant)
            killer = next((each[0] for each in followed(numbers) if not self._passes(*each)), None)
            if killer is not None:
                os.write(outbox, str(killer).encode())
            verdict = SURVIVED if killer is None else KILLED
        finally:
            os._exit(verdict)

    def _passes(self, number: int, following: int) -> bool:
        """Run one test, and undo no more of what it had made ready than the next one will."""
        with redirect_stdout(StringIO()):
            item, next_item = self.items[number], self.items[following]
            reports = runtestprotocol(item, log=False, nextitem=next_item)
        return not any(report.failed for report in reports)


def followed(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give each with the one that follows it, and the last with itself."""
    yield from zip(numbers, [*numbers[1:], *numbers[-1:]], strict=True)


def let_live(mutant: str) -> None:
    """Make that mutant the one that is run; mutmut would ask the environment at every call."""
    mutmut.mutation.trampoline.get_mutant_under_test = lambda: mutant


def line_about(file: SourceFileMutationData) -> str:
    """Count the verdicts of a module."""
    counts: dict[str, int] = defaultdict(int)
    for verdict in file.exit_code_by_key.values():
        counts[status_by_exit_code[verdict]] += 1
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return f"{file.path}: {len(file.exit_code_by_key)} mutants, {told}"


def main(arguments: list[str]) -> int:
    """Make the mutants that changed, then judge those wanted."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--survivors", action="store_true", help="leave the killed in peace")
    parser.add_argument("only", nargs="*", help="patterns such as app.domain.vat*")
    parser.add_argument("--seconds", type=float, default=inf, help="for all tests of a mutant")
    options = parser.parse_args(arguments)
    let_live("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    with redirect_stdout(StringIO()):
        copy_src_dir()
        copy_also_copy_files()
        setup_source_paths()
        create_mutants(1)
    files = []
    for path in sorted(walk_mutatable_files()):
        file = SourceFileMutationData(path=path)
        file.load()
        file.meta_path = file.meta_path.resolve()
        if file.exit_code_by_key:
            files.append(file)
    tests, more = config().pytest_add_cli_args_test_selection, config().pytest_add_cli_args
    os.chdir("mutants")
    court = Court(files, options.only, options.survivors, options.seconds)
    return int(
        pytest.main(["--rootdir=.", "--tb=no", "--assert=plain", *more, *tests], plugins=[court])
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
