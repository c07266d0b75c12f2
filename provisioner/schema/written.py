"""From what a field's value is to how it may be written: references, quoted numbers, texts that look like numbers.

An editor reads `zip: 01234` as a number and `price: "30"` as a text, because it does not know that a scalar belongs to
its field. Nothing that the loader takes may be marked as wrong, so a schema allows for both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provisioner.kinds import patterns

Schema = dict[str, Any]

REFERENCE = r"\$\{(?:var|file):[^{}]+\}"
_LITERAL = r"[^$]|\$(?!\{)|\$\$\{"
TEXT = rf"^(?:{_LITERAL}|{REFERENCE})*$"
"""Any text in which every `${` begins a reference that an ordinary field may have."""
_ADVICE = "a reference is ${var:NAME} or ${file:PATH}, ${env:NAME} is for secrets, and $${ is the two characters"
_FROM_OUTSIDE = r"\$\{(?:env|file):[^{}]+\}"
_SPELLED = {
    "boolean": "(?:true|false)",
    "integer": "(?:0|-?[1-9][0-9]{0,17})",
    "number": r"\s*[-+]?(?:[0-9_]+\.?[0-9_]*|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?\s*",
}
# What YAML takes for something other than a text, and the type that it then has.
_LOOKALIKES = (("integer", "7"), ("integer", "2027"), ("number", "2.5"))


def written(value: Mapping[str, Any], grammar: str) -> Schema:
    """The schema of a field whose value is as described; `grammar` says in words what to write."""
    if "const" in value:
        value = {"enum": [value["const"]]}
    for word in ("oneOf", "anyOf"):
        if word in value:
            rest = {name: each for name, each in value.items() if name != word}
            return {**rest, "anyOf": [written(each, grammar) for each in value[word]]}
    if value.get("format") == "date":
        value = {**patterns.DATE, **{name: each for name, each in value.items() if name != "format"}}
    if "enum" in value:
        quoted = [str(each).lower() for each in value["enum"] if not isinstance(each, str)]
        return {"anyOf": [dict(value), _instead(quoted, grammar)]}
    types = value.get("type", [])
    types = [types] if isinstance(types, str) else list(types)
    found = {**value, "type": types}
    if "array" in types and "items" in value:
        found["items"] = written(value["items"], _words(value["items"]))
    if "object" in types:
        _inside(found, value)
    scalars = [name for name in types if name in _SPELLED or name == "string"]
    if scalars:
        _scalar(found, scalars, value.get("pattern"), grammar)
    if not found["type"]:
        del found["type"]
    elif len(found["type"]) == 1:
        found["type"] = found["type"][0]
    return found


def secret() -> Schema:
    """A value that must come from outside the manifests."""
    advice = "a secret is never written here: write ${env:NAME}, and put the value in that variable"
    return {"type": "string", "pattern": _FROM_OUTSIDE, **advise(advice)}


def plain(value: Mapping[str, Any], grammar: str) -> Schema:
    """The same as `written` where nothing is looked up, as in the settings."""
    found = written(value, grammar)
    return dict(value) if "anyOf" in found else _without_references(found)


def advise(advice: str) -> Schema:
    """What an editor says of a value that does not fit, in two keywords that yaml-language-server knows.

    One is for texts of a wrong form, the other for values of a wrong type. Other validators ignore both.
    """
    return {"patternErrorMessage": advice, "errorMessage": advice}


def or_null(schema: Schema) -> Schema:
    """The schema of a field that `null` clears."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    types = schema.get("type", [])
    return {**schema, "type": [*([types] if isinstance(types, str) else types), "null"]} if types else schema


def _inside(found: Schema, value: Mapping[str, Any]) -> None:
    if "properties" in value:
        found["properties"] = {name: _named(each) for name, each in value["properties"].items()}
        found.setdefault("additionalProperties", False)
    if isinstance(value.get("additionalProperties"), Mapping):
        found["additionalProperties"] = written(value["additionalProperties"], _words(value["additionalProperties"]))


def _named(value: Mapping[str, Any]) -> Schema:
    """A part of a mapping: what it means stands beside whatever its value may be."""
    told = {"description": value["description"]} if "description" in value else {}
    return {**told, **written({name: each for name, each in value.items() if name != "description"}, _words(value))}


def _words(value: Mapping[str, Any]) -> str:
    """What to write, from the examples; nothing is said where there are none."""
    examples = [str(each) for each in value.get("examples", ()) if not isinstance(each, list | dict)]
    return f"one such as {' or '.join(examples)}" if examples else ""


def _scalar(found: Schema, scalars: list[str], pattern: str | None, grammar: str) -> None:
    """Let in the other spellings of a scalar, and set what a text must look like."""
    types = found["type"]
    if "string" not in scalars:
        types.append("string")
        found["pattern"] = f"^(?:{'|'.join(_SPELLED[name] for name in scalars)})$|{REFERENCE}"
    elif pattern is None:
        types += ["number", "boolean"]
        found["pattern"] = TEXT
    else:
        any_text = re.search(pattern, "${env:X}") is not None
        types += [name for name, text in _LOOKALIKES if re.search(pattern, text)] + ["boolean"] * any_text
        found["pattern"] = _free(pattern) if any_text else f"{pattern}|{REFERENCE}"
    found["type"] = [n for n in dict.fromkeys(types) if n != "integer" or "number" not in types]
    free = found["pattern"].endswith(TEXT.removeprefix("^"))
    if advice := "; ".join(filter(None, [grammar and f"write {grammar.replace('`', '')}", _ADVICE if free else ""])):
        found |= advise(advice)


def _free(pattern: str) -> str:
    """A rule for texts that any character may stand in, with the one about references."""
    return f"^(?={pattern.removeprefix('^')}){TEXT.removeprefix('^')}"


def _instead(quoted: list[str], grammar: str) -> Schema:
    """What may stand in place of one of a few words: a reference, or a word in quotes that YAML knows otherwise."""
    found: Schema = {"type": "string", "pattern": "|".join([*(f"^{word}$" for word in quoted), REFERENCE])}
    return {**found, **advise(f"write {grammar.replace('`', '')}")} if grammar else found


def _without_references(found: Any) -> Any:
    """The same schema with no reference in its patterns."""
    if isinstance(found, list):
        return [_without_references(each) for each in found]
    if not isinstance(found, dict):
        return found
    bare = {name: _without_references(each) for name, each in found.items()}
    pattern = bare.get("pattern")
    if isinstance(pattern, str):
        bare["pattern"] = pattern.removesuffix(f"|{REFERENCE}")
    if pattern == TEXT:
        del bare["pattern"], bare["patternErrorMessage"], bare["errorMessage"]
    return bare
