"""Round trips: any resource written as YAML is loaded as it was; any text at all is loaded or refused in words."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from provisioner.errors import ManifestError, Problem
from provisioner.kinds import BY_SECTION, Address, Resource
from provisioner.kinds.away import Away
from provisioner.kinds.away import normal as normal_away
from provisioner.kinds.base import Spec, secret_text, specs
from provisioner.kinds.calendar import Dates
from provisioner.kinds.custom_field import CustomField
from provisioner.kinds.desired import Desired
from provisioner.kinds.frequency import UNITS, Frequency
from provisioner.kinds.holiday import Holiday, Rule
from provisioner.kinds.hours import Hours, Shift
from provisioner.kinds.hours import normal as normal_hours
from provisioner.kinds.override import PARTS, parse_overrides
from provisioner.kinds.period import Period
from provisioner.kinds.recurring_appointment import RecurringAppointment
from provisioner.kinds.schedule import normal as normal_schedule
from provisioner.kinds.values import Duration
from provisioner.kinds.webhook import EVENTS
from provisioner.kinds.webhook import normal as normal_events
from provisioner.manifest import load_workspace
from provisioner.providers import BY_NAME

SETTINGS = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
OBJECTS = [kind for kind in BY_SECTION.values() if not (kind.key_kinds or kind.lists)]
seeded = settings(max_examples=25, derandomize=True, deadline=None)

letters = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
keys = st.from_regex(r"x[a-z0-9_-]{0,10}", fullmatch=True)
emails = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
urls = st.from_regex(r"https://[a-z]{1,8}\.example/[a-z]{0,8}", fullmatch=True)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
dates = st.builds(lambda start, length: Dates(start, start + timedelta(length)), days, st.integers(0, 400))


weeks = st.tuples(*[st.sampled_from([(), ((540, 1020),), ((480, 720), (780, 1440)), ((0, 1440),)])] * 7)
shifts = st.lists(st.builds(Shift, dates, weeks), max_size=4)
ENDS = st.sampled_from([(True, True), (True, False), (False, True)])


IDS = st.integers(1, 10**9)
INTERVALS = st.tuples(st.integers(0, 719), st.integers(720, 1439))
OVERRIDES = st.fixed_dictionaries(
    {},
    optional={
        "date": days,
        "time": INTERVALS,
        "staff": IDS,
        "seats": IDS,
        "price": st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100),
        "note": letters,
    },
).filter(bool)
SERIES: dict[str, st.SearchStrategy[Any]] = {
    "frequency": st.builds(Frequency, st.integers(1, 999), st.sampled_from(UNITS)),
    "days": st.sets(st.integers(0, 6), min_size=1).map(lambda each: tuple(sorted(each))),
    "interval": INTERVALS,
    "id": IDS,
    "ids": st.sets(IDS, max_size=3).map(lambda each: tuple(sorted(each))),
    "answers": st.dictionaries(letters.filter(lambda text: "." not in text), letters, max_size=3).map(
        lambda each: tuple(sorted(each.items()))
    ),
    "date": days,
    "receivers": st.sampled_from([(), ("client",), ("client", "staff")]),
    "overrides": st.dictionaries(days, OVERRIDES, max_size=3).map(
        lambda each: parse_overrides({str(day): text_parts(parts) for day, parts in each.items()})
    ),
}


def text_parts(parts: dict[str, Any]) -> dict[str, str]:
    """What is other on a date, as a manifest spells it."""
    return {name: str(PARTS[name].dump(value)) for name, value in parts.items()}


def durations(spec: Spec) -> st.SearchStrategy[Duration]:
    grammar = spec.form.grammar
    step = next((n for word, n in (("whole hours", 60), ("whole days", 1440), ("15 min", 15)) if word in grammar), 5)
    return st.integers(0 if "never" in grammar else 1, 100).map(lambda n: Duration(n * step))


def values(spec: Spec) -> st.SearchStrategy[Any]:
    """Values of a field, by its form."""
    if spec.role:
        return st.just(value=True)
    found: dict[str, st.SearchStrategy[Any]] = {
        "text": letters,
        "boolean": st.booleans(),
        "integer": st.integers(-(10**9), 10**9),
        "count": st.integers(0, 10**9),
        "money": st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100),
        "zone": st.sampled_from(["America/Los_Angeles", "Europe/Oslo", "Etc/UTC"]),
        "e-mail": emails,
        "URL": urls,
        "word": st.sampled_from(list(spec.form.schema.get("enum", [""]))),
        "degrees": st.integers(-180_000_000, 180_000_000).map(lambda n: Decimal(n) / 1_000_000),
        "secret": letters.map(SecretStr),
        "stretch": dates,
        "rule": st.builds(Rule, st.integers(0, 4), st.integers(0, 6), st.integers(0, 11)),
        "options": st.lists(letters.filter(lambda text: "|" not in text), min_size=1, max_size=3, unique=True).map(
            tuple
        ),
        "events": st.sets(st.sampled_from(EVENTS)).map(normal_events),
        "day": days.map(str),
        "period": st.none()
        | st.builds(lambda of, ends: Period(*(d if e else None for d, e in zip(of, ends, strict=True))), dates, ENDS),
        "schedule": shifts.map(normal_schedule),
        **SERIES,
    }
    return durations(spec) if spec.form.name == "duration" else found[spec.form.name]


def resources(kind: type[Resource]) -> st.SearchStrategy[dict[str, Any]]:
    """Fields of one resource by dotted name: the required ones and any of the others."""
    known = {name: spec for name, spec in specs(kind).items() if not spec.from_file}
    required = {name: values(spec) for name, spec in known.items() if spec.required}
    return st.fixed_dictionaries(
        required, optional={name: values(spec) for name, spec in known.items() if name not in required}
    )


def text_of(node: Any) -> str:
    """YAML in its flow style, every scalar but null a quoted text."""
    if isinstance(node, dict):
        return "{" + ", ".join(f"{text_of(key)}: {text_of(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(text_of, node)) + "]"
    if node is None:
        return "null"
    text = node if isinstance(node, str) else json.dumps(node)
    return json.dumps(text.replace("${", "$${"), ensure_ascii=False)


def dump(kind: type[Resource], fields: dict[str, Any], environ: dict[str, str]) -> dict[str, Any]:
    """The fields as a manifest spells them, secrets in an environment."""
    body: dict[str, Any] = {}
    for name, value in fields.items():
        spec, (head, _, rest) = specs(kind)[name], name.partition(".")
        spelled = spec.dump(value)
        if spec.sensitive:
            variable = f"S{len(environ)}"
            environ[variable] = secret_text(value)
            spelled = Raw(f"${{env:{variable}}}")
        if rest:
            body.setdefault(head, {})[rest] = spelled
        else:
            body[head] = spelled
    return body


class Raw(str):
    """A text that holds a reference on purpose."""

    __slots__ = ()

    def replace(self, *_: Any, **__: Any) -> str:
        return str(self)


def load(text: str, environ: dict[str, str] | None = None, kind: type[Resource] = Holiday) -> Desired:
    vendor = next(vendor.name for vendor in BY_NAME.values() if kind.kind in vendor.kinds)
    with TemporaryDirectory() as folder:
        (Path(folder) / "provisioner.yaml").write_text(
            SETTINGS.replace("setster", vendor).replace("2345", BY_NAME[vendor].sandbox_company or "2345"), "utf-8"
        )
        (Path(folder) / "main.yaml").write_text(text, "utf-8")
        return load_workspace(Path(folder), BY_NAME, environ=environ or {}).desired


def mend(kind: type[Resource], fields: dict[str, Any]) -> None:
    """Leave only fields that go together."""
    if kind is Holiday:
        fields.pop("dates" if "rule" in fields else "rule", None)
        fields.setdefault("rule" if "dates" not in fields else "dates", Rule(4, 0, 4))
    if kind is CustomField and fields["type"] == "dropdown":
        fields.setdefault("options", ("x",))
    elif kind is CustomField:
        fields.pop("options", None)
        fields.pop("multiselect", None)
    if kind is RecurringAppointment:
        mend_series(fields)


def mend_series(fields: dict[str, Any]) -> None:
    """Days go with weeks only, blocked staff with additional staff, dates are the series', and clients told of both."""
    fields["dates"] = Period(date(2020, 1, 1), None)
    fields.pop("days", None)
    if fields["every"].unit == "week":
        fields["days"] = (0, 2)
    if "blocked_staff" in fields:
        fields["additional_staff"] = ()
    if fields.get("seats", 1) < 1:
        fields["seats"] = 1
    if any("time" in override.values for override in fields.get("overrides", ())):
        fields.pop("client_time", None)


