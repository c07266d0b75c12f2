"""A failed validation in a person's words, each problem at the place where it must be mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from provisioner.kinds.base import specs
from provisioner.kinds.values import plain, said
from provisioner.manifest.problems import Problems, nearest
from provisioner.manifest.renamed import RENAMED
from provisioner.manifest.rows.row import at, mark_of
from provisioner.manifest.shape import groups, outside
from provisioner.manifest.spot import spot
from provisioner.manifest.yaml import Seq

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from provisioner.kinds.base import Resource
    from provisioner.kinds.desired import Place
    from provisioner.manifest.merge import Merged


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words for what is wrong with one merged resource, or with a field of it that is a relation."""

    merged: Merged
    problems: Problems
    partial: bool = False
    """Fields that are missing are no problem: other fragments may give them."""

    def report(self, error: ValidationError) -> None:
        """Add each of pydantic's errors as a problem."""
        errors = error.errors(include_url=False, include_input=False)
        unknown = [each["loc"] for each in errors if each["type"] == "extra_forbidden"]
        guessed = {self._unknown([str(step) for step in loc]) for loc in unknown}
        missing = []
        for each in errors:
            name = ".".join(map(str, each["loc"]))
            if each["type"] == "missing":
                missing.append(name)
            elif each["type"] != "extra_forbidden":
                self._value(self.merged.kind, name, name, each)
        self.absent([*missing, *self.merged.lacking()], guessed)

    def absent(self, names: Iterable[str], guessed: Collection[str | None] = ()) -> None:
        """Add a problem for each field that is missing and was not meant by a misspelled one."""
        for name in names:
            if not self.partial and name not in guessed and not self.merged.broken(name):
                self._missing(name)

    def relation(self, kind: type[Resource], field: str, name: str, error: ValidationError) -> None:
        """The same for a relation's only field, written under the dotted name `name`."""
        for each in error.errors(include_url=False, include_input=False):
            self._value(kind, field, name, each)

    def faults(self, resource: Resource) -> None:
        """The same for fields that do not go together, unless one of them was refused already."""
        if any(fragment.broken for fragment in self.merged.fragments):
            return
        for field, why in resource.faults():
            if field:
                owner = self.merged.owner(field)
                place = owner.value_place(field)
                self._at(place, spot(owner.values[field], mark_of(place), why), f"{field}: {why}")
            else:
                self.problems.add(self.merged.place, f"{self.merged.fragments[0].name}: {why}")

    # -- unknown keys

    def _unknown(self, steps: list[str]) -> str | None:
        """Report an unknown key; the name that was probably meant."""
        last, owner = steps[-1], self.merged.owner(".".join(steps))
        renamed = RENAMED.get(self.merged.kind.kind, {}).get(last)
        near = None if "." in last else nearest(last, self._siblings(steps[:-1]))
        if renamed:
            message = f"{last} is called {renamed} here"
        else:
            remedy = f"did you mean {near}?" if near else self._elsewhere(last)
            message = f"unknown key '{plain(last, 60)}' in {owner.name}: {remedy}"
        self.problems.add(owner.key_place(".".join(steps)), message)
        return renamed or near

    def _siblings(self, group: list[str]) -> list[str]:
        known = [name.split(".") for name in specs(self.merged.kind)]
        if group:
            return [name[-1] for name in known if name[:-1] == group]
        return sorted({name[0] for name in known} | outside(self.merged.kind))

    def _elsewhere(self, key: str) -> str:
        """The remedy for a key that is a field in another group, or none at all."""
        if "." in key:
            return "keys have no dot"
        for group in groups(self.merged.kind):
            if f"{group}.{key}" in specs(self.merged.kind):
                return f"it stands under {group}"
        return f"{self.merged.kind.with_article()} has no such field, remove it"

    # -- missing fields and wrong values

    def _missing(self, name: str) -> None:
        blank = next((f for f in self.merged.fragments if name in f.marks), None)
        if blank:  # a fragment has a place for it and no value
            message = f"{blank.name} lacks {name}, as the cell is blank: fill it in"
            self.problems.add(blank.value_place(name), message)
            return
        grammar = specs(self.merged.kind)[name].form.grammar
        message = f"{self.merged.fragments[0].name} lacks {name}: add `{name}: ...`, {grammar}"
        self.problems.add(self.merged.place, message)

    def _value(self, kind: type[Resource], field: str, name: str, error: Any) -> None:
        fragment = self.merged.owner(name)
        value, place = fragment.values[name], fragment.value_place(name)
        reason = _reason(error, value)
        if isinstance(value, Seq) and len(value) > 1 and (items := list(_items(kind, field, value))):
            for item, mark, why in items:
                self._at(place, spot(item, mark, why), f"{name}: {why}")
        else:
            mark = value.marks[0] if isinstance(value, Seq) and value else mark_of(place)
            self._at(place, spot(value, mark, reason), f"{name}: {reason}")

    def _at(self, place: Place, mark: tuple[int, int], message: str) -> None:
        self.problems.add(at(place, mark), message)


def _items(kind: type[Resource], field: str, value: Seq) -> Iterator[tuple[Any, tuple[int, int], str]]:
    """The items of a list that are wrong by themselves, so that each is reported where it stands."""
    for item, mark in zip(value, value.marks, strict=True):
        alone = Seq(*mark)
        alone.append(item)
        try:
            kind.model_validate({field: alone})
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False):
                why = _reason(each, item)
                of_the_list = why.startswith(said(alone)) and not isinstance(item, Seq)
                if each["loc"] == (field,) and each["type"] != "missing" and not of_the_list:
                    yield item, mark, why


def _reason(error: Any, value: Any) -> str:
    """What a type's own parser says; pydantic's words only where no parser of ours was asked."""
    told = error.get("ctx", {}).get("error")
    if told is not None:
        return str(told)
    return f"{said(value)} does not fit: {str(error['msg'])[:1].lower()}{str(error['msg'])[1:]}"
