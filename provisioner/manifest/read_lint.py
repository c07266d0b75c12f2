"""Reading `lint:` of the settings: which rules are off, how bad the others are, and whom they leave alone."""

from __future__ import annotations

from typing import Any

from provisioner.kinds.desired import Place
from provisioner.kinds.values import refused, said
from provisioner.lint import RULES
from provisioner.lint.rule import Override, Severity
from provisioner.manifest.fields import Fields
from provisioner.manifest.problems import meant
from provisioner.manifest.yaml import Map, Seq

_OFF = "off"
_WORDS = (_OFF, *Severity)
_NO = ("no", "n", "none", "never", "false", "disable", "disabled", "0")
"""What people write for `off`."""


def read_lint(fields: Fields) -> dict[str, Override]:
    """What is said of each rule: a word, or a mapping with `severity` and `except`."""
    found = {}
    for rule in RULES:
        said_of_it = fields.take(rule.name, _override, None)
        if isinstance(said_of_it, Map):
            inner = Fields(said_of_it, fields.value_place(rule.name), rule.name, fields.problems)
            found[rule.name] = _mapping(inner)
        elif said_of_it is not None:
            found[rule.name] = said_of_it
    fields.close()
    return found


def _override(raw: Any) -> Override | Map | None:
    return raw if isinstance(raw, Map) else _word(raw)


def _word(raw: Any) -> Override:
    if raw == _OFF:
        return Override(off=True)
    if raw in _WORDS:
        return Override(severity=Severity(raw))
    if isinstance(raw, str) and raw.lower() in _NO:
        raise refused(raw, "is no severity", _OFF)
    remedy = meant(raw if isinstance(raw, str) else "", _WORDS, f"write {', '.join(_WORDS[:-1])} or {_WORDS[-1]}")
    raise ValueError(f"{said(raw)} is no severity: {remedy}")


def _mapping(fields: Fields) -> Override:
    word = fields.take("severity", _word, Override())
    globs = fields.take("except", _globs, Seq())
    fields.close()
    marked = zip(globs, globs.marks, strict=True)
    spared = tuple((glob, Place(fields.place.file, *mark)) for glob, mark in marked if isinstance(glob, str))
    return Override(word.off, word.severity, spared)


def _globs(raw: Any) -> Seq:
    if not isinstance(raw, Seq) or not all(isinstance(item, str) for item in raw):
        raise refused(raw, "is no list of addresses", '["west/service/*"], for example')
    return raw
