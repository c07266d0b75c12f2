"""Numbers that count something are never negative, for the loader and for an editor."""

from __future__ import annotations

import pytest

from provisioner.kinds.base import Resource, specs
from provisioner.kinds.count import parse_count
from provisioner.kinds.custom_field import CustomField
from provisioner.kinds.service import Service

COUNTS: list[tuple[type[Resource], str]] = [
    (CustomField, "length"),
    (Service, "max_clients"),
    (Service, "group_session"),
]


@pytest.mark.parametrize(("kind", "name"), COUNTS)
def test_an_editor_knows_the_bound(kind: type[Resource], name: str) -> None:
    assert specs(kind)[name].form.schema["minimum"] == 0


@pytest.mark.parametrize(("raw", "count"), [("0", 0), ("25", 25), (7, 7)])
def test_none_and_any_number_of_them_are_counts(raw: object, count: int) -> None:
    assert parse_count(raw) == count


@pytest.mark.parametrize(("raw", "told"), [("-1", "'-1' is below 0: write 0 or more"), (None, "cannot be cleared")])
def test_less_than_none_is_not(raw: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_count(raw)
