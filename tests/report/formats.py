"""What the formats of others ask of us, as far as we write them: the standards' own rules, and nothing else let in."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import xmlschema

JUNIT = Path(__file__).with_name("junit.xsd")


def _closed(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": [*required], "properties": properties}


_COUNTED = {"type": "integer", "minimum": 1}
_SAID = _closed(("text",), text={"type": "string"})
_WHERE = _closed((), uri={"type": "string", "format": "uri-reference"}, uriBaseId={"type": "string"})
_PLACE = _closed((), artifactLocation=_WHERE, region=_closed((), startLine=_COUNTED, startColumn=_COUNTED))
_RULE = _closed(("id",), id={"type": "string"}, help=_SAID)
_DRIVER = _closed(
    ("name",),
    name={"type": "string"},
    semanticVersion={"type": "string"},
    rules={"type": "array", "uniqueItems": True, "items": _RULE},
)
_RESULT = _closed(
    ("message",),
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": -1},
    level={"enum": ["none", "note", "warning", "error"]},
    message=_SAID,
    locations={"type": "array", "uniqueItems": False, "items": _closed((), physicalLocation=_PLACE)},
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
)
_RUN = _closed(
    ("tool",),
    tool=_closed(("driver",), driver=_DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": _RESULT},
)
SARIF = {
    **_closed(("version", "runs"), version={"const": "2.1.0"}, runs={"type": "array", "items": _RUN}),
}
SARIF["properties"]["$schema"] = {"type": "string", "format": "uri"}
"""SARIF 2.1.0 (OASIS, errata 01): the objects that we write, each with the keys that we write."""
CODE_QUALITY = {
    "type": "array",
    "items": _closed(
        ("description", "check_name", "fingerprint", "severity", "location"),
        description={"type": "string"},
        check_name={"type": "string"},
        fingerprint={"type": "string", "minLength": 1},
        severity={"enum": ["info", "minor", "major", "critical", "blocker"]},
        location=_closed(
            ("path", "lines"),
            path={"type": "string", "pattern": r"^(?!\./|/)."},
            lines=_closed(("begin",), begin=_COUNTED),
        ),
    ),
}
"""GitLab's manual, Code Quality report format."""


def check_junit(text: str) -> ET.Element:
    """The document, which is as the schema says."""
    xmlschema.XMLSchema(str(JUNIT)).validate(text)
    return ET.fromstring(text)


def check_json(document: Any, schema: Any) -> None:
    """Raises ValidationError."""
    jsonschema.Draft7Validator(schema).validate(document)
