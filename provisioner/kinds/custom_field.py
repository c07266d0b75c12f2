"""A custom field: a question on the booking form, or data that rides with an appointment (seed: Custom fields)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from provisioner.kinds import patterns
from provisioner.kinds.base import Resource
from provisioner.kinds.count import Count
from provisioner.kinds.fields import Bool, CreateDefault, Form, Integer, Name, Text, one_of, parse_name
from provisioner.kinds.values import refused, said

TYPES = ("text", "multiline", "phone", "email", "hidden", "address", "title", "dropdown")
"""In the order of the vendor's numbers, 0 to 7."""
_EXAMPLE = "[Friend, Web]"


def parse_options(raw: Any) -> tuple[str, ...]:
    """The choices of a dropdown, in their order; the vendor keeps them as one text with | between."""
    if raw is None or isinstance(raw, tuple):
        return raw or ()
    if not isinstance(raw, list):
        split = [part.strip() for part in raw.split("|")] if isinstance(raw, str) else []
        raise refused(raw, "is no list of options", f"[{', '.join(split)}]" if len(split) > 1 else _EXAMPLE)
    options = tuple(map(_option, raw))
    for option in options:
        if options.count(option) > 1:
            raise ValueError(f"{said(option)} stands there twice: keep one of them")
    return options


def _option(raw: Any) -> str:
    option = parse_name(raw)
    if "|" in option:
        raise refused(option, "has a |, which stands between two options at the vendor", option.replace("|", "/"))
    return option


OPTIONS = Form(
    "options",
    list,
    grammar=f"a list of texts such as `{_EXAMPLE}`",
    schema={
        "type": "array",
        "items": {**patterns.NAME, "not": {"type": "string", "pattern": r"\|"}},
        "uniqueItems": True,
    },
)
Type = Annotated[str, *one_of(*TYPES)]
Visible = Annotated[str | None, *one_of("appointment", "contact", "both")]


class CustomField(Resource):
    """One field of the booking form of an account."""

    kind: ClassVar[str] = "custom_field"
    section: ClassVar[str] = "custom_fields"
    title: ClassVar[str] = "custom field"
    natural: ClassVar[tuple[tuple[str, ...], ...]] = (("label",),)
    telling: ClassVar[tuple[tuple[str, ...], ...]] = (("options",),)
    kept_roles: ClassVar[frozenset[str]] = frozenset({"unremovable"})
    tied: ClassVar[frozenset[str]] = frozenset({"type", "options", "multiselect"})

    label: Name = Field(description="the question that clients read; found by it when it is not in the state")
    type: Type = Field(description="what clients fill in")
    options: Annotated[tuple[str, ...], BeforeValidator(parse_options), OPTIONS] = Field(
        (), description="the choices of a dropdown, in their order"
    )
    multiselect: Bool = Field(None, description="clients may pick several of a dropdown's options")
    visible: Annotated[Visible, CreateDefault("both")] = Field(
        None, description="the forms that show it: the appointment's, the contact's or both (`visibility`)"
    )
    required: Annotated[Bool, CreateDefault(False)] = Field(None, description="clients must fill it in")
    active: Annotated[Bool, CreateDefault(True)] = Field(None, description="in use (`status`)")
    readonly: Annotated[Bool, CreateDefault(False)] = Field(None, description="clients cannot change it")
    readonly_type: Integer = Field(None, description="the vendor's number for how it is read-only")
    length: Annotated[Count, CreateDefault(255)] = Field(None, description="most characters of an answer")
    ord: Annotated[Integer, CreateDefault(0)] = Field(None, description="its place on the form, from the smallest")
    hint: Annotated[Text, CreateDefault("")] = Field(None, description="a hint for clients")
    deletable: Annotated[Bool, CreateDefault(True)] = Field(
        None, description="it can be deleted (`removable`); the vendor's default is false, ours at creation is true"
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Options belong to a dropdown, and a dropdown needs them (seed: Create a Custom Field, `options`)."""
        named = self.model_fields_set
        if self.type == "dropdown" and not self.options:
            yield "options" if "options" in named else "", f"a dropdown needs options: add `options: {_EXAMPLE}`"
        for name in ("options", "multiselect"):
            if name in named and getattr(self, name) and self.type != "dropdown":
                yield name, f"only a dropdown has {name}, and this is of type {self.type}: write type: dropdown"
