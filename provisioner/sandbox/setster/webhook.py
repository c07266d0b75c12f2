"""Webhooks: addresses to be told of what happens to appointments; see `appointment_event` and `outbox` for the rest."""

from __future__ import annotations

import secrets
from datetime import UTC
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import DONE, Reply
from provisioner.sandbox.setster.shape import Field, Shape, fixed
from provisioner.sandbox.setster.values import UnfitError
from provisioner.sandbox.tables import objects

if TYPE_CHECKING:
    from provisioner.sandbox.setster.shape import Record

KIND = "webhook"
CREATED = 201
# seed: Create a Webhook, events
_happening = values.one_of(
    (
        *("appointment.created", "appointment.updated", "appointment.deleted"),
        *("appointment.rescheduled", "appointment.reminder", "appointment.canceled", "*"),
    ),
    values.text,
)
_switch = values.one_of((0, 1))


def events(value: Any) -> list[dict[str, Any]]:
    """Accept words and `{event, active}`, mixed (seed: Create a Webhook, the sample)."""
    if not isinstance(value, list):
        raise UnfitError("must be a list")
    return [_event(number, item) for number, item in enumerate(value, start=1)]


def _event(number: int, item: Any) -> dict[str, Any]:
    said = item if isinstance(item, dict) else {"event": item}
    try:
        return {"event": _happening(said.get("event")), "active": _switch(said.get("active", 1))}
    except ValueError as error:
        raise UnfitError(f"entry {number} {error}") from None


# seed: Create a Webhook; the sample's address is empty
SHAPE = Shape(
    (
        *fixed(0, "id", "company_id", accept=values.whole),
        Field("target_url", values.matching(r"(https?://\S+)?", "must be a web address")),
        Field("events", events, []),
        Field("active", _switch, 1),
        *fixed("", "verification_key", "created_at", "updated_at"),
    ),
    required=("target_url",),
)
# seed: List Webhooks
FILTERS = ("target_url", "active", "verification_key", "created_at", "updated_at")


def list_all(call: Call) -> Reply:
    """Return the webhooks, silenced ones as well (seed: List Webhooks)."""
    found = filter(SHAPE.matches(FILTERS, call.query), objects.listed(call.store, KIND, call.company))
    return Reply([SHAPE.read(each) for each in found])


def get(call: Call) -> Reply:
    """Return one webhook in a list (seed: Get a Webhook)."""
    return Reply([SHAPE.read(call.stored(KIND))])


def create(call: Call) -> Reply:
    """Create a webhook, with a key of the vendor's own; answered with 201 (seed: Create a Webhook).

    Assumption: two may have one address.
    """
    accepted, now = SHAPE.accept(call.mapping), _now(call)
    record = SHAPE.fresh() | accepted | {"verification_key": secrets.token_hex(16), "created_at": now}
    record |= {"updated_at": now, "events": _kept(call, [], accepted.get("events", []))}
    number = objects.insert(call.store, KIND, call.company, record)
    return Reply(SHAPE.read(call.stored(KIND, number)), status=CREATED)


def modify(call: Call) -> Reply:
    """Modify a webhook (seed: Modify a Webhook).

    Assumption: nothing says whether written events replace those there are; what merges links merges these as well.
    """
    old, accepted = call.stored(KIND), SHAPE.accept(call.mapping)
    if "events" in accepted:
        held = copied(old["events"])
        before = held if call.dialect.links == "merge" else []
        said = {each["event"]: each for each in (*before, *accepted["events"])}
        accepted |= {"events": _kept(call, held, [*said.values()])}
    record: Record = SHAPE.changed(old, accepted, full=call.dialect.put == "full") | {"updated_at": _now(call)}
    objects.save(call.store, KIND, old["id"], record)
    return Reply(SHAPE.read(record))


def delete(call: Call) -> Reply:
    """Delete a webhook (seed: Delete a Webhook)."""
    objects.delete(call.store, KIND, call.stored(KIND)["id"])
    return DONE


def copied(events: Any) -> list[dict[str, Any]]:
    """Return events that were read elsewhere as they are kept: bare words are active, and what is none is left out."""
    said = ({"event": each, "active": 1} if isinstance(each, str) else each for each in _listed(events))
    return [each for each in said if isinstance(each, dict) and "event" in each]


def _listed(events: Any) -> list[Any]:
    return events if isinstance(events, list) else []


def _kept(call: Call, old: list[dict[str, Any]], said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return events as they are stored: each once, with an id that stays."""
    known = {each["event"]: each for each in old}
    kept = {}
    for each in said:
        fresh = {"id": call.store.next_id("webhook_event", 13_400), "created_at": _now(call)}
        kept[each["event"]] = known.get(each["event"], fresh) | each
    return [*kept.values()]


def _now(call: Call) -> str:
    return call.world.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


OPERATIONS = (
    Operation("GET", "/subscribe", list_all),
    Operation("POST", "/subscribe", create),
    Operation("GET", "/subscribe/{id}", get),
    Operation("PUT", "/subscribe/{id}", modify),
    Operation("DELETE", "/subscribe/{id}", delete),
)
