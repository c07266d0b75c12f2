"""Planner cases as data: what is wanted, remembered and live, and the printed plan. `cases/README.md` has the format.

`UPDATE_CASES=1 pytest tests/plan/test_cases.py` writes what is printed now into the cases; read that diff.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import pytest
import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from provisioner.kinds import BY_NAME, KINDS, Address, Resource, read_address
from provisioner.kinds.base import Group, Unreadable, group_of, specs
from provisioner.kinds.desired import Declared, Desired, Lifecycle, Place, Removal
from provisioner.kinds.live import Evidence, Live
from provisioner.kinds.picture import Picture
from provisioner.kinds.values import parse_limit
from provisioner.plan.change import Plan
from provisioner.plan.draft import Request
from provisioner.plan.guard import Policy
from provisioner.plan.match import match
from provisioner.plan.planner import make_plan
from provisioner.report.json import plan_json
from provisioner.report.text import Banner, Effort, plan_text
from provisioner.state.model import Record, State, Tenant

CASES = sorted(Path(__file__).parent.glob("cases/*.yaml"))
SECTIONS = {kind.section or kind.kind: kind for kind in KINDS}
SECRET = "hunter2"


class Marked(dict[str, Any]):
    """A mapping that knows the line of each of its keys, counted from the line below `manifest:`."""

    lines: Mapping[str, int] = MappingProxyType({})


def read_node(node: yaml.Node, above: int = 0) -> Any:
    """Texts as they are written, null as None; the kinds' own parsers do the rest."""
    if isinstance(node, yaml.MappingNode):
        inside = {key.value: (key, value) for key, value in node.value}
        base = above or (inside["manifest"][0].start_mark.line + 1 if "manifest" in inside else 0)
        marked = Marked({name: read_node(value, base) for name, (_, value) in inside.items()})
        marked.lines = {name: key.start_mark.line - base + 1 for name, (key, _) in inside.items()}
        return marked
    if isinstance(node, yaml.SequenceNode):
        return [read_node(value, above) for value in node.value]
    bare = isinstance(node, yaml.ScalarNode) and node.style is None
    return None if bare and node.value in ("null", "") else node.value


def in_section(data: Mapping[str, Any]) -> Iterator[tuple[str, type[Resource], Any]]:
    """The (account, kind, content) of keys such as `services` and `acme-west/services`."""
    for section, content in data.items():
        account, _, name = section.rpartition("/")
        yield account, SECTIONS[name], content


def typed(kind: type[Group], name: str, raw: Any) -> Any:
    """One field as its kind's own parser reads it; `{unreadable: text}` is what no parser could."""
    if isinstance(raw, dict) and set(raw) == {"unreadable"}:
        return Unreadable(raw["unreadable"])
    if isinstance(raw, dict) and "sha256" in raw:
        return Picture(raw["file"], int(raw["size"]), raw["sha256"])
    if isinstance(raw, dict) and set(raw) == {"called"}:
        return Picture(raw["called"])
    first, _, rest = name.partition(".")
    info = kind.model_fields[first]
    group = group_of(info)
    if group is not None:
        return typed(group, rest, raw)
    annotated: Any = Annotated[info.annotation, *info.metadata]
    return TypeAdapter(annotated, config=ConfigDict(arbitrary_types_allowed=True)).validate_python(raw)


def flat(fields: Mapping[str, Any], kind: type[Group]) -> dict[str, Any]:
    """Fields with groups flattened to dotted names, typed."""
    named: dict[str, Any] = {}
    for name, raw in fields.items():
        group = group_of(kind.model_fields[name])
        inner = flat(raw, group) if group else None
        named |= {f"{name}.{n}": v for n, v in inner.items()} if inner is not None else {name: typed(kind, name, raw)}
    return named


def lifecycle(data: Mapping[str, Any]) -> Lifecycle:
    return Lifecycle(
        data.get("protect") == "true", frozenset(data.get("ignore", ())), tuple(data.get("was", ())), data.get("id")
    )


def declare(address: Address, content: Any, line: int) -> Declared:
    """One resource; a relation's value is the one field that has the kind's name."""
    kind, place = BY_NAME[address.kind], Place("tenant.yaml", line, 3)
    if not isinstance(content, Marked):
        return Declared(address, kind.model_validate({address.kind: content} if content else {}), place)
    fields = {name: value for name, value in content.items() if name != "lifecycle"}
    places = {name: Place("tenant.yaml", number, 5) for name, number in content.lines.items()}
    for name, group in fields.items():
        if isinstance(group, Marked):
            places |= {f"{name}.{n}": Place("tenant.yaml", number, 7) for n, number in group.lines.items()}
    fields = {n: typed(kind, n, v) if specs(kind).get(n) and specs(kind)[n].from_file else v for n, v in fields.items()}
    return Declared(address, kind.model_validate(fields), place, places, lifecycle(content.get("lifecycle", {})))


