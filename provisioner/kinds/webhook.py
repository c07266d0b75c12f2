"""A webhook: an address that the vendor notifies of appointments (seed: Create a Webhook)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from provisioner.kinds.base import Resource, Unreadable
from provisioner.kinds.fields import URL, Bool, Form
from provisioner.kinds.values import parse_url, refused, said

EVENTS = (
    "appointment.created",
    "appointment.updated",
    "appointment.deleted",
    "appointment.rescheduled",
    "appointment.reminder",
    "appointment.canceled",
)
EVERY = "*"
"""The vendor's word for every event there is and will be."""
ALL = (EVERY,)
_FORMS = f"all, or a list of {', '.join(EVENTS)}"


def parse_events(raw: Any) -> tuple[str, ...]:
    """A list of events, each once, or `all`."""
    if isinstance(raw, tuple):
        return raw
    if raw == "all":
        return ALL
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise refused(raw, "is no list of events", "all" if raw == EVERY else _FORMS)
    for number, word in enumerate(raw):
        _check(word, raw[:number])
    return normal(raw)


def _check(word: Any, before: Sequence[Any]) -> None:
    if word in (EVERY, "all"):
        raise ValueError(f"{said(word)} is no item of the list: write events: all instead of it")
    if word not in EVENTS:
        near = get_close_matches(str(word).lower()[:60], EVENTS, n=1, cutoff=0.7)
        raise refused(word, "is no event", near[0] if near else _FORMS)
    if word in before:
        raise ValueError(f"{word} stands there twice: remove one")


def normal(words: Iterable[str]) -> tuple[str, ...]:
    """Events in one order, so that two ways to write the same are one value; every single one is `ALL`."""
    named = set(words)
    if EVERY in named or named.issuperset(EVENTS):
        return ALL
    return (*(word for word in EVENTS if word in named), *sorted(named.difference(EVENTS)))


_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\[\]\s]+)", re.IGNORECASE)
ENDS = frozenset({"appointment.canceled", "appointment.deleted", "appointment.updated", EVERY})
"""What may be said of an appointment of which something is deleted. Assumption: no page says that anything is."""


def hears(values: Mapping[str, Any]) -> str:
    """The host that may be called when something is deleted that appointments need; "" where the webhook is silent.

    What cannot be read counts. No more than the host is said: the rest of an address may be a secret.
    """
    events, target = values.get("events"), values.get("target_url")
    known = isinstance(events, tuple) and not isinstance(events, Unreadable)
    if values.get("active") is False or (known and ENDS.isdisjoint(events or ())):
        return ""
    found = _HOST.match(target) if isinstance(target, str) else None
    return found["host"].lower() if found else "an address that cannot be read"


def parse_target(raw: Any) -> str:
    """A whole web address, scheme included; never one with a user name in it."""
    text = parse_url(raw)
    if not re.match("https?://", text, re.IGNORECASE):
        raise refused(text, "lacks its scheme", f"https://{text}")
    return text


def _target(raw: Any) -> str:
    if raw is None:
        raise ValueError("null is not allowed here: it cannot be cleared")
    return parse_target(raw)


def _events(raw: Any) -> tuple[str, ...]:
    if raw is None:
        raise ValueError("null is not allowed here: write [] for none")
    return parse_events(raw)


EVENTS_FORM = Form(
    "events",
    lambda v: "all" if v == ALL else list(v),
    grammar=f"a list of {', '.join(f'`{word}`' for word in EVENTS)}; or `all`",
    schema={"oneOf": [{"const": "all"}, {"type": "array", "items": {"enum": list(EVENTS)}, "uniqueItems": True}]},
)
Target = Annotated[str, BeforeValidator(_target), URL]
Events = Annotated[tuple[str, ...] | None, BeforeValidator(_events), EVENTS_FORM]


class Webhook(Resource):
    """An address of yours that is called when something happens to an appointment."""

    kind: ClassVar[str] = "webhook"
    section: ClassVar[str] = "webhooks"
    title: ClassVar[str] = "webhook"
    natural: ClassVar[tuple[tuple[str, ...], ...]] = (("target_url",),)
    to_create: ClassVar[tuple[str, ...]] = ("events",)

    target_url: Target = Field(description="what is called; found by it when it is not in the state")
    events: Events = Field(None, description="what it is called for; the live ones that are not named are silenced")
    active: Bool = Field(None, description="false silences it whole; the vendor's default is true")
