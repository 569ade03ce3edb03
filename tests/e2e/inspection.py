"""What every page must be: sound by axe, with one title, no sideways scroll, and its focus seen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
OURS = Path(__file__).with_name("inspection.js")


def faults_of(page: Page, *, language: str = "fr", touch: bool = False) -> list[str]:
    """List what is wrong with the page that stands open."""
    faults = []
    spoken = page.locator("html").get_attribute("lang")
    if spoken != language:
        faults.append(f"lang is {spoken}")
    titles = page.locator("h1").count()
    if titles != 1:
        faults.append(f"{titles} h1")
    faults += violations(page)
    faults += _asked(page, "sideways")
    faults += [f"small target: {each}" for each in (_asked(page, "smallTargets") if touch else [])]
    faults += [f"focus unseen: {each}" for each in _asked(page, "unseenFocus")]
    return faults


def violations(page: Page, *rules: str) -> list[str]:
    """Ask axe-core, for every rule or for some; any impact counts."""
    return _asked(page, "violations", list(rules))


def _asked(page: Page, question: str, argument: object = None) -> list[str]:
    if not page.evaluate("'inspection' in window"):
        page.evaluate(AXE.read_text())
        page.evaluate(OURS.read_text())
    found: list[str] = page.evaluate(f"argument => inspection.{question}(argument)", argument)
    return found
