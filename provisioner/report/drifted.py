"""What moved outside, for a job that looks every night: as text, and as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Spec, specs
from provisioner.plan.change import Action, Change, FieldChange, Left, Plan
from provisioner.report.drift import drift_lines
from provisioner.report.fields import NOT_SHOWN, value_text, written
from provisioner.report.head import Banner, Effort, head_lines
from provisioner.report.layout import counted
from provisioner.report.results import Level, Result
from provisioner.report.summary import note_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOM = 200


def drifted_text(plan: Plan, banner: Banner, effort: Effort, width: int = 80) -> str:
    """The tenant, the section of a plan that tells of drift, and one line for scripts."""
    lines = [*head_lines(banner, effort, width), *drift_lines(plan.drift, plan.left, width)]
    return "\n".join(line.rstrip() for line in [*lines, *note_lines(plan, width), "", _last(plan)])


def _last(plan: Plan) -> str:
    if not plan.managed:
        return "No drift. Nothing is managed here any more."
    if not plan.drift:
        left = f" {counted(len(plan.left), 'resource')} moved and may." if plan.left else ""
        return f"No drift.{left} {counted(plan.managed - len(plan.left), 'resource')} as the last apply left them."
    gone = sum(1 for change in plan.drift if change.action is Action.CREATE)
    return f"Drift: {len(plan.drift) - gone} changed outside, {gone} deleted outside."


def drifted_results(plan: Plan) -> list[Result]:
    """One for each field that moved and each resource that is gone; what may move is told, and is no fault."""
    return [
        *(result for change in plan.drift for result in _results(change)),
        *(result for left in plan.left for result in _left(left)),
    ]


def _results(change: Change) -> Iterator[Result]:
    where = change.place or ("", 0, 0)
    if change.action is Action.CREATE or not change.fields:
        yield Result("deleted-outside", Level.ERROR, change.reason, *where, about=str(change.address))
    known = specs(BY_NAME[change.address.kind])
    for field in change.fields:
        words = f"{field.name} is {_now(known[field.name], field)}, and was {_then(known[field.name], field)}"
        yield Result(
            "changed-outside", Level.ERROR, f"{words} when it was last applied",
            *(field.place or where), about=str(change.address),
        )  # fmt: skip


def _now(spec: Spec, field: FieldChange) -> str:
    return NOT_SHOWN if spec.personal else value_text(spec, field.before, _ROOM)


def _then(spec: Spec, field: FieldChange) -> str:
    return NOT_SHOWN if spec.personal else written(spec, field.applied, _ROOM)


def _left(left: Left) -> Iterator[Result]:
    what = "it was deleted outside" if left.gone else f"{', '.join(f.name for f in left.fields)} moved outside"
    why = BY_NAME[left.address.kind].drifts
    yield Result(
        "may-change", Level.INFO, f"{what}; not put back: {why}", *(left.place or ("", 0, 0)), str(left.address)
    )
