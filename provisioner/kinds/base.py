"""What every kind is: a frozen pydantic model whose fields carry their own rules.

A kind's file holds facts, no I/O. Two sorts exist. An *object* has an id of its own at the vendor (a location). A
*relation* is identified by the objects it joins (hours of an employee at a location): `key_kinds` names them in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, SecretStr
from pydantic.fields import FieldInfo

from provisioner.kinds.fields import (
    AtCreation,
    CreateDefault,
    Form,
    FromFile,
    Instruction,
    Needed,
    Role,
    Sensitive,
    Strands,
    WriteOnly,
)
from provisioner.kinds.values import quote
from provisioner.kinds.vendor_id import ANY_ID, Shape

CREATE_DEFAULTS_NOTE = "sent at creation, unmanaged afterwards"


@dataclass(frozen=True, slots=True)
class Spec:
    """One field of a kind, read once from its annotation: its form and its markers."""

    name: str
    form: Form
    doc: str = ""
    required: bool = False
    but_for: str | None = None
    """The role whose holder may do without it although it is required."""
    sensitive: bool = False
    at_creation: bool = False
    create_default: CreateDefault | None = None
    role: str | None = None
    from_file: bool = False
    instruction: Instruction | None = None
    write_only: bool = False
    """It cannot be read back, and is no secret."""
    personal: bool = False
    """What is live of it is somebody's own data: it is named where it matters, and its value is shown nowhere."""
    strands: Strands | None = None

    def can_strand(self, before: Any, after: Any) -> bool:
        """Whether a change from one value to the other can strand appointments."""
        if self.strands is None:
            return False
        return isinstance(before, Unreadable) or self.strands.by(before, after)

    def dump(self, value: Any) -> Any:
        """The manifest's own spelling of a value, as JSON can hold it."""
        if value is None:
            return None
        return str(value) if isinstance(value, Unreadable) else self.form.dump(value)

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values mean the same to the vendor."""
        if one == other:
            return True
        if one is None or other is None or isinstance(one, Unreadable) or isinstance(other, Unreadable):
            return False
        return self.form.same(one, other)

    def text(self, value: Any) -> str:
        """A value as the plan prints it."""
        if value is None:
            return "null"
        if self.sensitive:
            return "(sensitive value)"
        if isinstance(value, Unreadable):
            return str(value)
        dumped = self.dump(value)
        if isinstance(dumped, bool):
            return "true" if dumped else "false"
        return quote(dumped) if self.form.name in {"text", "e-mail", "URL", "zone", "word"} else str(dumped)


class Unreadable(NamedTuple):
    """A live value that its field's type cannot hold; it is shown as it is and equals nothing that is wanted."""

    raw: Any

    def __str__(self) -> str:
        return f"{quote(str(self.raw))} (not readable)"


class NotKnown(Unreadable):
    """Stands for what is live of a field that cannot be read back and was never applied."""

    __slots__ = ()

    def __str__(self) -> str:
        return "(not known)"


