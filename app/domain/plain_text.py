"""Words as people look for them: without case, without accents."""

import unicodedata


def folded(text: str) -> str:
    """Drop case and accents: whoever types « noel » looks for Céleste Noël."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
