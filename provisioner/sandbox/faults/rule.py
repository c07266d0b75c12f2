"""One rule of a script: what goes wrong, with which requests, and how often."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.faults import value
from provisioner.sandbox.faults.fault import SORTS
from provisioner.sandbox.faults.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioner.sandbox.faults.fault import Fault, Refusal

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
_MOST = 1_000_000_000
_COUNT = value.whole(1, _MOST, 1)


def _is_glob(path: Any) -> bool:
    return isinstance(path, str) and path.startswith(("/", "*")) and not path.startswith("/api/") and "{" not in path


# What a rule may say whatever its fault is.
ASKED: dict[str, Value] = {
    "method": Value(f"one of {', '.join(METHODS)}", lambda given: given is None or given in METHODS),
    "path": Value(
        "a path below /api/v2, where * stands for anything, such as /location or /location/*, or one of TimeTap's with"
        " its /timetap",
        lambda given: given is None or _is_glob(given),
    ),
    "skip": value.whole(0, _MOST, 0),
    "times": _COUNT._replace(
        meaning=f"{_COUNT.meaning}, or null for ever", fits=lambda given: given is None or _COUNT.fits(given)
    ),
    "rate": value.number(0, 1, 1.0),
}


class Rule(NamedTuple):
    """A rule that has been checked; `given` are the fault's own values."""

    fault: str
    method: str | None
    path: str | None
    skip: int
    times: int | None
    rate: float
    given: Mapping[str, Any]

    def matches(self, method: str, path: str, *, sign_in: bool) -> bool:
        """Whether a request is meant; a sign-in is only by a rule with a path."""
        if self.method not in (None, method):
            return False
        return not sign_in if self.path is None else fnmatchcase(path, self.path)

    def strike(self, refusal: Refusal) -> Fault:
        """Make the fault, which answers with the vendor's refusal where it answers."""
        return SORTS[self.fault].make(self.given, refusal)


def parse(written: Any) -> Rule:
    """Read a rule as it is written in JSON; ValueError says what is wrong with it and what could stand there."""
    if not isinstance(written, dict):
        raise ValueError('a rule is an object such as {"fault": "reset", "path": "/location"}')  # noqa: TRY004  one error for all of JSON
    name = written.get("fault")
    if not isinstance(name, str) or name not in SORTS:
        raise ValueError(f"fault {name!r} is unknown; there are {', '.join(SORTS)}")
    own = SORTS[name].values
    for each in written:
        if each != "fault" and each not in ASKED and each not in own:
            raise ValueError(f"{name} takes no {each!r}; it takes {', '.join((*own, *ASKED))}")
    asked = {each: _value(name, each, known, written) for each, known in ASKED.items()}
    return Rule(fault=name, **asked, given={each: _value(name, each, known, written) for each, known in own.items()})


def _value(fault: str, name: str, known: Value, written: Mapping[str, Any]) -> Any:
    if name not in written and not known.required:
        return known.default
    if name not in written:
        raise ValueError(f"{fault} needs {name}: {known.meaning}")
    if not known.fits(written[name]):
        raise ValueError(f"{fault}: {name} must be {known.meaning}, not {written[name]!r}")
    return written[name]
