"""The fields of a kind: which are written, which are read, what each accepts, and what it is when nobody said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.envelope import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Record = dict[str, Any]
AS_READ = "as_read"
"""In the record of a copy: what reads of the original show that no field is for, and the fields that they lack."""


class Field(NamedTuple):
    """One field; `read` and `write` say whether reads show it and whether bodies may change it."""

    name: str
    accept: Callable[[Any], Any] = values.text
    default: Any = ""
    read: bool = True
    write: bool = True


def fields(accept: Callable[[Any], Any], default: Any, *names: str) -> tuple[Field, ...]:
    """Make alike fields."""
    return tuple(Field(name, accept, default) for name in names)


def fixed(default: Any, *names: str, accept: Callable[[Any], Any] = values.text) -> tuple[Field, ...]:
    """Make alike fields that only the vendor changes; `accept` is for filters."""
    return tuple(Field(name, accept, default, write=False) for name in names)


def hidden(*names: str) -> tuple[Field, ...]:
    """Make text fields that are written and never read back."""
    return tuple(Field(name, read=False) for name in names)


class Shape:
    """The fields of one kind and those that a body must bring."""

    def __init__(self, parts: Iterable[Field], required: Sequence[str] = ()) -> None:
        self.fields = {field.name: field for field in parts}
        self.required = tuple(required)
        self._reads = tuple((field.name, field.default) for field in self.fields.values() if field.read)
        self._defaults = {field.name: field.default for field in self.fields.values()}

    def accept(self, body: Mapping[str, Any]) -> Record:
        """Return the writable values of a body, all problems in one failure; other fields are ignored.

        Assumption: null means "as if never said".
        """
        accepted: Record = {}
        problems = [f"{name} is required" for name in self.required if body.get(name) is None]
        for name, value in body.items():
            field = self.fields.get(name)
            if field and field.write and not (value is None and name in self.required):
                try:
                    accepted[name] = field.default if value is None else field.accept(value)
                except ValueError as error:
                    problems.append(f"{name} {error}")
        if problems:
            raise invalid("; ".join(problems))
        return accepted

    def fresh(self) -> Record:
        """Return the record of an object about which nothing was said."""
        return dict(self._defaults)

    def changed(self, old: Record, accepted: Record, *, full: bool) -> Record:
        """Return a record after a modification; a full one resets what was not mentioned."""
        resets = {name: field.default for name, field in self.fields.items() if field.write} if full else {}
        return old | resets | accepted

    def read(self, record: Record) -> Record:
        """Return what the vendor shows of a record."""
        shown = {name: record.get(name, default) for name, default in self._reads}
        return shown if AS_READ not in record else _as_read(shown, **record[AS_READ])

    def copied(self, raw: Mapping[str, Any], computed: Iterable[str] = ()) -> Record:
        """Return the record of which reads show what was read elsewhere, however odd; nothing of it is checked.

        What is `computed` is shown beside the record, and not kept.
        """
        known = {name: value for name, value in raw.items() if name in self.fields}
        more = {name: value for name, value in raw.items() if name not in self.fields and name not in {*computed}}
        lacks = [name for name, _ in self._reads if name not in raw]
        return self.fresh() | known | {AS_READ: {"more": more, "lacks": lacks}}

    def matches(self, names: Iterable[str], query: Mapping[str, str]) -> Callable[[Record], bool]:
        """Return the test that a list's filters make.

        Assumption: a filter means equality, and a blank one means none.
        """
        wanted = [(name, self._wanted(name, query[name])) for name in names if query.get(name)]
        return lambda record: all(record.get(name) == value for name, value in wanted)

    def _wanted(self, name: str, value: str) -> Any:
        try:
            return self.fields[name].accept(value)
        except ValueError as error:
            raise invalid(f"{name} {error}") from None


def _as_read(shown: Record, *, more: Record, lacks: list[str]) -> Record:
    return {name: value for name, value in shown.items() if name not in lacks} | more