@pytest.mark.parametrize("kind", OBJECTS, ids=lambda kind: kind.kind)
@given(data=st.data())
@seeded
def test_a_resource_of_each_kind_survives_its_spelling(kind: type[Resource], data: st.DataObject) -> None:
    found = data.draw(st.dictionaries(keys, resources(kind), min_size=1, max_size=3))
    for number, fields in enumerate(found.values()):
        fields.pop("owner" if kind.kind == "employee" else "default" if kind.kind == "service" else "main", None)
        fields.pop("parent", None)
        for name in kind.natural[0][:1] if kind.natural else ():
            fields[name] = {"email": f"n{number}@x.example", "target_url": f"https://n{number}.example/"}.get(
                name, f"n{number}"
            )
        mend(kind, fields)
    environ: dict[str, str] = {}
    body = {key: dump(kind, fields, environ) for key, fields in found.items()}
    desired = load(text_of({kind.section: body}), environ, kind)
    loaded = {address.key[0]: declared.resource.wanted() for address, declared in desired.resources.items()}
    assert loaded == found


@given(shifts=shifts, away=st.lists(dates, max_size=4), services=st.sets(st.sampled_from(["s", "t", "u"])))
@seeded
def test_hours_time_off_and_links_survive_their_spelling(
    shifts: list[Shift], away: list[Dates], services: set[str]
) -> None:
    hours, off = normal_hours(shifts), normal_away(away)
    at = {"x": {"hours": specs(Hours)["hours"].dump(hours), "services": sorted(services)}}
    person = {"email": "e@x.example", "first_name": "E", "last_name": "E"}
    body = {
        "locations": {"x": {"name": "X"}},
        "services": {key: {"name": key, "duration": "15 min"} for key in "stu"},
        "employees": {"e": person | {"at": at, "away": specs(Away)["away"].dump(off)}},
    }
    desired = load(text_of(body))
    assert desired.resources[Address("", "hours", ("e", "x"))].resource == Hours(hours=hours)
    assert desired.resources[Address("", "away", ("e",))].resource == Away(away=off)
    assert {a.key[2] for a in desired.resources if a.kind == "link"} == services


