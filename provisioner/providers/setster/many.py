"""Several objects in one request: what goes into it, and what its answer says of each (seed: Create or Modify Multiple
Custom Fields, Delete Holidays).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.live import Live
from provisioner.kinds.natural import natural_key
from provisioner.plan.change import Action, Change
from provisioner.providers.base import Call, Done, Effect, NotExecuted, Part, PartOutcome, Replay, Unknown
from provisioner.providers.setster.codec import Zones
from provisioner.providers.setster.payload import DeleteMany, SaveMany, SaveOne
from provisioner.providers.setster.table import Body, Table

MOST_DELETED = 100
"""Ids in one path: more might not fit in an address."""


def save_call(table: Table, scope: str, saves: Sequence[tuple[Change, SaveOne]], needs: frozenset[str]) -> Call:
    """The one call that makes and changes these objects."""
    makes = any(change.action is Action.CREATE for change, _ in saves)
    return Call(
        f"save {_whose(scope)}{BY_NAME[table.kind].section}",
        Effect.CREATE if makes else Effect.REPLACE,
        tuple(Part(change.address) for change, _ in saves),
        needs,
        Replay.LOOK_UP if makes else Replay.SAFE,
        SaveMany(table, scope, tuple(one for _, one in saves), new_account=bool(needs)),
    )


def delete_calls(table: Table, scope: str, changes: Sequence[Change]) -> Iterable[Call]:
    """The fewest calls that delete these objects."""
    for first in range(0, len(changes), MOST_DELETED):
        some = changes[first : first + MOST_DELETED]
        number = f" {first // MOST_DELETED + 1}" if first else ""
        yield Call(
            f"delete {_whose(scope)}{BY_NAME[table.kind].section}{number}",
            Effect.REPLACE,
            tuple(Part(change.address) for change in some),
            payload=DeleteMany(table, scope, tuple(str(change.id) for change in some)),
        )


def _whose(scope: str) -> str:
    return f"{scope}/" if scope else ""


def saved(table: Table, sent: Sequence[Body], data: Any, zones: Zones) -> list[PartOutcome]:
    """What became of each body, in their order: by its id, or, for a new one, by its natural key."""
    rows = [data] if isinstance(data, Mapping) else data if isinstance(data, list) else []
    answered = [table.decode(row, zones) for row in rows if isinstance(row, Mapping) and row.get("id") is not None]
    old = {str(body["id"]) for body in sent if "id" in body}
    new = {_key(table, live.fields): live.id for live in answered if live.id not in old and live.id.isdigit()}
    ids = {live.id for live in answered}
    return [_one(body, new.get(_key(table, table.decode({"id": 0, **body}, zones).fields)), ids) for body in sent]


def _one(body: Body, new: str | None, ids: set[str]) -> PartOutcome:
    if "id" not in body:
        return Done(new) if new else Unknown("it answered no id for it")
    id_ = str(body["id"])
    if id_ not in ids and new:
        return NotExecuted(
            f"the vendor made a second one (id {new}) instead of changing {id_}: delete one of the two by hand"
        )
    return Done(id_)


def came_along(table: Table, body: Body, there: Iterable[Live], zones: Zones) -> Live | None:
    """The only one of some live objects that a new body is about, by its natural key."""
    key = _key(table, table.decode({"id": 0, **body}, zones).fields)
    fits = [live for live in there if _key(table, live.fields) == key]
    return fits[0] if len(fits) == 1 else None


def _key(table: Table, fields: Mapping[str, Any]) -> tuple[Any, ...] | None:
    kind = BY_NAME[table.kind]
    return natural_key(kind, kind.natural[0], fields)
