"""The runs that are kept, as a table, and one of them with what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Spec, specs
from provisioner.kinds.partial import partial
from provisioner.kinds.values import escape
from provisioner.plan.change import Action, Change, FieldChange
from provisioner.report.blocks import SYMBOLS
from provisioner.report.fields import NOT_SHOWN, change_lines, written
from provisioner.report.layout import columns, cut, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from provisioner.state.run import Ending, Field, Run, Step

SHOWN = 200
"""Changes of a run that are listed; the rest is counted, and in `--json`."""
_COUNTED = (("create", "+"), ("update", "~"), ("delete", "-"), ("adopt", "="), ("forget", "."))
_REST = {"failed": "failed", "left": "not attempted", "unknown": "may or may not be done"}


class Row(NamedTuple):
    """One run in a list."""

    number: int
    run: Run | None
    """None where its file is damaged."""
    ending: Ending | None
    """None where nothing tells how it ended."""
    at_work: bool = False


def history_text(rows: Sequence[Row], width: int) -> str:
    """The table, newest first; without a line break at its end."""
    cells = [("RUN", "WHEN (UTC)", "WHO", "WHAT", "CHANGES", "COMMIT"), *map(_cells, rows)]
    size = [max(columns(row[n]) for row in cells) for n in range(5)]
    room = width - size[0] - size[1] - size[3] - size[4] - 17  # five gaps of two, and the commit
    size[2] = max(6, min(size[2], room))
    return "\n".join(_line(row, size) for row in cells)


def _line(row: tuple[str, ...], size: Sequence[int]) -> str:
    padded = (_fitted(cell, room) for cell, room in zip(row, size, strict=False))
    return "  ".join([*padded, row[5]]).rstrip()


def _fitted(cell: str, room: int) -> str:
    while columns(cell) > room:
        cell = cell[:-2].rstrip(".") + "."
    return cell + " " * (room - columns(cell))


def _cells(row: Row) -> tuple[str, ...]:
    run = row.run
    if run is None:
        return str(row.number), "", "", "", "damaged: its checksum does not fit", ""
    commit = run.commit[:7] + ("*" if run.dirty else "")
    return str(row.number), _when(run), escape(run.who), escape(run.command), _changes(row), commit


def _when(run: Run) -> str:
    return escape(run.at[:16].replace("T", " "))


def _changes(row: Row) -> str:
    if row.ending is None:
        return "at work" if row.at_work else "unknown"
    counts = row.ending.counts
    done = [f"{symbol}{counts[action]}" for action, symbol in _COUNTED if counts.get(action)]
    bad = [f"{counts[name]} {name}" for name in _REST if counts.get(name)]
    died = ["died"] if row.ending.exit is None else []
    return ", ".join([" ".join(done)] * bool(done) + died + bad) or "nothing"


# -- one run


def run_text(row: Row, steps: Sequence[Step], width: int) -> str:
    """One run: what is known of it, then each change that it made."""
    assert row.run is not None
    run, ending = row.run, row.ending
    lines = [*wrapped(f"Run {run.number}: ", _facts(run), width), *wrapped("  ", _ended(row), width)]
    undo = bool(run.undoes)
    made = [step for step in steps if ending is None or step.address in ending.done]
    maybe = [step for step in steps if ending is not None and step.address in ending.maybe]
    rest = len([step for step in steps if step.action != "move"]) - len(
        [s for s in (*made, *maybe) if s.action != "move"]
    )
    lines += ["", *(line for step in made[:SHOWN] for line in _step(step, width, undo=undo))]
    lines += [f"  and {len(made) - SHOWN} more: see --json"] if len(made) > SHOWN else []
    if maybe:
        lines += ["", "May or may not have been done"]
        lines += [line for step in maybe[:SHOWN] for line in _step(step, width, undo=undo)]
    if rest:
        lines += ["", f"Not attempted: {rest}"]
    return "\n".join(line.rstrip() for line in lines)


def _facts(run: Run) -> str:
    commit = (
        f", commit {run.commit[:10]}{' with edits that were not committed' if run.dirty else ''}" if run.commit else ""
    )
    narrowed = f", only {' '.join(run.targets)}" if run.targets else ""
    return f"{run.command} by {run.who}, {run.at[:19].replace('T', ' ')} UTC{commit}{narrowed}, digest {run.digest}"


def _ended(row: Row) -> str:
    ending = row.ending
    if ending is None:
        return "it is at work now" if row.at_work else "nothing tells how it ended"
    if ending.exit is None:
        return "it died before its end"
    rest = "".join(f", {ending.counts[name]} {words}" for name, words in _REST.items() if ending.counts.get(name))
    return f"it ended {ending.at[11:19]} with exit code {ending.exit}{rest}"


def _step(step: Step, width: int, *, undo: bool) -> Iterator[str]:
    symbol = SYMBOLS[Action(step.action)] if step.action != "move" else "="
    known = f" (id {escape(step.id)})" if step.id and not BY_NAME[step.address.kind].lists else ""
    was = f", was {escape(str(step.moved_from))}" if step.moved_from else ""
    title = f"  {symbol} {escape(str(step.address))}{known}{was}"
    if step.action != "update":
        yield title
        return
    change = _typed(step)
    yield from change_lines(title, change, width)
    specifications = specs(BY_NAME[step.address.kind])
    told = {each.name for each in change.fields}
    rest = [each for each in step.fields if not each.tied and each.name not in told]
    pad = max((len(each.name) for each in rest), default=0)
    for each in rest:
        yield _field(specifications[each.name], each, pad, width, undo=undo)


def _typed(step: Step) -> Change:
    """An update as a plan has it, without secrets, people's own values, and what reads as no value of its field."""
    kind = BY_NAME[step.address.kind]
    known = specs(kind)
    plain = [f for f in step.fields if not (f.tied or f.lost or kind.lists or known[f.name].sensitive or kind.personal)]
    sides = [partial(kind, {f.name: value for f in plain if (value := f[side]) is not None}) for side in (1, 2)]
    before, after = (side.resource.wanted() for side in sides)
    fields = tuple(
        FieldChange(f.name, before.get(f.name), after.get(f.name))
        for f in plain
        if all(f.name not in side.faults for side in sides)
        and all(f[n] is None or f.name in values for n, values in ((1, before), (2, after)))
    )
    return Change(step.address, Action.UPDATE, "", fields=fields)


