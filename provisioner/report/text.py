"""A plan as people read it on a terminal: the tenant, what moved outside, the changes, and a summary."""

from __future__ import annotations

from provisioner.plan.change import Action, Plan
from provisioner.report.blocks import adopt_lines, change_blocks
from provisioner.report.discreet import unpeopled
from provisioner.report.drift import drift_lines
from provisioner.report.head import Banner, Effort, head_lines
from provisioner.report.layout import wrapped
from provisioner.report.stranded import telling
from provisioner.report.summary import note_lines, nothing_line, summary_lines
from provisioner.report.undo import title_lines, undo_lines

__all__ = ["Banner", "Effort", "plan_text"]


def plan_text(plan: Plan, banner: Banner, effort: Effort, width: int = 80, *, clients: bool = False) -> str:
    """The whole text, without a line break at its end; `width` in columns, which only what cannot be broken exceeds.

    `clients` names those whose appointments would be stranded: for a terminal.
    """
    plan = unpeopled(plan)
    lines = [
        *head_lines(banner, effort, width),
        *title_lines(plan.undone, width),
        *drift_lines(plan.drift, plan.left, width),
        *change_blocks(plan.changes, width, telling(plan.booked, clients=clients)),
    ]
    lines += adopt_lines(plan.changes, width)
    lines += undo_lines(plan.undone, width)
    if any(c.action is not Action.ADOPT for c in plan.changes):
        lines += summary_lines(plan, width)
    else:
        lines += [*note_lines(plan, width), "", *wrapped("", nothing_line(plan), width)]
    return "\n".join(line.rstrip() for line in lines)
