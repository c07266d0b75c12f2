"""Relations that are written inside a resource: an employee's `at` and `away`, as the kind's `nested` declares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from provisioner.kinds import BY_NAME
from provisioner.kinds.values import plain
from provisioner.manifest.explain import Explanation
from provisioner.manifest.problems import Problems, meant
from provisioner.manifest.products import Product, read_choice
from provisioner.manifest.shape import LIFECYCLE, outside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from provisioner.kinds.base import Resource
    from provisioner.kinds.desired import Place
    from provisioner.manifest.merge import Merged


@dataclass(frozen=True, slots=True)
class Inner:
    """One relation with fields of its own, and the keys that it joins."""

    resource: Resource
    keys: tuple[tuple[str, Place], ...]
    place: Place
    fields: Mapping[str, Place]


def read_inner(merged: Merged, problems: Problems) -> Iterator[Inner | Product]:
    """The relations inside a merged resource."""
    if not merged.kind.nested:
        return
    heads = outside(merged.kind) - {LIFECYCLE}
    for name in merged.values:
        if name.partition(".")[0] in heads:
            yield from _Inside(merged, name, problems).read()


@dataclass(frozen=True, slots=True)
class _Inside:
    """One dotted name, such as `at.downtown.hours`."""

    merged: Merged
    name: str
    problems: Problems

    def read(self) -> Iterator[Inner | Product]:
        steps = self.name.split(".")
        for kind_name, path in self.merged.kind.nested.items():
            kind = BY_NAME[kind_name]
            if len(path) == len(steps) and all(
                one == other or other in kind.key_kinds for one, other in zip(steps, path, strict=True)
            ):
                yield from self._relation(kind, path, steps)
                return
        self._unknown(steps)

    def _relation(self, kind: type[Resource], path: tuple[str, ...], steps: list[str]) -> Iterator[Inner | Product]:
        owner = self.merged.owner(self.name)
        keys = [(self.merged.key, self.merged.place)]
        for number, step in enumerate(path):
            if step in kind.key_kinds:
                keys.append((steps[number], owner.key_place(".".join(steps[: number + 1]))))
        if kind.model_fields:
            resource = self._validated(kind, path[-1])
            place = owner.made_place(self.name)
            if resource is not None:
                yield Inner(resource, tuple(keys), place, {path[-1]: place})
        else:
            value, at = self.merged.values[self.name], owner.value_place(self.name)
            choices = (*(((key),) for key in keys), read_choice(value, at, path[-1], self.problems))
            yield Product(kind, choices, owner.made_place(self.name))

    def _validated(self, kind: type[Resource], field: str) -> Resource | None:
        try:
            return kind.model_validate({field: self.merged.values[self.name]})
        except ValidationError as error:
            Explanation(self.merged, self.problems).relation(kind, field, self.name, error)
            return None

    def _unknown(self, steps: list[str]) -> None:
        known = [path[-1] for path in self.merged.kind.nested.values() if len(path) == len(steps)]
        remedy = meant(steps[-1], known, f"there are {' and '.join(known)}")
        owner = self.merged.owner(self.name)
        where = f"{'.'.join(steps[:-1])} of {owner.name}"
        self.problems.add(owner.key_place(self.name), f"unknown key '{plain(steps[-1], 60)}' in {where}: {remedy}")
