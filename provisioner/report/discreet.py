"""A plan for a file that is kept: the same changes, without what they hold about a person."""

from __future__ import annotations

from dataclasses import replace

from provisioner.kinds import BY_NAME
from provisioner.plan.change import Change, FieldChange, Plan
from provisioner.report.fields import WITHHELD


def discreet(plan: Plan) -> Plan:
    """The plan with a mark in the place of each value of a personal kind."""
    return replace(plan, changes=tuple(map(_change, plan.changes)), drift=tuple(map(_change, plan.drift)))


def unpeopled(plan: Plan) -> Plan:
    """The plan as it is shown: where it takes a run back, both sides of what is a person's own came from the tenant."""
    if plan.undone is None:
        return plan
    return replace(plan, changes=tuple(replace(change, fields=_fields(change)) for change in plan.changes))


def _change(change: Change) -> Change:
    stranded = tuple(replace(booking, client="", client_id="") for booking in change.stranded)
    return replace(change, fields=_fields(change), stranded=stranded)


def _fields(change: Change) -> tuple[FieldChange, ...]:
    return tuple(map(_field, change.fields)) if BY_NAME[change.address.kind].personal else change.fields


def _field(field: FieldChange) -> FieldChange:
    before, after = (value if value is None else WITHHELD for value in (field.before, field.after))
    return replace(field, before=before, after=after, applied=None)
