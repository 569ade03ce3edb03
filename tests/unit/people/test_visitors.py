"""After signing in one goes on within the site, whatever the address bar was made to say."""

from __future__ import annotations

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.utils import redirect

from app.people.routes.visitors import device_words, own_path
from app.web.pace import origin


@pytest.mark.parametrize("path", ["/", "/bookings", "/sites/metz/day?date=2026-11-24&x=1#soir"])
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        None,
        "",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/" + "a" * 5000,
        "/\0",
        "//[",
    ],
)
def test_anything_else_leads_home(elsewhere: str | None) -> None:
    assert own_path(elsewhere) == "/"


@given(st.text(alphabet="/\\:@?#.ab\t\n ", max_size=12))
def test_no_text_leads_to_another_host(text: str) -> None:
    target = own_path(text)
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    response = redirect(target)
    assert response.headers["Location"].startswith("/")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("proxy", "unknown"),
    ],
)
def test_tries_are_counted_by_customer_of_a_network(address: str, network: str) -> None:
    environ = EnvironBuilder(environ_base={"REMOTE_ADDR": address}).get_environ()
    with Flask("test").request_context(environ):
        assert request.remote_addr == address
        assert origin() == network


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("", ""),
        ("<script>", ""),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, words: str) -> None:
    assert device_words(agent) == words
