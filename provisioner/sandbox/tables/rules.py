"""The fault script: its rules in order, how many requests each has seen, and how often it struck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS fault_rules(place INTEGER PRIMARY KEY, rule TEXT NOT NULL, times INTEGER,"
        " seen INTEGER NOT NULL DEFAULT 0, struck INTEGER NOT NULL DEFAULT 0)"
    ),
)


def add(store: Store, rule: str, times: int | None) -> None:
    """Append a rule, which strikes at most so many times; places count from 0."""
    store.run(
        "INSERT INTO fault_rules(place, rule, times) SELECT coalesce(max(place) + 1, 0), ?, ? FROM fault_rules",
        rule,
        times,
    )


def clear(store: Store) -> None:
    """Forget the rules."""
    store.run("DELETE FROM fault_rules")


def listed(store: Store) -> list[Any]:
    """Return every rule with how many requests it has seen and how often it struck."""
    return store.rows("SELECT rule, seen, struck FROM fault_rules ORDER BY place")


def live(store: Store) -> list[Any]:
    """Return the rules that can still strike: place, rule, how many requests it has seen."""
    return store.rows("SELECT place, rule, seen FROM fault_rules WHERE times IS NULL OR struck < times ORDER BY place")


def count(store: Store, place: int, *, struck: bool) -> None:
    """Remember that a rule has seen one more request, and whether it struck."""
    store.run("UPDATE fault_rules SET seen = seen + 1, struck = struck + ? WHERE place = ?", struck, place)
