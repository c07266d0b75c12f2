"""Resources from fragments: merged, validated once for all accounts that say the same, with their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from provisioner.kinds.base import Resource
from provisioner.kinds.desired import PLAIN, Lifecycle, Place
from provisioner.manifest.explain import Explanation
from provisioner.manifest.inner import Inner, read_inner
from provisioner.manifest.lifecycle import read_lifecycle
from provisioner.manifest.merge import Merged, merge
from provisioner.manifest.products import Product
from provisioner.manifest.rows.row import RowPlace, at
from provisioner.manifest.shape import groups, outside
from provisioner.manifest.yaml import Map

if TYPE_CHECKING:
    from provisioner.manifest.fragment import Fragment
    from provisioner.manifest.problems import Problems


@dataclass(frozen=True, slots=True)
class Built:
    """A resource as it is in every account that has these fragments; `resource` is None when it is wrong."""

    resource: Resource | None
    place: Place
    fields: Mapping[str, Place]
    lifecycle: Lifecycle = PLAIN
    inner: tuple[Inner | Product, ...] = ()


class Builder:
    """Builds each set of fragments once."""

    def __init__(self, defaults: Mapping[type[Resource], Fragment], problems: Problems) -> None:
        self._defaults, self._problems = defaults, problems
        self._built: dict[tuple[Fragment, ...], Built] = {}
        self._used: set[Fragment] = set()

    def build(self, fragments: Sequence[Fragment]) -> Built:
        """The resource that some fragments make, with the defaults of its kind."""
        default = self._defaults.get(fragments[0].kind)
        every = (*fragments, default) if default else tuple(fragments)
        built = self._built.get(every)
        if built is None:
            built = self._built[every] = self._build(merge(every, self._problems))
            self._used.update(every)
        return built

    def check_rest(self, fragments: Sequence[Fragment]) -> None:
        """Check the fragments that no resource was built from, so that their mistakes are not hidden."""
        for fragment in (*fragments, *self._defaults.values()):
            if fragment not in self._used:
                self._check_alone(fragment)

    def _build(self, merged: Merged) -> Built:
        for fragment in merged.overridden:
            self._check_alone(fragment)
        return Built(
            self._validated(merged, partial=False),
            merged.place,
            _places(merged),
            read_lifecycle(merged, self._problems),
            tuple(read_inner(merged, self._problems)),
        )

    def _check_alone(self, fragment: Fragment) -> None:
        self._used.add(fragment)
        merged = Merged((fragment,), fragment.values)
        self._validated(merged, partial=True)
        read_lifecycle(merged, self._problems)
        for _ in read_inner(merged, self._problems):
            pass

    def _validated(self, merged: Merged, *, partial: bool) -> Resource | None:
        explanation = Explanation(merged, self._problems, partial)
        try:
            resource = merged.kind.model_validate(_body(merged))
        except ValidationError as error:
            explanation.report(error)
            return None
        explanation.absent(merged.lacking())
        if not partial:
            explanation.faults(resource)
        return resource


def _body(merged: Merged) -> Mapping[str, Any]:
    """The resource's own fields as its model takes them: groups nested again."""
    if isinstance(merged.values, Map):
        return merged.values
    hidden, nested = outside(merged.kind), groups(merged.kind)
    body: dict[str, Any] = {}
    for name, value in merged.values.items():
        head, dot, rest = name.partition(".")
        if dot and head in nested:
            body.setdefault(head, {})[rest] = value
        elif head not in hidden:
            body[name] = value
    return body


def _places(merged: Merged) -> dict[str, Place]:
    hidden = outside(merged.kind)
    if len(merged.fragments) > 1:
        found = {n: merged.owner(n).key_place(n) for n in merged.values if n.partition(".")[0] not in hidden}
        return found | _entries(merged)
    place, marks = merged.place, merged.fragments[0].marks
    names = [name for name in merged.values if name.partition(".")[0] not in hidden]
    if isinstance(place, RowPlace):
        return {name: place.origin.place(marks[name][:2]) for name in names} | _entries(merged)
    return {name: Place(place.file, *marks[name][:2]) for name in names} | _entries(merged)


def _entries(merged: Merged) -> dict[str, Place]:
    """Where each entry of a mapping stands, of the fields of which that is kept."""
    found: dict[str, Place] = {}
    for name in merged.kind.entries:
        if isinstance(value := merged.values.get(name), Map):
            where = merged.owner(name).value_place(name)
            found |= {f"{name}.{key}": at(where, value.key_mark(key)) for key in value}
    return found
