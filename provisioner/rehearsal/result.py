"""What came of a rehearsal, as values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from provisioner.apply.outcome import Applied
from provisioner.plan.change import Plan

_IDS = re.compile(r"/[0-9]+(,[0-9]+)*(?=/|$)")


class Asked(NamedTuple):
    """How often an apply asks for one thing: ids are left out of the path."""

    method: str
    path: str
    times: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One apply on a copy, and the plan after it."""

    dialect: Mapping[str, str]
    """What was assumed of the vendor."""
    applied: Applied
    """Its seconds are counted, and not waited for."""
    afterwards: Plan | None
    """What a second plan would do; None where none could be made."""
    wrong: str = ""
    """Why not."""
    asked: tuple[Asked, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether everything is as the manifests say in the end."""
        return self.applied.complete and self.afterwards is not None and not self.afterwards.writes


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal, in one or more dialects; the first is the one that is told in full."""

    first: Rehearsed
    others: tuple[Rehearsed, ...]
    """Those whose outcome is not the first one's."""
    tried: int
    """In how many dialects."""
    counts: Mapping[str, int]
    """How many of what were copied."""
    lacking: tuple[str, ...]
    """What has stand-ins in the copy."""
    seconds_each: float
    """What a request is taken to take: as long as a read took."""
    at_once: int
    pace: float | None
    reads: int = 0
    """Requests that read the tenant."""
    planning: int = 0
    """Those of them that a plan needs."""
    probed: Mapping[str, str] = field(default_factory=dict)
    """What of the dialect a probe has found out."""
    differs: tuple[str, ...] = field(default=())
    """Where the plan on the copy is not the plan on the tenant."""


def asked(requests: Iterable[tuple[str, str]]) -> tuple[Asked, ...]:
    """Methods and paths, counted: writes before reads."""
    counted = Counter((method, _IDS.sub("/{id}", path)) for method, path in requests)
    found = [Asked(method, path, times) for (method, path), times in counted.items()]
    return tuple(sorted(found, key=lambda each: (each.method == "GET", each.path, each.method)))
