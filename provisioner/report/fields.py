"""The fields of one change: names padded, before and after, secrets hidden, long values cut."""

from __future__ import annotations

from typing import Any, Final

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import CREATE_DEFAULTS_NOTE, NotKnown, Spec, Unreadable, specs
from provisioner.kinds.values import quote
from provisioner.plan.change import Action, Change, FieldChange
from provisioner.report import nested, week
from provisioner.report.layout import columns, counted, cut, folded, quoted

_INDENT = "      "
_QUOTED = frozenset({"text", "e-mail", "URL", "zone", "word"})
"""Forms whose values are text of a person's own; all others have one spelling and need no quotation marks."""
_WRITE_ONLY = "   (write-only: will be sent)"
_HOW = "   (how this is done)"
NOT_SHOWN = "(not shown)"
"""Stands for what is live of a person's own data: a plan is read by more people than the manifests and the tenant."""
WITHHELD: Final = object()
"""Stands in a change for a value that is not to be kept at all."""


def value_text(spec: Spec, value: Any, room: int) -> str:
    """A value on one line within so many columns; a secret is never shown."""
    if value is WITHHELD:
        return NOT_SHOWN
    if isinstance(value, NotKnown):
        return str(value)
    if isinstance(value, Unreadable):
        return f"{quoted(str(value.raw), room - 15)} (not readable)"
    text = _whole_text(spec, value)
    if columns(text) <= room:
        return text
    return quoted(value, room) if isinstance(value, str) and text[:1] == '"' else cut(text, room)


def written(spec: Spec, spelling: Any, room: int) -> str:
    """A value that is known by its manifest spelling only, as the state keeps it."""
    if spec.sensitive or spelling is None or isinstance(spelling, bool):
        return spec.text(spelling)
    if isinstance(spelling, (list, dict, tuple)):
        return cut(nested.text(spelling), room)
    plain = spec.form.name in {"duration", "money", "degrees"} or not isinstance(spelling, str)
    return cut(str(spelling), room) if plain else quoted(spelling, room)


def spelled(spec: Spec, value: Any) -> Any:
    """The manifest's spelling of a value, as JSON can hold it."""
    try:
        return spec.dump(value)
    except (AttributeError, TypeError, ValueError):  # of a field that cannot be read the state has the spelling itself
        return value if isinstance(value, (str, int, list, dict)) else str(value)


def _whole_text(spec: Spec, value: Any) -> str:
    if value is None or spec.sensitive:
        return spec.text(value)
    dumped = spelled(spec, value)
    quotable = isinstance(dumped, str) and spec.form.name in _QUOTED
    return quote(dumped, 10_000) if quotable else nested.text(dumped)


def change_lines(title: str, change: Change, width: int) -> list[str]:
    """The title line of a change and its fields below it."""
    known = specs(BY_NAME[change.address.kind])
    simple, lines = list(change.fields), [title]
    if len(simple) == 1 and _is_hours(known[simple[0].name], simple[0]):
        lines = week.hours_lines(title, simple[0].before, simple[0].after, width)
        simple = []
    if change.action is Action.CREATE:
        lines += _created(change, known, simple, width)
    else:
        pad = max((len(f.name) for f in simple), default=0)
        for field in simple:
            lines += _updated(f"{_INDENT}~ {field.name:<{pad}} = ", known[field.name], field, change, width)
    if change.unchanged:
        lines.append(f"{_INDENT}# ({counted(change.unchanged, 'unchanged field')} hidden)")
    return lines


def _is_hours(spec: Spec, field: FieldChange) -> bool:
    sides = [side for side in (field.before, field.after) if side is not None]
    return spec.form.name == "hours" and bool(sides) and all(week.are_shifts(side) for side in sides)


def _created(change: Change, known: Any, fields: list[FieldChange], width: int) -> list[str]:
    own_id = not (BY_NAME[change.address.kind].key_kinds or BY_NAME[change.address.kind].lists)
    pad = max((len(f.name) for f in fields), default=2)
    lines = [f"{_INDENT}+ {'id':<{pad}} = (known after apply)"] if own_id else []
    for field in fields:
        note = f" ({CREATE_DEFAULTS_NOTE})" if field.default else ""
        note = _HOW if known[field.name].instruction else note
        lead = f"{_INDENT}+ {field.name:<{pad}} = "
        lines.append(f"{lead}{value_text(known[field.name], field.after, width - len(lead) - len(note))}{note}")
    return lines


def _updated(lead: str, spec: Spec, field: FieldChange, change: Change, width: int) -> list[str]:
    if spec.sensitive:
        return [f"{lead}{value_text(spec, field.after, width)}{_WRITE_ONLY}"]
    if spec.instruction:
        return [f"{lead}{value_text(spec, field.after, width - len(lead) - len(_HOW))}{_HOW}"]
    if field.after is WITHHELD:
        return [f"{lead}{NOT_SHOWN} -> {NOT_SHOWN}"]
    if spec.personal and field.before is not None:
        lead += f"{NOT_SHOWN} -> "
        return [f"{lead}{_sides(spec, field, width - len(lead))[1]}"]
    note = _WRITE_ONLY if change.live is not None and field.name not in change.live.fields else ""
    room = width - len(lead)
    before, after = value_text(spec, field.before, room), value_text(spec, field.after, room)
    if columns(before) + 4 + columns(after) + len(note) <= room:
        return [f"{lead}{before} -> {after}{note}"]
    inner = _nested(lead, spec, field, width)
    if inner:
        return inner
    before, after = _sides(spec, field, room)
    tail = note if columns(after) + len(note) <= room else ""
    return [f"{lead}{before}", f"{'-> ':>{len(lead)}}{after}{tail}"]


def _nested(lead: str, spec: Spec, field: FieldChange, width: int) -> list[str]:
    """A list or mapping that is too long for one line: what differs inside it."""
    if field.before is None or field.after is None or isinstance(field.before, Unreadable) or spec.form.name == "order":
        return []
    before, after = spelled(spec, field.before), spelled(spec, field.after)
    if type(before) is not type(after) or not isinstance(after, (list, dict)):
        return []
    parts = nested.parts(before, after)
    room = width - len(_INDENT) - 6
    short = [(symbol, cut(text, room)) for symbol, text in parts]
    alike = len({text for _, text in short}) < len(short)
    lines = [lead.removesuffix("= ").rstrip()]
    for part, (symbol, text) in zip(parts, short, strict=True):
        first = f"{_INDENT}    {symbol} "
        hides = text != part[1] and (alike or symbol == "~")  # what differs stands behind the cut
        lines += folded(first, part[1], width) if hides else [f"{first}{text}"]
    return lines


def _sides(spec: Spec, field: FieldChange, room: int) -> tuple[str, str]:
    """Both values within the room; of long texts that begin alike, the part where they begin to differ."""
    before, after = field.before, field.after
    if not (isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > room):
        return value_text(spec, before, room), value_text(spec, after, room)
    pairs = enumerate(zip(before, after, strict=False))
    alike = next((n for n, (one, other) in pairs if one != other), min(len(before), len(after)))
    skipped = alike - room // 3
    if alike <= room // 2:
        return value_text(spec, before, room), value_text(spec, after, room)
    return f"...{quoted(before[skipped:], room - 3)}", f"...{quoted(after[skipped:], room - 3)}"
