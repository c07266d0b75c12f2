"""Searching what clients answered to custom fields: the `cf_*` parameters of a list (seed: List Appointments)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.envelope import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Answers = Mapping[Any, Any]

NAMES = ("cf_ids", "cf_search", "cf_search_precision", "cf_search_operand")
"""The parameters of a query that `cf_filter` reads."""
_PREFIX = "custom_field_"
_precision = values.one_of(("exact", "fuzzy"), values.text)
_operand = values.one_of(("and", "or"), values.text)


def cf_filter(query: Mapping[str, str]) -> Callable[[Answers], bool]:
    """Return the test that `cf_ids`, `cf_search`, `cf_search_precision` and `cf_search_operand` make; Failure 1.

    The test takes the answers by custom field id (a number or its text), each a text, a number or lists of them,
    without the field's label. An id is written plain or as `custom_field_7`, as in the page's example.

    Assumptions: exact means that one of a field's answers is the text, fuzzy that one has it in it, both in any case;
    without `cf_ids` one matching field is enough whatever the operand; without `cf_search` everything fits; a field
    that was not answered does not match.
    """
    precision = _chosen(query, "cf_search_precision", _precision, "exact")
    operand = _chosen(query, "cf_search_operand", _operand, "and")
    asked = _ids(query.get("cf_ids", ""))
    part = query.get("cf_search", "").strip().casefold()
    if not part:
        return lambda _answers: True

    def found(answer: Any) -> bool:
        texts = (text.casefold() for text in _texts(answer))
        return any(part in text if precision == "fuzzy" else part == text.strip() for text in texts)

    def fits(answers: Answers) -> bool:
        known = {str(number): answer for number, answer in answers.items()}
        if not asked:
            return any(map(found, known.values()))
        matches = (number in known and found(known[number]) for number in asked)
        return all(matches) if operand == "and" else any(matches)

    return fits


def _chosen(query: Mapping[str, str], name: str, accept: Callable[[Any], Any], default: str) -> str:
    try:
        return str(accept(query.get(name) or default))
    except ValueError as error:
        raise invalid(f"{name} {error}") from None


def _ids(written: str) -> list[str]:
    """Read `custom_field_1,2`; the ids stay text."""
    return [str(_id(each.strip())) for each in written.split(",") if each.strip()]


def _id(written: str) -> int:
    try:
        return values.whole(written.removeprefix(_PREFIX))
    except ValueError:
        raise invalid(f"cf_ids must be ids of custom fields, not {written[:40]!r}") from None


def _texts(answer: Any) -> Iterator[str]:
    """Yield the texts of an answer: an address, for one, is a list in a list (seed: Get Upcoming Appointments)."""
    if isinstance(answer, list):
        for each in answer:
            yield from _texts(each)
    elif answer is not None:
        yield str(answer)
