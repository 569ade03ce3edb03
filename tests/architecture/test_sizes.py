"""Files and functions stay small, and no test goes unrun for want of its prefix."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.paths import ROOT, tracked

MOST_LINES = 400
MOST_LINES_OF_TESTS = 600
MOST_LINES_OF_A_FUNCTION = 40
CODE = ("*.py", "*.html", "*.js", "*.mjs", "*.css")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def test_no_file_is_longer_than_the_house_allows() -> None:
    long = {}
    for path in tracked(*CODE):
        most = MOST_LINES_OF_TESTS if path.is_relative_to(ROOT / "tests") else MOST_LINES
        lines = len(path.read_text().splitlines())
        if lines > most:
            long[named(path)] = lines
    assert long == {}


def test_no_function_is_longer_than_the_house_allows() -> None:
    long = {}
    for path in tracked("*.py"):
        for function in functions(parsed(path)):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                long[f"{named(path)}:{function.name}"] = lines
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        named(path)
        for path in tracked("*.py")
        if path.read_text().strip() and not ast.get_docstring(parsed(path))
    ]
    assert silent == []


def test_every_public_function_of_the_product_says_its_promise() -> None:
    silent = [
        f"{named(path)}:{node.name}"
        for path in tracked("app/*.py", "devices/*.py", "config/*.py", "tools/*.py")
        for node in parsed(path).body
        if isinstance(node, Function | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_test_hides_in_a_file_that_pytest_does_not_collect() -> None:
    hidden = [
        f"{named(path)}:{function.name}"
        for path in tracked("tests/*.py")
        if not path.name.startswith("test_")
        for function in functions(parsed(path))
        if function.name.startswith("test_")
    ]
    assert hidden == []


def unused_names(tree: ast.Module) -> set[str]:
    """Give the plain functions of a test file that nothing in it calls or names."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    places: list[ast.Module | ast.ClassDef] = [tree]
    places += [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
    ]
    return {
        node.name
        for place in places
        for node in place.body
        if isinstance(node, Function)
        and not node.decorator_list
        and not node.name.startswith(("test_", "__", "pytest_", "setup_", "teardown_"))
        and node.name not in used
    }


def test_no_test_lacks_its_prefix() -> None:
    everything = {path: parsed(path) for path in tracked("tests/*.py")}
    imported = {
        alias.name
        for tree in everything.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    idle = {
        f"{named(path)}:{name}"
        for path, tree in everything.items()
        if path.name.startswith("test_")
        for name in unused_names(tree) - imported
    }
    assert idle == set()


@pytest.mark.parametrize("source", ["def a_room_is_free(app):\n    assert app\n"])
def test_a_forgotten_prefix_would_be_seen(source: str) -> None:
    assert unused_names(ast.parse(source)) == {"a_room_is_free"}
