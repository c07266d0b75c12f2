"""The schema of one manifest document: its scope, a section for each kind, and what else may stand at its top."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from provisioner.kinds import BY_NAME, BY_SECTION, KINDS, patterns
from provisioner.kinds.account import Account
from provisioner.kinds.base import Resource
from provisioner.manifest.document import KNOWN as KEYS
from provisioner.schema.resource import RESERVED, choice, definition, definitions, keyed
from provisioner.schema.words import kind_words
from provisioner.schema.written import Schema, advise, written

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that yaml-language-server implements in full."""


def manifest_schema() -> Schema:
    """What may stand in a document of a manifest."""
    properties = {name: _top(name) for name in KEYS}
    return {
        "$schema": DRAFT,
        "title": "Provisioner manifest",
        "description": "One document of a manifest: what is wanted in an account, or in several.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "dependencies": {"account": {"properties": {Account.section: _NOT_HERE}}},
        "definitions": definitions(),
    }


_NOT_HERE = {
    "type": "null",
    "description": "Accounts are declared in a document without account.",
    "errorMessage": "accounts are declared in a document without account: move them to one, or begin one with ---",
}


def _top(name: str) -> Schema:
    kind = BY_SECTION.get(name)
    if kind is not None:
        return _section(kind)
    others: dict[str, Callable[[], Schema]] = {
        "account": _scope,
        "removed": _removed,
        "public_holidays": _public_holidays,
        "renames": _renames,
        "generate": _generate,
    }
    return others[name]()


def _section(kind: type[Resource]) -> Schema:
    if kind.lists:
        named = {key: {"description": f"The order of {key}.", "allOf": [definition(kind)]} for key in kind.lists}
        words = kind_words(kind)
        return {"type": "object", "description": words, "properties": named, "additionalProperties": False}
    if not kind.key_kinds:
        return keyed(definition(kind), description=kind_words(kind))
    names = {
        BY_NAME[part].section: choice(part, f"Keys of {BY_NAME[part].section}, or all.") for part in kind.key_kinds
    }
    entry = {"type": "object", "properties": names, "required": [*names], "additionalProperties": False}
    words = f"{kind_words(kind)} Each entry is every combination of its lists."
    return {"type": "array", "description": words, "items": entry}


def _scope() -> Schema:
    one = written({"type": "string", "pattern": r"^\S+$"}, "the key of an account, a glob such as acme-*, or all")
    return {
        **one,
        "type": [*one["type"], "array"],
        "items": one,
        "minItems": 1,
        "description": "Whom the document speaks for: an account, a list of them, a glob, or all sub-accounts. "
        "Without it, the account that is acted as.",
        "examples": ["all"],
    }


def _removed() -> Schema:
    words = {
        "delete": "it is deleted",
        "deactivate": "it is made inactive, then forgotten",
        "forget": "it stays live and is no longer managed",
    }
    how = written({"enum": [*words]}, " or ".join(words))
    properties = {
        "how": {
            "description": " ".join(
                ["What becomes of it.", *(f"{name}: {text}." for name, text in words.items()), "Required."]
            ),
            **how,
        },
        "strands": {
            "description": "How many appointments may lose what they are booked with. Accepted, and not used yet.",
            **written({**patterns.WHOLE, "minimum": 0}, "a whole number"),
        },
    }
    key = f"(?!(?:{'|'.join(RESERVED)})(?:/|$)){patterns.KEY}"
    forms = "|".join("/".join([kind.kind, *[key] * max(1, len(kind.key_kinds))]) for kind in KINDS)
    return {
        "type": "object",
        "description": "Reviewed removals, by address.",
        "propertyNames": {
            "pattern": f"^(?:{patterns.KEY}/)?(?:{forms})$",
            **advise("an address is [ACCOUNT/]KIND/KEY, such as location/kiosk"),
        },
        "additionalProperties": {
            "type": "object",
            "properties": properties,
            "required": ["how"],
            "additionalProperties": False,
        },
    }


def _public_holidays() -> Schema:
    code = written(patterns.ANY_TEXT, "a code")
    year = written({"type": "integer", "minimum": 1970, "maximum": 2999}, "a year such as 2027")
    properties = {
        "country": {"description": "Its ISO code of two letters. Required.", **code, "examples": ["US"]},
        "subdivision": {"description": "The code of a state or region.", **code, "examples": ["CA"]},
        "years": {
            "description": "One year or a list of years. Required.",
            **_one_or_list(year),
            "examples": [[2026, 2027]],
        },
        "categories": {"description": "Which of the country's sorts of holiday.", **_one_or_list(code)},
        "language": {"description": "The language of the names.", **code},
        "except": {"description": "Days to leave out, by name or date.", **_one_or_list(code)},
    }
    entry = {"properties": properties, "required": ["country", "years"], "additionalProperties": False}
    return {
        "type": ["object", "array"],
        "description": "A country's own public holidays as holidays of the account.",
        **entry,
        "items": {"type": "object", **entry},
        "examples": [{"country": "US", "years": [2027]}],
    }


def _one_or_list(one: Schema) -> Schema:
    types: Any = one["type"]
    return {**one, "type": [*([types] if isinstance(types, str) else types), "array"], "items": one}


def _renames() -> Schema:
    file = {"type": "string", "minLength": 1}
    return {
        **_one_or_list(file),
        "description": "A table of what was renamed, or several: files of the workspace with the columns from and to "
        "(former and new addresses), and perhaps kind.",
        "examples": ["data/renames.csv"],
    }


def _generate() -> Schema:
    """Keys and texts of a template may come from a row, so a template is checked when its rows are there."""
    held = [name for name in KEYS if name not in ("generate", "renames")]
    sections: Schema = {name: {"description": _top(name)["description"]} for name in held}
    template: Schema = {"properties": sections, "additionalProperties": False}
    words = {
        "from": "The table: a csv, xlsx, json or yaml file of the workspace. Required.",
        "as": "What a row is called in the template, as in ${store.city}. Required.",
        "sheet": "The sheet of a workbook. Must be given when there are several.",
        "delimiter": "What stands between two cells of a csv file. Default: found out.",
        "encoding": "The encoding of a csv file: utf-8, latin-1 ... Default: utf-8, or utf-16 when the file says so.",
    }
    texts: Schema = {name: {"description": each, "type": "string"} for name, each in words.items()}
    columns = {"type": ["string", "array"], "items": {"type": "string"}}
    properties: Schema = {
        **texts,
        "as_written": {"description": "Columns whose cells are right although they look spoiled.", **columns},
        "manifest": {
            "description": "The template: a manifest for each row, or a list of such. Keys and texts may hold "
            "${NAME.column}. Required.",
            "type": ["object", "array"],
            **template,
            "items": {"type": "object", **template},
        },
    }
    entry = {"properties": properties, "required": ["from", "as", "manifest"], "additionalProperties": False}
    return {
        "type": ["object", "array"],
        "description": "Manifests made from the rows of tables.",
        **entry,
        "items": {"type": "object", **entry},
    }
