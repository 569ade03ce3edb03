"""Mail addresses in one spelling, so that one mailbox has one account."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email


def normal_email(text: str) -> str:
    """Write an address as it is stored: ASCII (IDNA domain) and lower-case; raises ValueError."""
    try:
        read = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError("not a mail address") from error
    return (read.ascii_email or read.normalized).lower()
