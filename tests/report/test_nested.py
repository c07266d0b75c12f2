"""What differs inside lists and mappings."""

from __future__ import annotations

from provisioner.report import nested


def test_entries_of_a_plain_list_go_and_come_in_their_order() -> None:
    before, after = ["2026-01-01", "2026-08-03"], ["2026-01-01", "2026-07-01", "2026-09-01"]
    assert nested.parts(before, after) == [
        ("+", "2026-07-01"),
        ("-", "2026-08-03"),
        ("+", "2026-09-01"),
        ("#", "(1 unchanged hidden)"),
    ]


def test_keys_of_a_mapping_stand_in_the_order_they_are_written_in() -> None:
    before = {"mon": "9", "tue": "9", "week": {"open": True}}
    after = {"mon": "8", "week": {"open": False, "note": None}, "sun": ["a", "b"]}
    assert nested.parts(before, after) == [
        ("~", "mon = 9 -> 8"),
        ("-", "tue = 9"),
        ("~", "week.open = true -> false"),
        ("+", "week.note = null"),
        ("+", "sun = [a, b]"),
    ]


def test_mappings_of_a_list_are_named_by_their_number() -> None:
    before = [{"at": "a", "n": "1"}, {"at": "b", "n": "1"}]
    after = [{"at": "a", "n": "1"}, {"at": "b", "n": "2"}]
    assert nested.parts(before, after) == [("~", "[2].n = 1 -> 2")]


def test_hostile_keys_and_values_are_escaped() -> None:
    assert nested.parts({"a": "1"}, {"a": "1", "\x1b": "\u202e"}) == [("+", "\\u001b = \\u202e")]
