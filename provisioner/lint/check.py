"""Going through the rules: what is switched off is left out, and what stands at one place is told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase

from provisioner.errors import Problem
from provisioner.kinds.address import Address
from provisioner.kinds.desired import Place
from provisioner.kinds.values import said
from provisioner.lint.rule import Finding, Override, Rule
from provisioner.lint.subject import Subject

_USUAL = Override()
_SUGGESTED = 3
"""Exceptions that get a nearest address, which takes a while to find among thousands."""


def check(rules: Iterable[Rule], subject: Subject, overrides: Mapping[str, Override]) -> list[Finding]:
    """All findings, sorted by file, line and column."""
    found = [
        finding
        for rule in rules
        if not overrides.get(rule.name, _USUAL).off
        for finding in _findings(rule, subject, overrides.get(rule.name, _USUAL))
    ]
    return sorted(found, key=lambda each: (each.place, each.rule, each.addresses))


def _findings(rule: Rule, subject: Subject, override: Override) -> Iterator[Finding]:
    """What one rule finds; what reads the same at one place is one finding."""
    globs = [glob for glob, _ in override.spared]
    told: dict[tuple[Place, str, str], list[Address]] = {}
    for address, place, reason, remedy in rule.look(subject):
        if not any(address.matches(glob) for glob in globs):
            told.setdefault((place, reason, remedy), []).append(address)
    severity = override.severity or rule.severity
    for (place, reason, remedy), addresses in told.items():
        yield Finding(rule.name, severity, place, tuple(sorted(addresses)), reason, remedy, rule.docs)


def idle_exceptions(subject: Subject, overrides: Mapping[str, Override]) -> Iterator[Problem]:
    """The exceptions that name nothing in the manifests: a typing error, or of something that is gone."""
    known = {*map(str, subject.desired.resources)}
    spared = [(name, glob, place) for name, override in overrides.items() for glob, place in override.spared]
    idle = [each for each in spared if each[1] not in known and not any(fnmatchcase(text, each[1]) for text in known)]
    for number, (name, glob, place) in enumerate(idle):
        near = get_close_matches(glob, known, n=1) if number < _SUGGESTED else ()
        remedy = f"did you mean {near[0]}?" if near else "correct it, or remove it"
        yield Problem(*place, f"{name}: {said(glob)} fits no address in the manifests: {remedy}")
