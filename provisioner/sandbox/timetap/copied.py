"""A copy of series that were read elsewhere: the same ids and fields, and the dates that each takes place on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.tables import occurrences
from provisioner.sandbox.tables import series as table
from provisioner.sandbox.timetap import fields, settings, signin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioner.sandbox.world import World


def begin(world: World, document: Mapping[str, Any]) -> None:
    """Fill an empty store with a copy, in the transaction that is open.

    The document has the `business` and its `series`, each as it was read.
    """
    world.store.set_setting(signin.SETTING, document["business"])
    settings.write(world.store, {"timestamp_seconds": None})  # whoever rehearses may have a clock of their own
    for raw in document["series"]:
        number, dates = raw["recurringAppointmentId"], sorted(map(str, raw.get("dates") or ()))
        body = {name: raw[name] for name, each in fields.FIELDS.items() if each.accept and raw.get(name) is not None}
        until = str(raw.get("endDate") or (dates[-1] if dates else raw.get("startDate")))
        made, changed = (_stamp(raw.get(name)) for name in ("dateCreated", "dateModified"))
        table.copy(world.store, table.Series(number, document["business"], body, until, made, changed))
        occurrences.add(world.store, number, list(dict.fromkeys(dates)))


def _stamp(read: Any) -> int:
    return read if isinstance(read, int) else 0
