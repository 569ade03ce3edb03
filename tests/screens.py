"""What tests of pages look at: headings, sentences, links and hidden values of a page."""

from __future__ import annotations

import html
import re

from werkzeug.test import TestResponse

ASKED = {"date": "2026-11-24", "start": "10:00", "end": "12:00", "people": "4"}


def text_of(answer: TestResponse) -> str:
    """Give the words of a page as one line, with plain blanks."""
    page = answer.get_data(as_text=True)
    page = re.sub(r"<(script|svg|template).*?</\1>", " ", page, flags=re.DOTALL)
    words = html.unescape(re.sub(r"<[^>]+>", " ", page))
    return re.sub(r"[\s\u00a0\u202f]+", " ", words)


def heading(answer: TestResponse) -> str:
    """Give the one heading of a page."""
    page = answer.get_data(as_text=True)
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert len(found) == 1, found
    return re.sub(r"[\s\u00a0\u202f]+", " ", html.unescape(found[0])).strip()


def links(answer: TestResponse, start: str = "") -> list[str]:
    """Give the addresses a page leads to."""
    page = answer.get_data(as_text=True)
    found = [html.unescape(href) for href in re.findall(r'href="([^"]*)"', page)]
    return [href for href in found if href.startswith(start)]


def forms(answer: TestResponse, action: str) -> list[dict[str, str]]:
    """Give the hidden values of the page's forms that post to ``action``."""
    page = answer.get_data(as_text=True)
    bodies = re.findall(
        rf'<form method="post" action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL
    )
    return [_hidden(body) for body in bodies]


def value_of(answer: TestResponse, name: str) -> str:
    """Give what an input of the page shows."""
    page = answer.get_data(as_text=True)
    tag = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page)
    assert tag is not None, name
    value = re.search(r'\bvalue="([^"]*)"', tag.group())
    return html.unescape(value.group(1)) if value else ""


def _hidden(body: str) -> dict[str, str]:
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', body)
    pairs = [(re.search(r'name="([^"]*)"', t), re.search(r'value="([^"]*)"', t)) for t in tags]
    return {name[1]: html.unescape(value[1]) for name, value in pairs if name and value}
