"""An example of a kind or of a field of it, made from the kind: what it needs, each value as its form shows one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from provisioner.kinds import BY_NAME, KINDS
from provisioner.kinds.base import Resource, Spec, specs

Example = tuple[str, ...]
"""Lines of YAML."""

OTHERS: Mapping[str, Example] = {
    "removed": ("removed:", "  location/kiosk: {how: delete}"),
    "renames": ("renames: data/renames.csv", "locations:", "  centre: {name: City centre}"),
    "public_holidays": ("public_holidays: {country: US, years: [2027, 2028]}",),
    "generate": (
        "generate:",
        "  from: data/stores.csv",
        "  as: store",
        "  manifest:",
        "    locations:",
        '      ${store.key}: {name: "${store.name}", city: "${store.city}"}',
    ),
    "lifecycle": (
        "locations:",
        "  downtown:",
        "    name: Juniper Downtown",
        "    lifecycle: {protect: true, ignore: [phone], was: [centre]}",
    ),
}
"""What is written in a manifest and is no kind."""

_KEYS = {
    "account": "west",
    "location": "downtown",
    "service": "haircut",
    "employee": "ana",
    "holiday": "christmas-eve",
    "holiday.rule": "thanksgiving",
    "client": "liv",
    "webhook": "crm",
    "custom_field": "referral",
    "order": "services",
    "recurring_appointment": "monday-yoga",
}
"""By kind, and by field where another key fits better."""
_TEXTS = {
    "holiday.dates": "2027-12-24",
    "webhook.target_url": "https://crm.example/hook",
    "account.company_name": "Juniper West",
    "account.nick_name": "juniperwest",
    "location.name": "Juniper Downtown",
    "service.name": "Haircut",
    "holiday.name": "Christmas Eve",
    "custom_field.label": "How did you hear about us?",
    "first_name": "Ana",
    "last_name": "Diaz",
    "name": "Ana Diaz",
}


def example(kind: type[Resource], steps: Sequence[str] = ()) -> Example:
    """A manifest that shows a kind, or one field of it; empty for what no field is."""
    if kind.key_kinds:
        return () if steps else tuple(_relation(kind))
    name = ".".join(steps)
    if name and name not in specs(kind):
        return ()
    fields = {name: value(kind, specs(kind)[name])} if name else _needed(kind)
    if kind.inline in fields:
        return (f"{kind.section}:", f"  {_key(kind, name)}: {fields[kind.inline]}")
    lines = []
    for each, text in fields.items():
        group, _, last = each.rpartition(".")
        lines += [f"    {group}:", f"      {last}: {text}"] if group else [f"    {each}: {text}"]
    return (f"{kind.section}:", f"  {_key(kind, name)}:", *lines)


def value(kind: type[Resource], spec: Spec) -> str:
    """One value of a field, as a manifest spells it."""
    if spec.sensitive:
        return f"${{env:{spec.name.upper()}}}"
    if spec.role:
        return "true"
    known = _TEXTS.get(f"{kind.kind}.{spec.name}") or _TEXTS.get(spec.name)
    return known or spelled(shown(spec.form.schema))


def shown(schema: Any) -> Any:
    """A value that a schema describes: its first example, or the simplest one."""
    if examples := schema.get("examples"):
        return examples[0]
    if words := schema.get("enum"):
        return words[0]
    if choices := schema.get("oneOf", schema.get("anyOf")):
        return shown(choices[-1])
    match schema.get("type"):
        case "boolean":
            return True
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "array":
            return [shown(schema.get("items", {}))]
        case "object":
            return {name: shown(each) for name, each in schema.get("properties", {}).items()}
        case _:
            return "2026-12-24" if schema.get("format") == "date" else "some text"


def spelled(what: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(what, bool):
        return str(what).lower()
    if isinstance(what, list | tuple):
        return f"[{', '.join(map(spelled, what))}]"
    if isinstance(what, dict):
        return f"{{{', '.join(f'{name}: {spelled(each)}' for name, each in what.items())}}}"
    return str(what)


def _needed(kind: type[Resource]) -> dict[str, str]:
    """The fields that one needs, and those without which they make no sense."""
    known = specs(kind)
    fields = {name: value(kind, spec) for name, spec in known.items() if spec.required or name in kind.to_create}
    for name, spec in known.items():
        if not spec.sensitive and _faulty(kind, fields):
            more = {**fields, name: value(kind, spec)}
            fields = fields if _faulty(kind, more) else more
    return fields


def _faulty(kind: type[Resource], fields: dict[str, str]) -> bool:
    plain = {name: shown(specs(kind)[name].form.schema) if "[" in text else text for name, text in fields.items()}
    try:
        return any(True for _ in kind.model_validate(plain).faults())
    except ValidationError:
        return True


def _key(kind: type[Resource], field: str = "") -> str:
    return _KEYS.get(f"{kind.kind}.{field}") or _KEYS[kind.kind]


def _relation(kind: type[Resource]) -> Iterator[str]:
    """A relation where it is written: in a section of its own, or inside an object."""
    if kind.section:
        parts = [BY_NAME[part] for part in kind.key_kinds]
        chosen = [f"{part.section}: [{_key(part)}]" for part in parts]
        yield from (f"{kind.section}:", f"  - {{{', '.join(chosen)}}}")
        return
    owner = next(each for each in KINDS if kind.kind in each.nested)
    yield from (f"{owner.section}:", f"  {_key(owner)}:")
    *path, last = owner.nested[kind.kind]
    for depth, step in enumerate(path):
        yield f"{'  ' * (depth + 2)}{_key(BY_NAME[step]) if step in kind.key_kinds else step}:"
    field = next(iter(specs(kind).values()))
    yield f"{'  ' * (len(path) + 2)}{last}: {value(kind, field)}"
