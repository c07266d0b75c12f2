"""Webhooks on the wire (seed: List Webhooks, Create a Webhook, Modify a Webhook).

Assumption: nothing says whether written events replace those there are or are added to them. So a write names all of
them: what is wanted as active, every other one that is live as silenced.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.kinds.webhook import EVERY, normal
from provisioner.providers.setster.codec import Wire, number_flag, read_flag, text
from provisioner.providers.setster.table import Table


def write_events(words: tuple[str, ...]) -> list[dict[str, Any]]:
    """Events as a body says them."""
    return [{"event": word, "active": 1} for word in words]


def read_events(raw: Any) -> tuple[str, ...]:
    """The events that are not silenced. Raises ValueError or TypeError for what cannot be told.

    Assumption: nobody says what a silenced event beside an active `*` means, so that is not readable, and written anew.
    """
    said = _said(raw)
    active = normal(word for word, on in said.items() if on)
    if said.get(EVERY) and not all(said.values()):
        raise ValueError("some are silenced of all")
    return active


def join_events(live: Any, wanted: Any) -> Any:
    """What is live as it is, or, where something is wanted, silenced as far as that is not wanted.

    Beside `*` nothing is silenced: it might be taken for an exception. What is live and cannot be read is sent back as
    it came, or, where something is wanted, that alone is sent.
    """
    try:
        said = _said(live)
    except (KeyError, TypeError, ValueError):
        return live if wanted is None else wanted
    if wanted is not None:
        named = _said(wanted)
        said = dict.fromkeys(said, EVERY in named) | named
    return [{"event": word, "active": int(on)} for word, on in said.items()]


def _said(raw: Any) -> dict[str, bool]:
    """Event -> whether it is active, from objects and bare words (seed: Create a Webhook, `events`)."""
    if raw in (None, "", {}):
        return {}
    if not isinstance(raw, list):
        raise TypeError("no list of events")
    return dict(map(_event, raw))


def _event(raw: Any) -> tuple[str, bool]:
    if isinstance(raw, Mapping):
        return str(raw["event"]), read_flag(raw.get("active", 1))
    if isinstance(raw, str):
        return raw, True
    raise TypeError("no event")


WEBHOOK = Table(
    kind="webhook",
    path="/subscribe",
    fields={
        "target_url": text("target_url"),
        "events": Wire("events", lambda v, _: write_events(v or ()), lambda raw, _: read_events(raw)),
        "active": number_flag("active"),
    },
    passed=frozenset(),
    secrets=frozenset({"verification_key"}),  # only ever read
    join={"events": join_events},
)
