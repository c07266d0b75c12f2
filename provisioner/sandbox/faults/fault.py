"""Every fault: what it does to a request's work and to its answer, and the values that a rule may give it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from provisioner.sandbox.exchange import Answer
from provisioner.sandbox.faults import value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provisioner.sandbox.faults.value import Value

    Refusal = Callable[[int, int], Answer]

SILENCE = 300.0  # seconds: longer than clients wait
PAGE = b"<!doctype html>\n<html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>\n"


class Fault(NamedTuple):
    """One misfortune, which befalls one request; times are in seconds."""

    name: str
    executed: bool = False
    """Its work is done, whatever is answered."""
    late: float | None = None
    """Its work is done after so long, answered or not."""
    ends: Literal["its own", "all"] | None = None
    """The sessions that are over before its work."""
    instead: Answer | None = None
    """What is answered in place of what the work answers."""
    answer: Literal["whole", "slow", "reset", "timeout", "half", "short"] = "whole"
    """How it is answered: whole, after a while, never, or only the first half, with the whole's length or its own."""
    seconds: float = 0.0
    """How long the while is, or the silence."""

    @property
    def lost(self) -> bool:
        """Whether no answer is sent at all."""
        return self.answer in ("reset", "timeout")


class Sort(NamedTuple):
    """One word of the script: the values it takes and how they become a fault.

    `make` gets the values and what writes the vendor's refusal from a code and an HTTP status.
    """

    values: Mapping[str, Value]
    make: Callable[[Mapping[str, Any], Refusal], Fault]


def _refuse(given: Mapping[str, Any], refusal: Refusal) -> Fault:
    return Fault("refuse", instead=refusal(given["code"], given["status"]))


def _throttle(given: Mapping[str, Any], refusal: Refusal) -> Fault:
    """Assumption: the vendor's page knows no rate limit; 429 comes with the envelope of NOT_ALLOWED."""
    return Fault("throttle", instead=_retry_after(refusal(8, 429), given))


def _error(given: Mapping[str, Any], refusal: Refusal) -> Fault:
    return Fault("error", given["executed"], instead=_retry_after(refusal(given["code"], given["status"]), given))


def _retry_after(answer: Answer, given: Mapping[str, Any]) -> Answer:
    after = given["retry_after"]
    return answer if after is None else answer._replace(headers=((b"retry-after", str(after).encode()),))


def _html(given: Mapping[str, Any], _refusal: Refusal) -> Fault:
    return Fault("html", given["executed"], instead=Answer(given["status"], PAGE, media_type="text/html"))


def _reset(given: Mapping[str, Any], _refusal: Refusal) -> Fault:
    return Fault("reset", given["executed"], answer="reset")


def _timeout(given: Mapping[str, Any], _refusal: Refusal) -> Fault:
    return Fault("timeout", given["executed"], answer="timeout", seconds=given["seconds"])


def _late(given: Mapping[str, Any], _refusal: Refusal) -> Fault:
    return Fault("late", late=given["seconds"], answer=given["answer"], seconds=SILENCE)


def _truncate(given: Mapping[str, Any], _refusal: Refusal) -> Fault:
    return Fault("truncate", executed=True, answer="half" if given["content_length"] == "whole" else "short")


def _slow(given: Mapping[str, Any], _refusal: Refusal) -> Fault:
    return Fault("slow", executed=True, answer="slow", seconds=given["seconds"])


def _expire(given: Mapping[str, Any], _refusal: Refusal) -> Fault:
    return Fault("expire", executed=True, ends="all" if given["all"] else "its own")


_NOT_EXECUTED = {"executed": value.flag(default=False)}
_EXECUTED = {"executed": value.flag(default=True)}

SORTS: dict[str, Sort] = {
    "refuse": Sort({"status": value.status(200, 400, 499), "code": value.whole(1, 11, 8)}, _refuse),
    "throttle": Sort({"retry_after": value.retry_after()}, _throttle),
    "error": Sort(
        _NOT_EXECUTED
        | {"status": value.status(503, 500, 599), "code": value.whole(4, 5, 4), "retry_after": value.retry_after()},
        _error,
    ),
    "html": Sort(_NOT_EXECUTED | {"status": value.status(200, 400, 599)}, _html),
    "reset": Sort(_EXECUTED, _reset),
    "timeout": Sort(_EXECUTED | {"seconds": value.seconds(SILENCE)}, _timeout),
    "late": Sort({"seconds": value.seconds(), "answer": value.choice("reset", "timeout")}, _late),
    "truncate": Sort({"content_length": value.choice("whole", "sent")}, _truncate),
    "slow": Sort({"seconds": value.seconds()}, _slow),
    "expire": Sort({"all": value.flag(default=False)}, _expire),
}
