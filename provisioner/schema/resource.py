"""A kind as a schema: its fields in their order, what is written inside it, and its lifecycle."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Annotated, Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from provisioner.kinds import BY_NAME, KINDS, patterns
from provisioner.kinds.base import Group, Resource, Spec, group_of, specs
from provisioner.manifest.shape import LIFECYCLE
from provisioner.schema.words import field_words, kind_words, relation_words, sentence
from provisioner.schema.written import Schema, advise, or_null, secret, written

RESERVED = ("all", *BY_NAME)
KEY = rf"^(?!(?:{'|'.join(RESERVED)})$){patterns.KEY}$"
_KEY_ADVICE = "a key is up to 63 of a-z, 0-9, _ and -, beginning with a letter or digit; all and kinds are reserved"


def resource(kind: type[Resource]) -> Schema:
    """Everything that may stand under a resource's key.

    Nothing is required: what one document leaves out another one may give, of a wider scope or of none.
    """
    inside = _inside(kind)
    fields = _fields(kind, kind, "")
    heads = {name: each for name, each in inside.items() if name not in fields}
    short = {"type": ["object", "array"], "items": fields[kind.inline]["items"]} if kind.inline else {"type": "object"}
    return {
        **short,
        "description": kind_words(kind),
        "properties": {**fields, **heads, LIFECYCLE: _lifecycle(kind)},
        "additionalProperties": False,
    }


def keyed(inner: Schema, **more: Any) -> Schema:
    """A mapping of a person's own keys."""
    names = {"pattern": KEY, **advise(_KEY_ADVICE)}
    return {"type": "object", **more, "propertyNames": names, "additionalProperties": inner}


def choice(kind: str, description: str) -> Schema:
    """Keys of one kind, or `all`."""
    one = written({"type": "string", "pattern": f"^{patterns.KEY}$"}, f"the key of a {kind}")
    types = [*one["type"], "array"]
    return {**one, "type": types, "items": one, "description": description, "examples": ["all"]}


def definition(kind: type[Resource]) -> Schema:
    """Where the schema of a kind stands in the same document."""
    return {"$ref": f"#/definitions/{kind.kind}"}


def definitions() -> dict[str, Schema]:
    """Every kind that has a section of its own with keys in it."""
    return {kind.kind: resource(kind) for kind in KINDS if kind.section and not kind.key_kinds}


# -- fields


def _fields(kind: type[Resource], group: type[Group], prefix: str) -> dict[str, Schema]:
    found = {}
    for name, info in group.model_fields.items():
        inner = group_of(info)
        if inner is None:
            found[name] = field_schema(specs(kind)[f"{prefix}{name}"], group, name)
        else:
            found[name] = {
                "type": "object",
                "description": sentence(info.description or ""),
                "properties": _fields(kind, inner, f"{prefix}{name}."),
                "additionalProperties": False,
            }
    return found


def field_schema(spec: Spec, group: type[Group], name: str) -> Schema:
    """One field: how it may be written, with what it means."""
    if spec.sensitive:
        found = secret()
    elif spec.role:
        found = written({"enum": [True]}, "true")
    else:
        found = written(spec.form.schema, spec.form.grammar)
    return {"description": field_words(spec), **(or_null(found) if takes_null(group, name) else found)}


@cache
def takes_null(group: type[Group], name: str) -> bool:
    """Whether `null` clears a field: its own type is asked, once, as that is most of what a schema takes."""
    info = group.model_fields[name]
    whole: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(whole, config=ConfigDict(arbitrary_types_allowed=True))
    try:
        adapter.validate_python(None)
    except ValidationError:
        return False
    return True


# -- what is written inside


def _inside(kind: type[Resource]) -> dict[str, Schema]:
    """The relations written inside a kind, each at its path."""
    top: dict[str, Schema] = {}
    for name, path in kind.nested.items():
        relation = BY_NAME[name]
        level = top
        for depth, step in enumerate(path[:-1]):
            below = path[depth + 1]
            if step in relation.key_kinds:
                continue
            if step not in level:
                level[step] = _level(kind, path[: depth + 1], keyed_by=below if below in relation.key_kinds else "")
            inner = level[step]
            level = (inner["additionalProperties"] if "propertyNames" in inner else inner)["properties"]
        level[path[-1]] = _leaf(relation, path)
    return top


def _level(kind: type[Resource], path: tuple[str, ...], keyed_by: str) -> Schema:
    """A mapping above a relation, of known names or of keys."""
    below = [n for n, other in kind.nested.items() if other[: len(path)] == path]
    words = relation_words([BY_NAME[n] for n in below], keyed_by)
    inner: Schema = {"type": "object", "properties": {}, "additionalProperties": False, "minProperties": 1}
    return keyed({**inner, "description": words}, description=words) if keyed_by else {**inner, "description": words}


def _leaf(relation: type[Resource], path: tuple[str, ...]) -> Schema:
    name = path[-1]
    if relation.model_fields:
        spec = replace(specs(relation)[name], required=False)  # an object may do without the relation
        return field_schema(spec, relation, name)
    rest = next(part for part in relation.key_kinds if BY_NAME[part].section == name)
    return choice(rest, f"{kind_words(relation)} Keys of {name}, or all.")


# -- lifecycle


def _lifecycle(kind: type[Resource]) -> Schema:
    names = [*dict.fromkeys(part for name in specs(kind) for part in (name.partition(".")[0], name))]
    key = written({"type": "string", "pattern": f"^{patterns.KEY}$"}, "a key")
    field = written({"enum": names}, f"the name of a field of {kind.with_article()}")
    fields = {"anyOf": [*field["anyOf"], {"type": "array", "items": field}]}
    properties: dict[str, tuple[str, Schema]] = {
        "protect": (
            "A plan that would destroy it is blocked, even after it left the manifests.",
            written(patterns.BOOLEAN, "true or false"),
        ),
        "ignore": ("Fields that are sent at creation and never compared.", fields),
        "was": (
            "Keys that it had before: a rename, and no new object.",
            {**key, "type": [*key["type"], "array"], "items": key},
        ),
        "id": ("The live object that it is, where its name is not enough.", written(_ID, "its id, such as 812")),
    }
    return {
        "type": "object",
        "description": "How it may be treated, whatever its kind.",
        "properties": {name: {"description": words, **each} for name, (words, each) in properties.items()},
        "additionalProperties": False,
    }


_ID = {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"}
