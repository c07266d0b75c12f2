"""Vendors repeat what they were sent: in their words no secret is left, however it is spelled there."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

HIDDEN = "(secret)"
PRIVATE = frozenset({"password"})
"""What a body calls the values that nobody may see, in any vendor's requests."""


def hide(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets: as they are, encoded for an address or a page, with other white space."""
    for secret in sorted({each for each in secrets if each.strip()}, key=len, reverse=True):
        text = _spellings(secret).sub(HIDDEN, text)
    return text


def private(body: Any) -> set[str]:
    """The secret values in the body of a request."""
    if isinstance(body, Mapping):
        own = {str(value) for name, value in body.items() if name in PRIVATE and isinstance(value, str | int)}
        return own.union(*map(private, body.values()))
    return set().union(*map(private, body)) if isinstance(body, list | tuple) else set()


@lru_cache(maxsize=16)
def _spellings(secret: str) -> re.Pattern[str]:
    words = ("".join(map(_spelling, word)) for word in secret.split())
    before, after = (f"{_BLANK}*" if edge.isspace() else "" for edge in (secret[0], secret[-1]))
    return re.compile(before + f"{_BLANK}+".join(words) + after)


def _spelling(character: str) -> str:
    encoded = "".join(f"%{byte:02x}" for byte in character.encode(errors="replace"))
    plus = r"|\+" if character == " " else ""
    escaped = html.escape(character)
    page = f"{re.escape(escaped)}|" if escaped != character else ""  # first: `&amp;` begins with what it stands for
    return f"(?:{page}{re.escape(character)}|(?i:{encoded}){plus})"


_BLANK = f"(?:{'|'.join(_spelling(chr(code)) for code in range(0x3001) if chr(code).isspace())})"
