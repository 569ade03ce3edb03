"""Secrets handed to people: 256 random bits as text, of which only the SHA-256 is ever stored."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_PREFIX = "tk_"  # noqa: S105 - says what the text is, so that scanners find leaked ones


def new_secret(prefix: str = "") -> str:
    """Make a secret that nobody can guess, safe in addresses and headers."""
    return prefix + secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """Give what is stored of a secret; without salt, because 256 random bits need none."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