# --- anything at all is loaded or refused in words

WORKING: dict[str, Any] = {
    "account": "all",
    "accounts": {"a": {"company_name": "A", "password": "${env:P}", "options": {"currency": "USD"}}},
    "locations": {"x": {"name": "X", "lat": "1.5", "timezone": "Etc/UTC", "lifecycle": {"was": ["y"], "id": "1"}}},
    "services": {"s": {"name": "S", "duration": "15 min", "price": "3", "prior_notice": "2 h"}},
    "employees": {
        "e": {
            "email": "e@x.example",
            "at": {"x": {"services": ["s"], "hours": [{"dates": "2026", "week": {"mon": "09:00-17:00"}}]}},
            "away": ["2026-08-03"],
        }
    },
    "links": [{"employees": ["e"], "locations": "all", "services": "all"}],
    "removed": {"location/y": {"how": "delete", "strands": "3"}},
}
junk: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | letters
    | st.sampled_from(["all", "${var:X}", "${", "true", "nan", "2026", "", "x", "s", "9-17", "a.b"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(letters | st.sampled_from(["at", "x", "a.b"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def broken(draw: st.DrawFn, node: Any = None) -> Any:
    """The working manifest with junk in some places."""
    node = WORKING if node is None else node
    if draw(st.integers(0, 9)) == 0:
        return draw(junk)
    if isinstance(node, dict):
        kept = {key: draw(broken(value)) for key, value in node.items()}
        return kept | (draw(st.dictionaries(letters, junk, max_size=1)) if draw(st.integers(0, 9)) == 0 else {})
    return [draw(broken(item)) for item in node] if isinstance(node, list) else node


@given(broken(), broken())
@settings(max_examples=400, derandomize=True, deadline=None)
def test_no_manifest_makes_anything_but_a_manifest_error(one: Any, other: Any) -> None:
    text = f"{text_of(one)}\n---\n{text_of(other)}"
    for problem in problems_of(text.replace("$${", "${")):
        assert problem.file == "main.yaml"
        assert problem.line
        assert problem.column
        assert problem.message.isprintable()


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        load(text, {"P": "p"})
    except ManifestError as error:
        return error.problems
    return ()
