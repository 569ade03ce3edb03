"""The import contracts of pyproject.toml hold, and name every feature there is."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.paths import ROOT

NOT_FEATURES = {"db", "demonstration", "domain", "gateways", "static", "translations", "web"}


def contracts() -> list[dict[str, list[str]]]:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: list[dict[str, list[str]]] = document["tool"]["importlinter"]["contracts"]
    return found


def features() -> set[str]:
    folders = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    return folders - NOT_FEATURES


def test_every_import_contract_holds() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]


def test_every_feature_stands_in_the_order_of_the_house() -> None:
    (order,) = [found for found in contracts() if "app.domain" in str(found.get("layers"))]
    named = " ".join(order["layers"])
    assert {name for name in features() if f"app.{name}" not in named} == set()


def test_every_feature_has_its_floors_checked() -> None:
    (floors,) = [found for found in contracts() if "containers" in found]
    assert {f"app.{name}" for name in features()} == set(floors["containers"])


def test_the_rules_load_without_flask_or_sqlalchemy() -> None:
    names = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "app" / "domain").rglob("*.py")
        if path.name != "__init__.py"
    )
    program = (
        f"import sys, {', '.join(names)}\n"
        "print([name for name in ('flask', 'sqlalchemy', 'babel') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
