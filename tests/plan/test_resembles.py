"""What looks like a rename, and what does not: by values that hardly two of a kind share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.kinds import BY_NAME, KINDS
from provisioner.kinds.base import specs
from provisioner.kinds.desired import Lifecycle
from provisioner.kinds.live import Evidence, Live
from provisioner.plan.change import Action, Plan
from provisioner.plan.draft import Request
from provisioner.plan.match import match
from provisioner.plan.planner import make_plan
from provisioner.state.model import Record, State, Tenant
from tests.support import NO_BOUNDS, at, declare, manifests

Fields = Mapping[str, Any]
STORE = {"street1": "1 Main Street", "zip": "90210", "phone": "(310) 555-0142", "country": "USA"}
SERVICE = {"duration": "45 min", "price": "35"}
SERIES = {
    "every": "1 week", "days": "mon", "time": "09:30-10:15", "dates": "2027-01-04..2027-06-30",
    "staff": "1", "location": "2", "reason": "3",
}  # fmt: skip


def planned(kind: str, now: Mapping[str, Fields], new: Mapping[str, Fields], **options: Any) -> Plan:
    """The plan where `now` is live and made by us, and `new` is wanted; a key in both stays."""
    ids = {key: str(number) for number, key in enumerate(now, 100)}
    pool = tuple(
        Live(kind, ids[key], BY_NAME[kind](**fields).wanted() | {"website": None}) for key, fields in now.items()
    )
    state = State(Tenant("h", "1"), "l", 1, {at(f"{kind}/{key}"): Record(ids[key], owned=True) for key in now})
    desired = manifests(*(declare(f"{kind}/{key}", **fields) for key, fields in new.items()))
    evidence = Evidence({("", kind): pool})
    policy = options.pop("policy", NO_BOUNDS)
    plan, problems = make_plan(
        Request(desired, state, evidence, match(desired, state, evidence), str, policy=policy, **options)
    )
    assert not problems
    return plan


def pairs(plan: Plan) -> dict[str, list[str]]:
    """What goes, with what it looks like; the other half says the same, and only what goes is blocked."""
    by_address = {change.address: change for change in plan.changes}
    for change in plan.changes:
        assert bool(change.hint) == bool(change.resembles)
        assert bool(change.blocked) == bool(change.hint and change.action is not Action.CREATE)
        assert all(change.address in by_address[other].resembles for other in change.resembles)
    return {str(c.address): [*map(str, c.resembles)] for c in plan.blocked}


def looks_alike(kind: str, one: Fields, other: Fields, *others: Fields) -> bool:
    """Whether `one` that goes and `other` that comes are called a rename, beside some that stay."""
    stay = {f"stays{number}": fields for number, fields in enumerate(others)}
    found = pairs(planned(kind, {"old": one, **stay}, {"new": other, **stay}))
    return found == {f"{kind}/old": [f"{kind}/new"]}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("location", {"name": "A", **STORE}, {"name": "B", **STORE}),
        ("location", {"name": "A", **STORE}, {"name": "B", "phone": "310 555 0142", "street1": "9 Hill Road"}),
        ("location", {"name": "A", **STORE}, {"name": "B", "street1": "1, MAIN STREET", "zip": "90210", "phone": "1"}),
        ("location", {"name": "A", "email": "a@x.example"}, {"name": "B", "email": "A@x.example"}),
        ("location", {"name": "A", "description": "By the sea", "city": "Rome"},
         {"name": "B", "description": "By the sea", "city": "Rome"}),
        ("service", {"name": "A", **SERVICE}, {"name": "B", **SERVICE}),
        ("employee", {"email": "a@x.example", "first_name": "Ana", "last_name": "Diaz"},
         {"email": "ana@y.example", "first_name": "Ana", "last_name": "Diaz"}),
        ("webhook", {"target_url": "http://x.example/hook", "events": "all"},
         {"target_url": "https://x.example/hook/", "events": "all"}),
        ("custom_field", {"label": "How old are you", "type": "text"}, {"label": "How old are you?", "type": "text"}),
        ("custom_field", {"label": "Colour", "type": "dropdown", "options": ["a", "b"]},
         {"label": "Which colour", "type": "dropdown", "options": ["a", "b"]}),
        ("holiday", {"name": "A", "dates": "2027-12-24"}, {"name": "B", "dates": "2027-12-24"}),
        ("holiday", {"name": "A", "rule": "last monday of may"}, {"name": "B", "rule": "last monday of may"}),
        ("client", {"name": "A", "email": "a@x.example", "phone": "5550142"},
         {"name": "B", "email": "b@x.example", "phone": "555-0142"}),
        ("account", {"company_name": "West", "nick_name": "w", "email": "w@x.example", "password": "p"},
         {"company_name": "West", "nick_name": "west", "email": "v@x.example", "password": "p"}),
        ("recurring_appointment", SERIES, SERIES),
        ("recurring_appointment", SERIES, SERIES | {"note": "Bring a mat"}),
    ],
)  # fmt: skip
def test_a_rename_is_recognised(kind: str, one: Fields, other: Fields) -> None:
    assert looks_alike(kind, one, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("location", {"name": "A", "country": "USA", "timezone": "Etc/UTC"},
         {"name": "B", "country": "USA", "timezone": "Etc/UTC"}),
        ("location", {"name": "A", **STORE}, {"name": "B", "street1": "9 Hill Road", "zip": "90210", "country": "USA"}),
        ("location", {"name": "A", "street1": "1 Main Street", "zip": "90210", "city": "Rome", "country": "Italy"},
         {"name": "B", "street1": "9 Main Street", "zip": "90210", "city": "Rome", "country": "Italy"}),
        ("location", {"name": "A"}, {"name": "B"}),
        ("service", {"name": "A", **SERVICE}, {"name": "B", "duration": "45 min", "price": "40"}),
        ("service", {"name": "A", "duration": "45 min", "active": "true", "addon": "false"},
         {"name": "B", "duration": "45 min", "active": "true", "addon": "false"}),
        ("service", {"name": "A", "duration": "45 min", "price": "0"},
         {"name": "B", "duration": "45 min", "price": "0"}),
        ("employee", {"email": "a@x.example", "first_name": "Ana", "last_name": "Diaz", "job": "Stylist"},
         {"email": "b@x.example", "first_name": "Ben", "last_name": "Diaz", "job": "Stylist"}),
        ("webhook", {"target_url": "https://x.example/a", "events": "all", "active": "true"},
         {"target_url": "https://x.example/b", "events": "all", "active": "true"}),
        ("custom_field", {"label": "A", "type": "text", "required": "true", "length": "255"},
         {"label": "B", "type": "text", "required": "true", "length": "255"}),
        ("holiday", {"name": "Christmas", "dates": "2026-12-25"}, {"name": "Christmas", "dates": "2027-12-25"}),
        ("recurring_appointment", SERIES, SERIES | {"dates": "2027-09-06..2027-12-20"}),
    ],
)  # fmt: skip
def test_another_thing_is_no_rename(kind: str, one: Fields, other: Fields) -> None:
    assert not pairs(planned(kind, {"old": one}, {"new": other}))


@pytest.mark.parametrize("kind", ["location", "service"])
def test_what_another_one_has_that_stays_identifies_nothing(kind: str) -> None:
    fields = {"location": {"phone": "800-555-0100"}, "service": SERVICE}[kind]
    assert looks_alike(kind, {"name": "A", **fields}, {"name": "B", **fields})
    assert not looks_alike(kind, {"name": "A", **fields}, {"name": "B", **fields}, {"name": "C", **fields})


def test_what_many_have_that_go_and_come_identifies_nothing() -> None:
    phone = {"phone": "800-555-0100"}
    few, many = ([{"name": f"{word} {n}", **phone} for n in range(9)] for word in ("Old", "New"))
    assert not pairs(planned("location", number(few, "o"), number(many, "n")))


def test_what_most_have_is_a_default_and_counts_for_nothing() -> None:
    """Two services of two hours, with the padding that all have."""

    def service(name: str, duration: str) -> Fields:
        return {"name": name, "duration": duration, "duration_padding": "10 min"}

    menu = number([service("Cut", "45 min"), service("Shave", "15 min"), service("Colour", "90 min")], "s")
    assert not pairs(planned("service", {"perm": service("Perm", "2 h"), **menu}, {"x": service("X", "2 h"), **menu}))
    priced = {"price": "120"}
    old, new = ({word: {**service(word, "2 h"), **priced}, **menu} for word in ("perm", "wave"))
    assert pairs(planned("service", old, new)) == {"service/perm": ["service/wave"]}


def number(things: Iterable[Fields], word: str) -> dict[str, Fields]:
    return {f"{word}{n}": fields for n, fields in enumerate(things)}


def test_one_that_was_deleted_outside_is_made_again_and_is_no_rename() -> None:
    """Its address has a record of another object, so `was:` could not make it this one."""
    wanted = declare("location/new", Lifecycle(), name="B", **STORE)
    live = Live("location", "1", {"name": "A", **STORE})
    state = State(Tenant("h", "1"), "l", 1, {at("location/old"): Record("1", True), at("location/new"): Record("2")})
    evidence, desired = Evidence({("", "location"): (live,)}), manifests(wanted)
    plan, _ = make_plan(Request(desired, state, evidence, match(desired, state, evidence), str))
    assert [change.action for change in plan.changes] == [Action.CREATE, Action.DELETE]
    assert not pairs(plan)


def test_a_destroy_has_no_hints() -> None:
    plan = planned("location", {"old": {"name": "A", **STORE}}, {}, destroy=True)
    assert [change.action for change in plan.changes] == [Action.DELETE]
    assert not pairs(plan)


@pytest.mark.parametrize(("count", "notes"), [(5, 0), (6, 1)])
def test_of_many_the_plan_says_how_to_write_them_down_together(count: int, notes: int) -> None:
    old, new = ([{"name": f"{word} {n}", "phone": f"555-010{n}"} for n in range(count)] for word in ("Old", "New"))
    plan = planned("location", number(old, "o"), number(new, "n"))
    assert sum(note.startswith(f"{count} look like renames: ") for note in plan.notes) == notes


def test_a_hint_is_no_part_of_the_digest() -> None:
    def digest(**more: Any) -> str:
        return planned("location", {"old": {"name": "A", **STORE}}, {"new": {"name": "B", **STORE}}, **more).digest

    assert digest() == digest(policy=replace(NO_BOUNDS, not_renamed=frozenset({at("location/old")})))


def test_one_that_is_said_to_be_none_leaves_the_other_to_what_is_nearest_next() -> None:
    two = {"a": {"name": "A", **STORE}, "b": {"name": "B", "phone": STORE["phone"]}}
    new = {"new": {"name": "N", **STORE}}
    assert pairs(planned("location", two, new)) == {"location/a": ["location/new"]}
    none = replace(NO_BOUNDS, not_renamed=frozenset({at("location/a")}))
    assert pairs(planned("location", two, new, policy=none)) == {"location/b": ["location/new"]}


values = st.sampled_from(["", "1", "2", "3", "4"])
things = st.lists(st.fixed_dictionaries(dict.fromkeys(("street1", "zip", "phone", "city"), values)), max_size=6)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(things, things, things)
def test_each_is_paired_once_and_the_order_of_what_was_read_says_nothing(
    old: list[Fields], new: list[Fields], stay: list[Fields]
) -> None:
    def named(word: str, all_: list[Fields]) -> dict[str, Fields]:
        return {f"{word}{n}": {"name": f"{word} {n}", **fields} for n, fields in enumerate(all_)}

    now, wanted = named("o", old) | named("s", stay), named("n", new) | named("s", stay)
    found = pairs(planned("location", now, wanted))
    sure = [news[0] for news in found.values() if len(news) == 1]
    plan = planned("location", dict(reversed(now.items())), dict(reversed(wanted.items())))
    assert pairs(plan) == found
    comes = {str(change.address): change.resembles for change in plan.changes}
    assert all(sure.count(address) == 1 or len(comes[address]) > 1 for address in sure)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.text("abc", min_size=1, max_size=3), st.booleans()), unique_by=lambda pair: pair[0]))
def test_with_every_hint_written_down_nothing_is_created_or_destroyed(
    stores: list[tuple[str, bool]],
) -> None:
    """A phone of its own names each; some have another name and key."""
    now = {key: {"name": f"Store {key}", "phone": f"555-{key}"} for key, _ in stores}
    new = {f"{'n' * moved}{key}x" if moved else key: {**now[key], "name": f"{moved} {key}"} for key, moved in stores}
    plan = planned("location", now, new)
    told = pairs(plan)
    assert len(told) == sum(moved for _, moved in stores)
    was = {news[0]: Lifecycle(was=(at(old).key[0],)) for old, news in told.items()}
    desired = manifests(
        *(declare(f"location/{k}", was.get(f"location/{k}", Lifecycle()), **fields) for k, fields in new.items())
    )
    ids = {key: str(n) for n, key in enumerate(now, 100)}
    evidence = Evidence({("", "location"): tuple(Live("location", ids[k], fields) for k, fields in now.items())})
    state = State(Tenant("h", "1"), "l", 1, {at(f"location/{k}"): Record(ids[k], owned=True) for k in now})
    again, _ = make_plan(Request(desired, state, evidence, match(desired, state, evidence), str))
    assert {change.action for change in again.changes} <= {Action.UPDATE, Action.ADOPT}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_what_a_kind_is_known_by_are_fields_that_can_tell(kind: Any) -> None:
    known = specs(kind)
    for name in (name for names in kind.telling for name in names):
        assert known[name].form.name not in ("boolean", "word", "zone")
        assert not known[name].sensitive
        assert not known[name].from_file
