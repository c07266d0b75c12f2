"""How often something takes place: every so many weeks or months."""

from __future__ import annotations

import re
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator

from provisioner.kinds.fields import Form
from provisioner.kinds.values import refused

UNITS = ("week", "month")
_EXAMPLES = "1 week, 2 weeks or 1 month, for example"
_FORM = re.compile(r"([1-9][0-9]{0,2}) *(week|month)s?")
_LOOSE = re.compile(r"\s*(?:every\s+)?([0-9]+|an?|one|two|three|four|other)?\s*(w|m)[a-z]*\.?\s*", re.IGNORECASE)
_LOOSE_NUMBERS = {"": 1, "a": 1, "an": 1, "one": 1, "two": 2, "other": 2, "three": 3, "four": 4}
_WORDS = {"weekly": "1 week", "biweekly": "2 weeks", "fortnightly": "2 weeks", "monthly": "1 month"}


class Frequency(NamedTuple):
    """`number` is 1 or more, `unit` one of `UNITS`."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"


def parse_frequency(raw: Any) -> Frequency:
    """A frequency from `2 weeks` or `1 month`."""
    if isinstance(raw, Frequency):
        return raw
    found = _FORM.fullmatch(raw) if isinstance(raw, str) else None
    if found:
        return Frequency(int(found[1]), found[2])
    raise refused(raw, "does not say how often", (_guessed(raw) if isinstance(raw, str) else None) or _EXAMPLES)


def _guessed(text: str) -> str | None:
    """What was meant by `weekly`, `2w` or `every other month`."""
    if known := _WORDS.get(text.strip().lower()):
        return known
    found = _LOOSE.fullmatch(text[:40])
    if not found:
        return None
    number = (found[1] or "").lower()
    count = int(number) if number.isdigit() else _LOOSE_NUMBERS[number]
    unit = next(unit for unit in UNITS if unit.startswith(found[2].lower()))
    return str(Frequency(count, unit)) if 0 < count < 1000 else None


FREQUENCY = Form(
    "frequency",
    str,
    grammar="`1 week`, `2 weeks`, `1 month` and so on",
    schema={"type": "string", "pattern": f"^{_FORM.pattern}$", "examples": ["1 week", "2 weeks", "1 month"]},
)
Every = Annotated[Frequency, BeforeValidator(parse_frequency), FREQUENCY]
