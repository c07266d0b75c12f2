"""What a client answered to the custom fields of the booking form, as appointments keep it.

Two names for one thing (seed: Create an Appointment): `custom_data` maps a field to its answer, and the deprecated
`custom_fields` maps a field's place on the form to `[answer, label]`, with a third entry "h" for a hidden one (seed:
Get Upcoming Appointments, the sample). Assumptions: a key of `custom_data` is a field's id or its label; places count
from 1; what is written under one name can be read under both, in `custom_data` under the field's id; what names no
field is kept as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.exchange import dump
from provisioner.sandbox.setster import custom_field, values
from provisioner.sandbox.setster.envelope import invalid
from provisioner.sandbox.setster.values import UnfitError
from provisioner.sandbox.tables import objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from provisioner.sandbox.setster.call import Call
    from provisioner.sandbox.setster.shape import Record

PHONE, EMAIL, HIDDEN, ADDRESS = 2, 3, 4, 5
_ON_THE_BOOKING_FORM = (1, 3)
_PREFIX = "custom_field_"
_DIALLED = re.compile(r"[+(]?[\d\s().,/x+-]{3,}")


class Answers(NamedTuple):
    """The two views, as shown, and the plain answers by the text of a field's id, as searched."""

    custom_fields: dict[str, Any]
    custom_data: dict[str, Any]
    answers: dict[str, Any]


def mapped(value: Any) -> dict[str, Any]:
    """Accept a map; PHP's lists count from the first place on the form."""
    if isinstance(value, list):
        return {str(place): item for place, item in enumerate(value, start=1)}
    if not isinstance(value, dict):
        raise UnfitError("must be an object")
    return value


def on_the_form(call: Call) -> list[Record]:
    """Return the company's custom fields in the order of the form."""
    return objects.listed(call.store, custom_field.KIND, call.company)


def given(call: Call, accepted: Mapping[str, Any]) -> Answers | None:
    """Return the answers of a body that `mapped` has accepted, or None when it says nothing of any."""
    data, old_style = accepted.get("custom_data"), accepted.get("custom_fields")
    if data is None and old_style is None:
        return None
    form = on_the_form(call)
    plain = {key: _named(form, key) for key in data or {}}
    placed = {key: _at(form, key) for key in old_style or {}}
    answers = {str(field["id"]): _first((old_style or {})[key]) for key, field in placed.items() if field}
    answers |= {str(field["id"]): (data or {})[key] for key, field in plain.items() if field}
    said = {str(field["id"]) for field in plain.values() if field}
    return Answers(
        {key: _entry((old_style or {})[key]) for key, field in placed.items() if not field} | _as_places(form, answers),
        dict(data or {}) | {number: answer for number, answer in answers.items() if number not in said},
        answers,
    )


def _named(form: list[Record], key: str) -> Record | None:
    """Find a field by its id, which may be written as `custom_field_7`, or else by its label in any case."""
    number, label = key.removeprefix(_PREFIX), key.strip().casefold()
    by_id = next((field for field in form if str(field["id"]) == number), None)
    return by_id or next((field for field in form if field["label"].strip().casefold() == label), None)


def _at(form: list[Record], key: str) -> Record | None:
    """Find a field by its place; who writes the id instead means that field."""
    place = int(key) if key.isascii() and key.isdigit() and len(key) < 9 else 0
    return form[place - 1] if 0 < place <= len(form) else _named(form, key)


def _first(entry: Any) -> Any:
    """Return the answer of an entry `[answer, label, ...]`; one that is no list is the answer itself."""
    return entry if not isinstance(entry, list) else entry[0] if entry else ""


def _entry(written: Any) -> list[Any]:
    """Return an entry of no field as a list, as all of them are."""
    return [_shown(each) for each in written] if isinstance(written, list) else [_shown(written)]


def _as_places(form: list[Record], answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        str(place): [_shown(answers[str(field["id"])]), field["label"], *(["h"] if field["type"] == HIDDEN else [])]
        for place, field in enumerate(form, start=1)
        if str(field["id"]) in answers
    }


def _shown(answer: Any) -> Any:
    """Return an answer as text, or as a list of texts (the sample's address)."""
    if isinstance(answer, list):
        return [_shown(each) for each in answer]
    return answer if isinstance(answer, str) else "" if answer is None else dump(answer).decode()


def validate(call: Call, found: Answers, phone: str, address: str) -> None:
    """Refuse answers that do not fit the form, all problems in one failure (seed: validate_custom_fields).

    `phone` and `address` are the appointment's own, which "are considered custom fields as well" (seed: Custom fields):
    they answer the fields of these types that nothing else answers. Assumptions: only fields that are enabled and on
    the appointment form ask for anything; `length` 0 is no limit; a hidden field may be required; a dropdown takes its
    options, several in a list or with pipes if `multiselect`.
    """
    own = {PHONE: phone, ADDRESS: address}
    form = on_the_form(call)
    strange = [*(key for key in found.custom_data if not _named(form, key)), *_unplaced(form, found)]
    problems = [f"{key}: there is no such custom field" for key in strange]
    for field in form:
        answer = found.answers.get(str(field["id"]), own.get(field["type"]))
        if field["status"] and field["visibility"] in _ON_THE_BOOKING_FORM:
            problems += [f"{field['label']}: {problem}" for problem in _problems(field, answer)]
    if problems:
        raise invalid("custom fields failed validation: " + "; ".join(problems))


def _unplaced(form: list[Record], found: Answers) -> list[str]:
    return [key for key in found.custom_fields if not _at(form, key)]


def _problems(field: Record, answer: Any) -> Iterator[str]:
    texts = [text for text in _texts(answer) if text.strip()]
    if not texts and field["required"]:
        yield "is required"
    if field["length"] > 0 and any(len(text) > field["length"] for text in texts):
        yield f"must have at most {field['length']} characters"
    if field["type"] == custom_field.DROPDOWN:
        yield from _choices(field, texts)
    if field["type"] == EMAIL and not all(map(_is_an_email, texts)):
        yield "must be an e-mail address"
    if field["type"] == PHONE and not all(_DIALLED.fullmatch(text.strip()) for text in texts):
        yield "must be a phone number"


def _choices(field: Record, texts: list[str]) -> Iterator[str]:
    options = [option.strip() for option in field["options"].split("|")]
    chosen = [part.strip() for text in texts for part in (text.split("|") if field["multiselect"] else [text])]
    if any(choice not in options for choice in chosen):
        yield f"must be one of {', '.join(options)}"
    if len(chosen) > 1 and not field["multiselect"]:
        yield "takes one option"


def _is_an_email(text: str) -> bool:
    try:
        values.email(text)
    except ValueError:
        return False
    return True


def _texts(answer: Any) -> list[str]:
    if isinstance(answer, list):
        return [text for each in answer for text in _texts(each)]
    return [] if answer is None else [_shown(answer)]
