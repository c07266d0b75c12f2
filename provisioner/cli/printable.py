"""What may reach a terminal: text that cannot move its cursor, colour it or turn its lines around."""

from __future__ import annotations

import json


def printable(text: str) -> str:
    """Text with each character that does not print (controls, bidi marks, lone surrogates) escaped as JSON does it.

    Line breaks stay. Escapes that are there already are left alone, and a JSON document means the same as before.
    """
    if text.isprintable():
        return text
    return "".join(char if char == "\n" or char.isprintable() else json.dumps(char)[1:-1] for char in text)
