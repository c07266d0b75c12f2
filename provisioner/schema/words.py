"""What the schema and `explain` say of kinds and fields, from the kinds' own words."""

from __future__ import annotations

from collections.abc import Sequence

from provisioner.kinds.base import Resource, Spec
from provisioner.kinds.values import quote, text_bool


def kind_words(kind: type[Resource]) -> str:
    """The first sentence about a kind."""
    return bare((kind.__doc__ or "").strip().splitlines()[0])


def bare(text: str) -> str:
    """Words without marks of Markdown, which an editor would show as they are."""
    return text.replace("`", "")


def marks(spec: Spec) -> list[str]:
    """How a field behaves, each mark as on the generated pages."""
    found = ["required" + (f" but for the {spec.but_for}" if spec.but_for else "")] if spec.required else []
    found += ["sensitive"] if spec.sensitive else []
    found += ["at creation"] if spec.at_creation else []
    found += ["for a change"] if spec.instruction else []
    if spec.create_default:
        value = spec.create_default.value
        shown = text_bool(value) if isinstance(value, bool) else str(spec.dump(value))
        found.append(f"create default {shown or quote(shown)}")
    return [*found, f"role {spec.role}"] if spec.role else found


def grammar(spec: Spec) -> str:
    """What to write for a field's value."""
    return "`true`" if spec.role else spec.form.grammar


def field_words(spec: Spec) -> str:
    """A field's meaning, its value and its marks: what an editor shows beside it."""
    value = grammar(spec)
    parts = [spec.doc, "" if value == "text" else value, ", ".join(marks(spec))]
    return " ".join(sentence(part) for part in parts if part)


def sentence(part: str) -> str:
    """A part as a sentence; a word that has its own capitals (iCalendar) or stands in backticks stays as it is."""
    begun = part if part[1:2].isupper() else part[:1].upper() + part[1:]
    return bare(f"{begun}.")


def relation_words(relations: Sequence[type[Resource]], keyed_by: str) -> str:
    """What stands on the way to some relations."""
    parts = " ".join(kind_words(relation) for relation in relations)
    return f"For each {keyed_by}, by its key. {parts}" if keyed_by else parts
