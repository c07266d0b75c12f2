"""What `explain` can be asked about: a kind, a part of a manifest, the settings, and everything inside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from provisioner.kinds import BY_NAME, BY_SECTION, KINDS
from provisioner.kinds.base import Resource
from provisioner.manifest.problems import nearest
from provisioner.manifest.shape import LIFECYCLE
from provisioner.schema.example import OTHERS, Example, example
from provisioner.schema.manifest import manifest_schema
from provisioner.schema.settings import settings_schema
from provisioner.schema.words import kind_words
from provisioner.schema.written import Schema

SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that can be explained."""

    name: str
    words: str
    where: str
    """Where it is written, as a path of keys; capitals stand for a person's own."""
    fields: Mapping[str, str]
    """What stands in it, each with its words."""
    example: Example = ()


class Unknown(ValueError):  # noqa: N818 -- it is a topic that is unknown
    """No such topic; the text names the nearest."""


def topics(vendors: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Every first word that can be asked about, with its words."""
    schema = manifest_schema()
    others = {name: node["description"] for name, node in schema["properties"].items() if name not in BY_SECTION}
    kinds = {kind.kind: kind_words(kind) for kind in KINDS}
    return {
        **kinds,
        **{n: w for n, w in others.items() if n not in kinds},
        LIFECYCLE: "How a resource may be treated, whatever its kind.",
        SETTINGS: settings_schema(vendors)["description"],
    }


def find(name: str, vendors: Mapping[str, Sequence[str]]) -> Topic:
    """The topic of a dotted name such as `service.duration`, or of a path such as `services.KEY.duration`.

    Raises Unknown.
    """
    first, *rest = name.strip().strip(".").split(".")
    kind = BY_NAME.get(first) or BY_SECTION.get(first)
    known = [*topics(vendors), *BY_SECTION]
    if kind is not None:
        schema, node, where = manifest_schema(), *_place(kind)
        names = [kind.kind]
    elif first == LIFECYCLE:
        schema = manifest_schema()
        node = next(iter(schema["definitions"].values()))["properties"][first]
        where, names = ["SECTION", "KEY", first], [first]
    elif first in known:
        schema = settings_schema(vendors) if first == SETTINGS else manifest_schema()
        node, where = (schema, []) if first == SETTINGS else (schema["properties"][first], [first])
        names = [first]
    else:
        near = nearest(first, known)
        told = f"did you mean {near}?" if near else "provisioner explain, alone, lists what there is"
        raise Unknown(f"there is nothing named {first} to explain: {told}")
    rest = [step for step in rest if not _is_own(kind, step)]
    for step in rest:
        node, where = _step(schema, node, where, step, ".".join(names))
        names.append(step)
    words = kind_words(kind) if kind and not rest else str(node.get("description", ""))
    inner = _inside(schema, node)[0]
    fields = {key: str(each.get("description", "")) for key, each in inner.get("properties", {}).items()}
    shown = example(kind, rest) if kind else () if rest else OTHERS.get(first, ())
    place = ".".join(where) + " in provisioner.yaml" * (first == SETTINGS)
    return Topic(".".join(names), words, place.strip(), fields, shown)


def _is_own(kind: type[Resource] | None, step: str) -> bool:
    """Whether a step stands for a person's own key, as in `services.KEY.name`."""
    return step.isupper() or bool(kind and step in kind.lists)


def address(kind: type[Resource]) -> str:
    """The form of a kind's addresses."""
    keys = [part.upper() for part in kind.key_kinds] or ["|".join(kind.lists) or "KEY"]
    return f"{'' if kind.kind == 'account' else '[ACCOUNT/]'}{kind.kind}/{'/'.join(keys)}"


def _place(kind: type[Resource]) -> tuple[Schema, list[str]]:
    """The schema of a kind with where it is written; for what is written inside, its first place."""
    if kind.section:
        schema = manifest_schema()
        if kind.key_kinds:
            return schema["properties"][kind.section], [kind.section]
        return schema["definitions"][kind.kind], [kind.section, "|".join(kind.lists) or "KEY"]
    owner = next(each for each in KINDS if kind.kind in each.nested)
    node, where = manifest_schema()["definitions"][owner.kind], [owner.section, "KEY"]
    for step in owner.nested[kind.kind]:
        if step in kind.key_kinds:
            where.append(step.upper())
        else:
            node = _inside({}, node)[0]["properties"][step]
            where.append(step)
    return node, where


def _inside(schema: Schema, node: Schema) -> tuple[Schema, list[str]]:
    """The mapping of known keys in a node, behind lists and a person's own keys; what is passed on the way."""
    passed: list[str] = []
    while "properties" not in node:
        if "$ref" in node:
            node = schema["definitions"][node["$ref"].rpartition("/")[2]]
        elif "allOf" in node:
            node = node["allOf"][0]
        elif "propertyNames" in node and isinstance(node.get("additionalProperties"), dict):
            node = node["additionalProperties"]
            passed.append("KEY")
        elif isinstance(node.get("items"), dict) and node["items"].get("type") == "object":
            node = node["items"]
        else:
            return {}, passed
    return node, passed


def _step(schema: Schema, node: Schema, where: list[str], step: str, so_far: str) -> tuple[Schema, list[str]]:
    inner, passed = _inside(schema, node)
    known: dict[str, Schema] = inner.get("properties", {})
    if step in known:
        return known[step], [*where, *passed, step]
    if not known:
        raise Unknown(f"{so_far} has nothing inside it to explain: ask for {so_far}")
    near = nearest(step, known) or next(_elsewhere(schema, known, step), None)
    told = f"did you mean {so_far}.{near}?" if near else f"provisioner explain {so_far} lists what is in it"
    raise Unknown(f"{so_far} has no {step}: {told}")


def _elsewhere(schema: Schema, known: Mapping[str, Schema], step: str) -> Iterator[str]:
    """The same name one level down."""
    for name, each in known.items():
        if step in _inside(schema, each)[0].get("properties", {}):
            yield f"{name}.{step}"