class Group(BaseModel):
    """Fields that stand together under one key of a resource, such as an account's `options`."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Resource(Group):
    """The base of all kinds: what is wanted of one thing, with only the fields that the manifests name."""

    kind: ClassVar[str]
    section: ClassVar[str]
    """The manifest's top-level key; "" when the kind is written inside others."""
    title: ClassVar[str]
    """What a person calls it in a sentence."""
    key_kinds: ClassVar[tuple[str, ...]] = ()
    natural: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Alternative natural keys, each a tuple of fields, tried in order."""
    telling: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Groups of fields by which a person would know it under another name: two of one kind hardly have the same."""
    whole: ClassVar[int] = 0
    """A relation's leading keys that, once named, are managed as a whole set (2: every link of one pair)."""
    everywhere: ClassVar[tuple[str, ...]] = ()
    """Fields whose value may exist only once at a vendor, in all accounts together."""
    to_create: ClassVar[tuple[str, ...]] = ()
    """Fields that may be left out for an object that exists, but not for one that must be created."""
    goes_with: ClassVar[frozenset[str]] = frozenset()
    """The `key_kinds` whose deletion takes a relation along at the vendor."""
    lists: ClassVar[Mapping[str, str]] = {}
    """For a kind that says how objects are ordered: each key that it may have, which is also its live id, and the kind
    of the objects. Its field `inline` holds their keys; live they are `Live.refs`."""
    tied: ClassVar[frozenset[str]] = frozenset()
    """Fields of which writing one may clear the others at the vendor."""
    inline: ClassVar[str] = ""
    """The field that may stand in place of the whole mapping of fields."""
    ids: ClassVar[Shape] = ANY_ID
    """What the ids of live ones look like."""
    removable: ClassVar[bool] = True
    """False where leaving the manifests never destroys anything."""
    ending: ClassVar[str] = "destroyed"
    """What becomes of one that is destroyed, in the words of a plan."""
    drifts: ClassVar[str] = ""
    """Why what moved outside is shown and not put back, where others rewrite it all the time; "" puts it back."""
    personal: ClassVar[bool] = False
    """Its fields are people's own data."""
    entries: ClassVar[tuple[str, ...]] = ()
    """Fields that are mappings of which a message may be about one entry: where each stands is kept."""
    kept_roles: ClassVar[frozenset[str]] = frozenset()
    """Roles whose holder is never destroyed, only forgotten."""
    strands: ClassVar[frozenset[str]] = frozenset()
    """Which of `create` and `delete` can strand appointments that are booked; of an update its fields say it."""
    nested: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Relations that are written inside: each kind's path of keys, with a kind's name where a key of it stands."""

    @classmethod
    def ended(cls) -> str:
        """What became of one that is gone, in the words of a report: deleted, unless its kind has a word of its own."""
        return "deleted" if cls.ending == Resource.ending else cls.ending

    @classmethod
    def is_found(cls) -> bool:
        """Whether one is recognised without its recorded id: by its name, by what it joins, or as the list it is."""
        return bool(cls.natural or cls.key_kinds or cls.lists)

    @classmethod
    def with_article(cls) -> str:
        """What a person calls one of them."""
        article = "the" if cls.lists else "an" if cls.title[0] in "aeiou" else "a"
        return f"{article} {cls.title}"

    def wanted(self) -> dict[str, Any]:
        """The fields that the manifests name, groups flattened to dotted names, claims left out."""
        return {name: value for name, value in _flat(self) if specs(type(self))[name].role is None}

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with fields that are right one by one: the field to mend, or "" for all of it, and why."""
        yield from ()

    def claims(self) -> frozenset[str]:
        """The roles this resource claims."""
        return frozenset(s.role for n, s in specs(type(self)).items() if s.role and getattr(self, n, None) is True)


def _flat(model: Group, prefix: str = "") -> Iterator[tuple[str, Any]]:
    data = model.__dict__
    named = model.model_fields_set
    for name, value in data.items():
        if name not in named:
            continue
        if isinstance(value, Group):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


@cache
def specs(kind: type[Group]) -> Mapping[str, Spec]:
    """Every field of a kind by its flattened name, in the order of its declaration."""
    return dict(_specs(kind, ""))


def _specs(kind: type[Group], prefix: str) -> Iterator[tuple[str, Spec]]:
    for name, info in kind.model_fields.items():
        group = group_of(info)
        if group is not None:
            yield from _specs(group, f"{prefix}{name}.")
        else:
            yield prefix + name, _spec(prefix + name, info, personal=getattr(kind, "personal", False))


@cache
def needed(kind: type[Resource]) -> tuple[str, ...]:
    """The fields that only the holder of a role may do without."""
    return tuple(name for name, spec in specs(kind).items() if spec.but_for)


def group_of(info: FieldInfo) -> type[Group] | None:
    """The group that a field holds, if it holds one."""
    candidates = (info.annotation, *getattr(info.annotation, "__args__", ()))
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, Group)), None)


def _spec(name: str, info: FieldInfo, *, personal: bool) -> Spec:
    marks = {type(m): m for m in info.metadata}
    form = marks[Form]
    role, needs = marks.get(Role), marks.get(Needed)
    return Spec(
        name=name,
        form=form,
        doc=info.description or "",
        required=info.is_required() or needs is not None,
        but_for=needs.but_for if needs else None,
        sensitive=Sensitive in marks,
        at_creation=AtCreation in marks,
        create_default=marks.get(CreateDefault),
        role=role.name if role else None,
        from_file=FromFile in marks,
        instruction=marks.get(Instruction),
        write_only=WriteOnly in marks,
        personal=personal,
        strands=marks.get(Strands),
    )


def secret_text(value: Any) -> str:
    """The secret itself, for the one place that sends it."""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
