"""What an editor can check of a scalar while it is typed: JSON Schema fragments beside the parsers of the same names.

A fragment never refuses what its parser accepts. What only the parser can refuse (the 30th of February) may pass.
The expressions are read alike by Python and by JavaScript in its Unicode mode.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Fragment = Mapping[str, Any]

_NUMBER = "(?:0|[1-9][0-9]{0,5})"
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_YEAR = "(?:19[7-9][0-9]|2[0-9]{3})"
_DATE = f"{_YEAR}-{_MONTH}-{_DAY}"
_TIME = "(?:(?:[01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)"
_INTERVAL = f"{_TIME} *- *{_TIME}"
_WEEKDAY = "(?:mon|tue|wed|thu|fri|sat|sun)"
_DAYS = f"(?:daily|{_WEEKDAY}(?: *- *{_WEEKDAY})?)"
_LABEL = r'[^\s:/?#@<>"\\.]+'

KEY = "[a-z0-9][a-z0-9_-]{0,62}"
"""A person's own name for a resource, without the reserved ones."""

ANY_TEXT: Fragment = {"type": "string"}
NAME: Fragment = {"type": "string", "pattern": r"^\S(?:[\s\S]*\S)?$"}
LETTERS_AND_DIGITS: Fragment = {"type": "string", "pattern": "^[A-Za-z0-9]+$"}
BOOLEAN: Fragment = {"type": "boolean"}
WHOLE: Fragment = {"type": "integer"}
MONEY: Fragment = {
    "type": ["number", "string"],
    "minimum": 0,
    "pattern": r"^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,4})?$",
    "examples": [30, 29.5],
}
DEGREES: Fragment = {"type": "number", "minimum": -180, "maximum": 180, "examples": [34.0522]}
ZONE: Fragment = {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}$",
    "examples": ["America/Los_Angeles", "Europe/London"],
}
EMAIL: Fragment = {
    "type": "string",
    "pattern": r'^[^@\s,;:<>()\[\]"\\]{1,64}@(?:[^@\s.]+\.)+[^@\s.]+$',
    "examples": ["ana@example.com"],
}
URL: Fragment = {
    "type": "string",
    "pattern": rf'^(?:[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#@<>"\\]+|(?:{_LABEL}\.)+{_LABEL}(?::[0-9]{{1,5}})?)'
    r'(?:[/?#][^\s<>"\\]*)?$',
    "examples": ["https://www.example.com"],
}
DATE: Fragment = {"type": "string", "pattern": f"^{_DATE}$", "examples": ["2027-08-03"]}
DATES: Fragment = {
    "type": ["string", "integer"],
    "minimum": 1970,
    "maximum": 2999,
    "pattern": rf"^(?:{_YEAR}(?:-{_MONTH}(?:-{_DAY})?)?| *{_DATE} *\.\. *{_DATE} *)$",
    "examples": ["2027-08-03..2027-08-14", "2027-08", 2027],
}
INTERVAL: Fragment = {"type": "string", "pattern": f"^{_INTERVAL}$", "examples": ["09:00-17:00"]}
HOURS_OF_A_DAY: Fragment = {
    "type": ["string", "array"],
    "pattern": f"^(?:closed|{_INTERVAL})$",
    "items": INTERVAL,
    "examples": ["09:00-17:00", ["09:00-12:00", "13:00-17:00"], "closed"],
}
WEEK: Fragment = {
    "type": "object",
    "description": "The days of a week; a day that is not named is closed. Required.",
    "propertyNames": {
        "pattern": f"^ *{_DAYS}(?:[ ,]+{_DAYS})*,* *$",
        "patternErrorMessage": "write a day or days: mon, mon-fri, mon wed or daily",
        "examples": ["mon-fri", "sat", "daily"],
    },
    "additionalProperties": HOURS_OF_A_DAY,
    "examples": [{"mon-fri": "09:00-17:00"}],
}
LIMIT: Fragment = {
    "type": ["integer", "string", "array"],
    "minimum": 0,
    "pattern": r"^(?:0|[1-9][0-9]{0,17}|(?:0|[1-9][0-9]?|100)(?:\.[0-9]{1,4})?%)$",
    "items": {"type": ["integer", "string"], "minimum": 0},
    "minItems": 1,
    "maxItems": 2,
    "examples": [10, "30%", [10, "30%"]],
}


def duration(*, never: bool) -> Fragment:
    """A sum of days, hours and minutes, and `never` where a field takes it; multiples are the parser's business."""
    parts = [f"{_NUMBER} *{unit}" for unit in ("d", "h", "min")]
    text = f"(?=[0-9]|  *[0-9])(?:{parts[0]})?(?: *{parts[1]})?(?: *{parts[2]})?"
    return {
        "type": "string",
        "pattern": f"^(?:never|{text})$" if never else f"^{text}$",
        "examples": ["24 h", "never"] if never else ["45 min", "2 h"],
    }