def _field(spec: Spec, each: Field, pad: int, width: int, *, undo: bool) -> str:
    lead = f"      ~ {each.name:<{pad}} = "
    if spec.sensitive:
        return f"{lead}(sensitive value)"
    room = (width - len(lead) - 4) // 2
    before = NOT_SHOWN if spec.personal and each.before is not None else _value(spec, each.before, room)
    after = NOT_SHOWN if spec.personal and undo and each.after is not None else _value(spec, each.after, room)
    return cut(f"{lead}{before} -> {after}", width)


def _value(spec: Spec, value: Any, room: int) -> str:
    return escape(written(spec, value, room))


# -- as JSON


def history_json(rows: Iterable[Row]) -> dict[str, Any]:
    """The list, newest first."""
    return {"format_version": "1.0", "runs": [_head(row) for row in rows]}


def run_json(row: Row, steps: Iterable[Step]) -> dict[str, Any]:
    """One run with its changes."""
    return {"format_version": "1.0", **_head(row), "changes": [_change(step, row) for step in steps]}


def _head(row: Row) -> dict[str, Any]:
    if row.run is None:
        return {"run": row.number, "damaged": True}
    run, ending = row.run, row.ending
    return {
        "run": run.number,
        "command": run.command,
        "at": run.at,
        "who": run.who,
        "commit": run.commit or None,
        "dirty": run.dirty,
        "tool_version": run.tool,
        "tenant": {"host": run.tenant.host, "company_id": run.tenant.company_id},
        "digest": run.digest,
        "targets": list(run.targets),
        "undoes": run.undoes,
        "planned": dict(run.planned),
        "at_work": row.at_work,
        "ended": ending.at or None if ending else None,
        "exit": ending.exit if ending else None,
        "counts": dict(ending.counts) if ending else None,
    }


def _change(step: Step, row: Row) -> dict[str, Any]:
    known, ending = specs(BY_NAME[step.address.kind]), row.ending
    undo = bool(row.run and row.run.undoes)
    done = "unknown" if ending is None or step.address in ending.maybe else step.address in ending.done
    id_ = step.id or (ending.done.get(step.address, "") if ending else "")
    return {
        "address": str(step.address),
        "action": step.action,
        "id": id_ or None,
        "done": done,
        "moved_from": str(step.moved_from) if step.moved_from else None,
        "fields": [_field_json(known[each.name], each, undo=undo) for each in step.fields],
    }


def _field_json(spec: Spec, each: Field, *, undo: bool) -> Mapping[str, Any]:
    """What is live of a person stays where it is kept, and an undo writes what was live."""
    if spec.sensitive:
        return {"name": each.name, "sensitive": True}
    hidden: dict[str, Any] = {"personal": True}
    before = hidden if spec.personal and each.before is not None else each.before
    after = hidden if spec.personal and undo and each.after is not None else each.after
    return {"name": each.name, "before": before, "after": after, "restorable": not each.lost}
