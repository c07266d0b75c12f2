"""Vendors repeat what they were sent: in their words no secret is left, however it is spelled there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

HIDDEN = "(secret)"


def hide(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets, as they are or encoded for an address."""
    for secret in filter(None, secrets):
        text = _spellings(secret).sub(HIDDEN, text)
    return text


@lru_cache(maxsize=16)
def _spellings(secret: str) -> re.Pattern[str]:
    return re.compile("".join(map(_spelling, secret)))


def _spelling(character: str) -> str:
    encoded = "".join(f"%{byte:02x}" for byte in character.encode(errors="replace"))
    plus = r"|\+" if character == " " else ""
    return f"(?:{re.escape(character)}|(?i:{encoded}){plus})"