def desired(case: Mapping[str, Any]) -> Desired:
    resources: dict[Address, Declared] = {}
    whole: dict[Address, Place] = {}
    for account, kind, content in in_section(case.get("manifest") or {}):
        for key, value in content.items():
            address, line = Address(account, kind.kind, tuple(key.split("/"))), content.lines[key]
            if kind.whole:
                whole[address] = Place("tenant.yaml", line, 3)
                each = [address._replace(key=(*address.key, name)) for name in value]
                resources |= {one: declare(one, None, line) for one in each}
            else:
                resources[address] = declare(address, value, line)
    removed = {
        read_address(text): Removal(how, Place("tenant.yaml", 90 + number, 3))
        for number, (text, how) in enumerate(case.get("removed", {}).items())
    }
    return Desired({} if case.get("destroy") else resources, whole, removed, frozenset(case.get("accounts", [""])))


def state(case: Mapping[str, Any]) -> State:
    records = {}
    for text, record in (case.get("state") or {}).items():
        address = read_address(text)
        kind = BY_NAME[address.kind]
        applied = {n: specs(kind)[n].dump(v) for n, v in flat(record.get("applied", {}), kind).items()}
        owned, protect = record.get("owned") == "true", record.get("protect") == "true"
        records[address] = Record(record["id"], owned, protect, applied, record.get("secrets", {}))
    return State(Tenant("www.setster.com", "2345"), "a lineage", 7, records)


def live(case: Mapping[str, Any]) -> Evidence:
    objects = {}
    for account, kind, content in in_section(case.get("live") or {}):
        objects[account, kind.kind] = tuple(alive(kind, one) for one in content)
    return Evidence(objects)


def alive(kind: type[Resource], one: Any) -> Live:
    if not isinstance(one, Marked):
        return Live(kind.kind, "-".join(one), refs=tuple(one))
    fields = {name: value for name, value in one.items() if name not in ("id", "refs", "roles")}
    refs = tuple(one.get("refs", ()))
    return Live(kind.kind, one.get("id", "-".join(refs)), flat(fields, kind), refs, frozenset(one.get("roles", ())))


def policy(rules: Mapping[str, Any]) -> Policy:
    parsers: Mapping[str, Callable[[Any], Any]] = {
        "prune": str,
        "max_destroy": parse_limit,
        "max_update": parse_limit,
        "allow_destroy": int,
        "allow_update": int,
        "not_renamed": lambda texts: frozenset(map(read_address, texts)),
    }
    return Policy(**{name: parsers[name](raw) for name, raw in rules.items()})


def request(case: Mapping[str, Any]) -> Request:
    """What the planner is asked; the digest of a secret is the secret backwards."""
    wanted, known, evidence = desired(case), state(case), live(case)
    patterns = case.get("target", ["*"])
    return Request(
        wanted, known, evidence, match(wanted, known, evidence),
        digest=lambda secret: secret[::-1],
        policy=policy(case.get("policy", {})),
        selected=lambda address: any(address.matches(pattern) for pattern in patterns),
        rotate=frozenset(map(read_address, case.get("rotate", ()))),
        destroy=case.get("destroy") == "true",
    )  # fmt: skip


def banner(case: Mapping[str, Any]) -> Banner:
    return Banner(case.get("sandbox") == "true", "www.setster.com", "2345", "Acme")


def effort(plan: Plan) -> Effort:
    writes = sum(1 for change in plan.writes if change.with_ is None)
    return Effort(4, writes, writes, seconds=0.4 * writes)


def printed(case: Mapping[str, Any]) -> str:
    """What a person reads: the plan, or the problems that forbid one."""
    plan, problems = make_plan(request(case))
    if problems:
        return "\n".join(map(str, sorted(problems)))
    return plan_text(plan, banner(case), effort(plan), width=int(case.get("width", 80)))


def load(path: Path) -> Mapping[str, Any]:
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert node is not None
    case: Mapping[str, Any] = read_node(node)
    return case


def write_expected(path: Path, text: str) -> None:
    kept = path.read_text(encoding="utf-8").partition("\nplan: |")[0].rstrip("\n")
    block = "".join(f"  {line}".rstrip() + "\n" for line in text.splitlines())
    path.write_text(f"{kept}\n\nplan: |\n{block}", encoding="utf-8")


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    return load(request.param)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_prints_its_plan(path: Path) -> None:
    case = load(path)
    text = printed(case)
    if os.environ.get("UPDATE_CASES") == "1":
        write_expected(path, text)
    else:
        assert f"{text}\n" == case["plan"]


def test_a_case_fits_the_width_and_shows_no_secret(case: Mapping[str, Any]) -> None:
    text = printed(case)
    assert SECRET not in text
    for line in text.splitlines():
        assert line == line.rstrip()
        assert len(line) <= int(case.get("width", 80)) or " " not in line.strip() or "tenant.yaml:" in line[:20]


def test_a_case_is_a_json_document_without_secrets(case: Mapping[str, Any]) -> None:
    plan, _ = make_plan(request(case))
    document = json.dumps(plan_json(plan, banner(case), effort(plan), []))
    assert SECRET not in document
    assert json.loads(document)["digest"] == plan.digest


def test_a_case_prints_the_same_whatever_the_order_of_what_was_read(case: Mapping[str, Any]) -> None:
    backwards = {
        **case,
        "live": Marked({section: content[::-1] for section, content in (case.get("live") or {}).items()}),
    }
    assert printed(backwards) == printed(case)


def test_a_wrong_field_in_a_case_is_an_error() -> None:
    with pytest.raises(ValidationError):
        declare(read_address("service/x"), Marked({"nmae": "X"}), 1)
