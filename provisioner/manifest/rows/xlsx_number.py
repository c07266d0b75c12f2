"""A number of a spreadsheet as the digits that somebody typed, with the zeros and separators that its format shows."""

from __future__ import annotations

import operator
import re
from decimal import Decimal
from typing import Final

from provisioner.kinds.values import plain
from provisioner.manifest.rows.table import Broken

_DIGITS: Final = 15
"""How many a spreadsheet keeps of a number."""
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)([0-9]{1,15})\]")
_COMPARED: Final = {
    "<=": operator.le, ">=": operator.ge, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "=": operator.eq,
}  # fmt: skip
_PIECE = re.compile(
    r"""(?P<zeros>0+)|"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<plain>[-+() :])"""
    r"""|\[\$-[^\]]*\]|\[[A-Za-z]+[0-9]*\]|_.|\*.""",  # a language, a colour, blanks: no part of the value
    re.DOTALL,
)


def number(text: str, code: str) -> str:
    """Digits as they were typed; a computed 0.30000000000000004 is 0.3. Broken where not all digits are kept."""
    value = float(text) if re.search(r"[.eE]", text) else int(text)
    exact = Decimal(format(value, f".{_DIGITS}g")) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return error(str(value))
    if exact != exact.to_integral_value():
        return format(exact, "f")
    digits = str(int(exact)) if exact.adjusted() < 40 else "0" * 40
    if len(digits.lstrip("-")) > _DIGITS:
        return Broken(
            f"is a number of {len(digits)} digits, of which {_DIGITS} are kept: make it Text and write it again"
        )
    return digits if digits.startswith("-") else _coded(digits, code)


def error(value: str) -> Broken:
    """A cell whose formula has no value."""
    return Broken(f"is the error {plain(value, 20)}: mend its formula, or write the value")


def _coded(digits: str, code: str) -> str:
    """A code as it is shown: 21341234 is 02134-1234 with 00000-0000. Any other format leaves digits as they are."""
    shown = _pieces(_section(int(digits), code))
    width = sum(len(piece) for piece, zeros in shown if zeros)
    if width < 2:  # one zero is any number: 0" min"
        return digits
    padded, at, text = digits.zfill(width), 0, ""
    for piece, zeros in shown:
        end = at + len(piece) + (0 if at else len(padded) - width)
        text += padded[at:end] if zeros else piece
        at = end if zeros else at
    return text


def _section(value: int, code: str) -> str:
    """The part of a format that is meant for a number from 0 on; "" when that cannot be told."""
    for section in code.split(";")[:2]:
        condition = _CONDITION.search(section)
        if condition is None:
            return section
        if _COMPARED[condition[1]](value, int(condition[2])):
            return section.replace(condition[0], "")
    return ""


def _pieces(section: str) -> list[tuple[str, bool]]:
    """The zeros and the texts of a format that has nothing else, each with whether it is zeros; else nothing."""
    found, at = [], 0
    while at < len(section):
        piece = _PIECE.match(section, at)
        if piece is None:
            return []
        if piece.lastgroup:
            found.append((piece[piece.lastgroup], piece.lastgroup == "zeros"))
        at = piece.end()
    return found
