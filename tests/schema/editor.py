"""A manifest as an editor sees it: YAML 1.2 with its core schema, in which `01234` is a number and `Null` is null."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import yaml

from provisioner.providers import VENDORS
from provisioner.schema import manifest_schema, settings_schema

NULL = re.compile(r"null|Null|NULL|~|")
BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
INT = re.compile(r"[-+]?[0-9]+")
OCTAL, HEX = re.compile(r"0o[0-7]+"), re.compile(r"0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class Core(yaml.CBaseLoader):
    """No tags, no merging done elsewhere: scalars by the core schema, keys as texts."""

    def construct_scalar(self, node: yaml.ScalarNode) -> Any:
        """A quoted scalar is its text; a plain one is what the core schema says."""
        return node.value if node.style else resolved(node.value)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Keys are texts, as JSON has them; `<<` gives what the mapping lacks."""
        pairs = [(key.value, self.construct_object(value, deep=True)) for key, value in node.value]
        merged: dict[Any, Any] = {}
        for key, value in pairs:
            if key == "<<":
                for each in value if isinstance(value, list) else [value]:
                    merged = {**each, **merged}
        return {**merged, **{key: value for key, value in pairs if key != "<<"}}

    def construct_undefined(self, node: yaml.Node) -> Any:
        """Every node by its sort alone."""
        if isinstance(node, yaml.ScalarNode):
            return self.construct_scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        assert isinstance(node, yaml.MappingNode)
        return self.construct_mapping(node, deep=True)


Core.add_constructor(None, Core.construct_undefined)


def resolved(text: str) -> Any:
    """What a plain scalar is in the core schema."""
    if NULL.fullmatch(text):
        return None
    if BOOL.fullmatch(text):
        return text.lower() == "true"
    for pattern, base in ((INT, 10), (OCTAL, 8), (HEX, 16)):
        if pattern.fullmatch(text):
            return int(text[2:] if base != 10 else text, base)
    if NO_NUMBER.fullmatch(text):
        return float("inf")
    return float(text) if FLOAT.fullmatch(text) else text


def read(text: str) -> list[Any]:
    """The documents of a text, the empty ones left out."""
    return [document for document in yaml.load_all(text, Core) if document is not None]


@cache
def manifests() -> jsonschema.Draft7Validator:
    """The check of one document of a manifest."""
    return jsonschema.Draft7Validator(manifest_schema())


@cache
def settings() -> jsonschema.Draft7Validator:
    """The check of the settings."""
    return jsonschema.Draft7Validator(settings_schema({vendor.name: vendor.credentials for vendor in VENDORS}))


def marked(text: str, check: jsonschema.Draft7Validator | None = None) -> list[str]:
    """What an editor would underline: the path of each value that is wrong, and the schema's own words for it."""
    return [each for document in read(text) for each in _marked(document, check or manifests())]


def _marked(document: Any, check: jsonschema.Draft7Validator) -> Iterator[str]:
    for error in sorted(check.iter_errors(document), key=lambda error: list(map(str, error.absolute_path))):
        rule = error.schema if isinstance(error.schema, dict) else {}
        words = rule.get("patternErrorMessage") if error.validator == "pattern" else None
        yield f"{'.'.join(map(str, error.absolute_path))}: {words or error.message}"
