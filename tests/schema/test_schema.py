"""The schemas know what the loader knows: nothing that loads is marked, and what they can see of a mistake is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from provisioner.cli.commands.schema import schema_texts
from provisioner.errors import ManifestError
from provisioner.kinds import BY_SECTION, KINDS
from provisioner.kinds.base import specs
from provisioner.manifest import load_workspace
from provisioner.providers import BY_NAME as VENDORS
from provisioner.schema import MANIFEST, SETTINGS, manifest_schema
from provisioner.schema.example import OTHERS, example
from provisioner.schema.written import Schema, written
from tests.docs.pages import ROOT, Block, blocks, pages
from tests.kinds.test_scalar_table import ROWS, Row
from tests.manifest import hostile
from tests.schema.editor import manifests, marked, read, resolved, settings

FILES = [*sorted((ROOT / "examples").rglob("[!.]*.yaml")), *sorted((ROOT / "provisioner/cli/starter").glob("*.yaml"))]
SKIPPED = {"wrong", "pipeline"}
BLOCKS = [b for page in pages() for b in blocks(page) if b.language == "yaml" and not SKIPPED & {*b.words}]
EDITED = {name: text for name, text in schema_texts().items() if name in (MANIFEST, SETTINGS)}
"""Of what people write."""
WORKSPACE = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"


def is_settings(name: str) -> bool:
    return name == "provisioner.yaml"


# -- what is right


def test_they_are_of_the_draft_that_editors_read() -> None:
    for text in schema_texts().values():
        schema = json.loads(text)
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        jsonschema.Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("name", [*schema_texts()])
def test_the_files_in_schemas_are_what_the_command_writes(name: str) -> None:
    kept = (ROOT / "schemas" / name).read_text("utf-8")
    assert kept == schema_texts()[name], "run provisioner schema --out schemas"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_example_is_marked(path: Path) -> None:
    assert marked(path.read_text("utf-8"), settings() if is_settings(path.name) else manifests()) == []


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_no_manifest_of_a_page_is_marked(block: Block) -> None:
    assert marked(block.body, settings() if "settings" in block.words else manifests()) == []


def test_nothing_that_loads_is_marked(tmp_path: Path) -> None:
    """Manifests from a grammar, most of which load: references, scopes, odd scalars, every kind."""
    loaded = 0
    for number in range(450):
        files = hostile.case(number).files
        root = tmp_path / str(number)
        for name, data in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        try:
            load_workspace(root, VENDORS, variables={"CITY": "Rome"}, environ={}, secrets="placeholder")
        except ManifestError:
            continue
        loaded += 1
        for name, data in files.items():
            if name.endswith(".yaml"):
                found = marked(data.decode("utf-8-sig"), settings() if is_settings(name) else manifests())
                assert found == [], (number, name, found)
    assert loaded > 30


def test_the_top_of_a_manifest_has_the_keys_that_the_loader_knows(tmp_path: Path) -> None:
    (tmp_path / "provisioner.yaml").write_text(WORKSPACE, "utf-8")
    (tmp_path / "a.yaml").write_text("qqqq: {}\n", "utf-8")
    told = problems(tmp_path)[0].partition("there are ")[2]
    assert told.split(", ") == [*manifest_schema()["properties"]]


@pytest.mark.parametrize("group", ["", "limits", "policy", "credentials", "defaults", "lint"])
def test_the_settings_have_the_keys_that_the_loader_knows(group: str, tmp_path: Path) -> None:
    more = f"{group}: {{qqqq: 1}}\n" if group else "qqqq: 1\n"
    (tmp_path / "provisioner.yaml").write_text(WORKSPACE + more, "utf-8")
    told = {*problems(tmp_path)[0].partition("there are ")[2].split(", ")}
    if group == "credentials":  # those of the workspace's vendor: the schema has those of all
        told = {name for vendor in VENDORS.values() for name in vendor.credentials}
    properties = json.loads(schema_texts()["provisioner.schema.json"])["properties"]
    assert told == {*(properties[group]["properties"] if group else properties)}


def problems(root: Path) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        load_workspace(root, VENDORS, environ={})
    return [each.message for each in caught.value.problems]


# -- every kind by itself


def described(schema: Any, path: str = "") -> Iterator[str]:
    """The paths of fields without a word about them."""
    for name, each in schema.get("properties", {}).items():
        if not each.get("description"):
            yield f"{path}.{name}"
        yield from described(each, f"{path}.{name}")
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from described(schema[word], f"{path}.{word}")


@pytest.mark.parametrize("text", EDITED.values(), ids=EDITED)
def test_every_field_is_described(text: str) -> None:
    schema = json.loads(text)
    assert [*described(schema)] == []
    assert [path for kind in schema["definitions"].values() for path in described(kind)] == []


def sentences(schema: Any) -> Iterator[str]:
    """Every description."""
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        for each in schema.values():
            yield from sentences(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from sentences(each)


@pytest.mark.parametrize("text", EDITED.values(), ids=EDITED)
def test_every_description_is_a_sentence(text: str) -> None:
    wrong = [each for each in sentences(json.loads(text)) if not re.fullmatch(r"(?:[A-Z]|i[A-Z]).*\.", each)]
    assert wrong == []


@pytest.mark.parametrize("name", OTHERS)
def test_the_example_of_what_is_no_kind_loads(name: str, tmp_path: Path) -> None:
    text = "\n".join(OTHERS[name])
    assert marked(text) == []
    (tmp_path / "data").mkdir()
    (tmp_path / "provisioner.yaml").write_text(WORKSPACE, "utf-8")
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    (tmp_path / "data/stores.csv").write_text("key,name,city\npier,Pier,Oslo\n", "utf-8")
    (tmp_path / "data/renames.csv").write_text("from,to\nlocation/downtown,location/centre\n", "utf-8")
    desired = load_workspace(tmp_path, VENDORS, environ={}).desired
    assert desired.resources or desired.removed


def test_what_an_object_may_do_without_is_not_said_to_be_required() -> None:
    employee = manifest_schema()["definitions"]["employee"]["properties"]
    for field in (employee["away"], employee["at"]["additionalProperties"]["properties"]["hours"]):
        assert "Required" not in field["description"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_field_of_a_kind_stands_in_it_in_the_same_order(kind: Any) -> None:
    if kind.section and not kind.key_kinds:
        properties = manifest_schema()["definitions"][kind.kind]["properties"]
        assert [*properties][: len(kind.model_fields)] == [*kind.model_fields]
    for spec in specs(kind).values():
        assert spec.form.schema, f"{kind.kind}.{spec.name}: its Form says nothing that an editor could check"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_the_example_of_a_kind_and_of_each_field_is_not_marked(kind: Any) -> None:
    shown = [example(kind), *(example(kind, name.split(".")) for name in specs(kind) if not kind.key_kinds)]
    for lines in shown:
        assert lines
        assert marked("\n".join(lines)) == []


@pytest.mark.parametrize("kind", [k for k in KINDS if k.section and not k.key_kinds and not k.lists], ids=str)
def test_the_example_of_a_kind_loads(kind: Any, tmp_path: Path) -> None:
    vendor = next(vendor for vendor in VENDORS.values() if kind.kind in vendor.kinds)
    settings = WORKSPACE.replace("setster", vendor.name).replace("2345", vendor.sandbox_company or "2345")
    (tmp_path / "provisioner.yaml").write_text(settings, "utf-8")
    (tmp_path / "a.yaml").write_text("\n".join(example(kind)), "utf-8")
    loaded = load_workspace(tmp_path, VENDORS, environ={}, secrets="placeholder")
    assert len(loaded.desired.resources) == 1


# -- scalars

_FORMS = {
    "boolean": "Bool", "integer": "Integer", "money": "Money", "e-mail": "Email", "url": "Url", "text": "Text",
    "zone": "Zone",
}  # fmt: skip


def fragment(row: Row) -> Schema | None:
    """The schema of a type of the scalar table."""
    from provisioner.kinds import fields, patterns

    by_name = {"interval": patterns.INTERVAL, "hours": patterns.HOURS_OF_A_DAY, "week": patterns.WEEK}
    by_name |= {"date": patterns.DATE, "dates": patterns.DATES, "limit": patterns.LIMIT}
    by_name |= {"duration": patterns.duration(never=False)}
    if row.kind in _FORMS:
        form = next(m for m in getattr(fields, _FORMS[row.kind]).__metadata__ if isinstance(m, fields.Form))
        return written(form.schema, "")
    return written(by_name[row.kind], "") if row.kind in by_name else None


def typed(cell: str) -> Any:
    """A cell of the table as an editor reads it."""
    return json.loads(cell) if cell == "null" or cell[:1] in ('"', "[", "{") else resolved(cell)


KNOWN = [row for row in ROWS if fragment(row) is not None]


@pytest.mark.parametrize("row", [row for row in KNOWN if row.accepted], ids=lambda row: f"{row.kind} {row.text}")
def test_a_scalar_that_the_loader_takes_is_not_marked(row: Row) -> None:
    value = typed(row.text)
    if value is None:
        return  # the text `Null`, which an editor takes for nothing: such a text must be quoted for it
    jsonschema.Draft7Validator(fragment(row) or {}).validate(value)


def test_most_scalars_that_the_loader_refuses_are_marked() -> None:
    refused = [row for row in KNOWN if not row.accepted and row.kind != "text"]
    missed = [row for row in refused if jsonschema.Draft7Validator(fragment(row) or {}).is_valid(typed(row.text))]
    assert len(missed) < len(refused) / 4, [f"{row.kind} {row.text}" for row in missed]


# -- what is wrong

WRONG = [
    ("lokations: {}", ": Additional"),
    ("locations: {A b: {name: x}}", "locations: a key is"),
    ("locations: {all: {name: x}}", "locations: a key is"),
    ("locations: {service: {name: x}}", "locations: a key is"),
    ("services: {a: {nme: A}}", "services.a: Additional"),
    ("services: {a: {name: }}", "services.a.name: "),
    ("services: {a: {name: ' A'}}", "services.a.name: "),
    ("services: {a: {duration: 45}}", "services.a.duration: "),
    ("services: {a: {duration: 45m}}", "services.a.duration: write a duration such as 45 min or 2 h, a multiple"),
    ("services: {a: {prior_notice: never}}", "services.a.prior_notice: write a duration"),
    ("services: {a: {price: $30}}", "services.a.price: write a decimal"),
    ("services: {a: {price: -1}}", "services.a.price: -1 is less"),
    ("services: {a: {active: yes}}", "services.a.active: write true or false"),
    ("services: {a: {default: false}}", "services.a.default: "),
    ("services: {a: {max_clients: 1.5}}", "services.a.max_clients: "),
    ("services: {a: {password: hunter2}}", "services.a.password: a secret is never written here"),
    ("services: {a: {name: '${env:X}'}}", "services.a.name: "),
    ("locations: {a: {city: '${env:X}'}}", "locations.a.city: "),
    ("locations: {a: {city: '${vars:X}'}}", "locations.a.city: "),
    ("locations: {a: {timezone: '+02:00'}}", "locations.a.timezone: write an IANA zone"),
    ("locations: {a: {email: ana}}", "locations.a.email: write an e-mail address"),
    ("locations: {a: {website: 'javascript:x'}}", "locations.a.website: write a web address"),
    ("locations: {a: {lat: 200}}", "locations.a.lat: 200 is greater"),
    ("locations: {a: {lifecycle: {protect: yes}}}", "locations.a.lifecycle.protect: write true or false"),
    ("locations: {a: {lifecycle: {ignore: [nme]}}}", "locations.a.lifecycle.ignore: "),
    ("locations: {a: {lifecycle: {wsa: [b]}}}", "locations.a.lifecycle: Additional"),
    ("accounts: {a: {options: {lang: de}}}", "accounts.a.options.lang: "),
    ("accounts: {a: {nick_name: a-b}}", "accounts.a.nick_name: "),
    ("account: a\naccounts: {a: {}}", "accounts: "),
    ("account: []", "account: "),
    ("employees: {e: {away: [2027-8-4]}}", "employees.e.away.0: write one such as"),
    ("employees: {e: {away: [2027-08-04..]}}", "employees.e.away.0: write one such as"),
    ("employees: {e: {at: {x: {}}}}", "employees.e.at.x: "),
    ("employees: {e: {at: {x: {hors: []}}}}", "employees.e.at.x: Additional"),
    ("employees: {e: {at: {x: {hours: [{dates: 2027}]}}}}", "employees.e.at.x.hours.0: 'week' is a required"),
    (
        "employees: {e: {at: {x: {hours: [{dates: 2027, week: {frid: 09:00-17:00}}]}}}}",
        "employees.e.at.x.hours.0.week: write a day",
    ),
    (
        "employees: {e: {at: {x: {hours: [{dates: 2027, week: {mon: 9-17}}]}}}}",
        "employees.e.at.x.hours.0.week.mon: write one such as 09:00-17:00",
    ),
    ("links: [{employees: [a], locations: all}]", "links.0: 'services' is a required"),
    ("links: {employees: all}", "links: "),
    ("removed: {kiosk: {how: delete}}", "removed: an address is"),
    ("removed: {location/kiosk: {how: burn}}", "removed.location/kiosk.how: "),
    ("removed: {location/kiosk: {}}", "removed.location/kiosk: 'how' is a required"),
    ("renames: {location/a: location/b}", "renames: "),
]


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[text for text, _ in WRONG])
def test_a_mistake_is_marked_where_it_is(text: str, told: str) -> None:
    found = marked(text)
    assert len(found) == 1
    assert found[0].startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("provider: setstr", "provider: "),
        ("version: 2", "version: "),
        ("endpoint: www.example.com", "endpoint: "),
        ("company_id: 0", "company_id: "),
        ("company_id: ${var:ID}", "company_id: "),
        ("credentials: {email: '${var:X}'}", "credentials.email: only the environment"),
        ("credentials: {emial: '${env:X}'}", "credentials: Additional"),
        ("limits: {calls_per_second: -1}", "limits.calls_per_second: "),
        ("policy: {max_destroy: 110%}", "policy.max_destroy: write 10, 30%"),
        ("policy: {prune: some}", "policy.prune: "),
        ("defaults: {locations: {contry: USA}}", "defaults.locations: Additional"),
    ],
)
def test_a_mistake_in_the_settings_is_marked_where_it_is(text: str, told: str) -> None:
    known = [line for line in WORKSPACE.splitlines() if line.split(":")[0] != text.split(":", maxsplit=1)[0]]
    found = marked("\n".join([*known, text]), settings())
    assert len(found) == 1
    assert found[0].startswith(told)


@pytest.mark.parametrize("left_out", ["version", "provider", "endpoint", "company_id"])
def test_settings_need_their_first_four_keys(left_out: str) -> None:
    lines = [line for line in WORKSPACE.splitlines() if not line.startswith(left_out)]
    assert marked("\n".join(lines), settings()) == [f": '{left_out}' is a required property"]


def test_an_editor_sees_other_values_than_the_loader() -> None:
    seen = read("{zip: 01234, country: NO, name: Null, at: 9:00, dates: 2027, price: 29.50, quoted: '30'}")[0]
    plain = {"zip": 1234, "country": "NO", "name": None, "at": "9:00", "dates": 2027, "price": 29.5}
    assert seen == {**plain, "quoted": "30"}


# -- editors run JavaScript


def patterns_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        schema = [*schema.values()]
    if isinstance(schema, list):
        for each in schema:
            yield from patterns_in(each)


def test_no_pattern_has_what_only_python_reads() -> None:
    found = {each for text in schema_texts().values() for each in patterns_in(json.loads(text))}
    assert len(found) > 10
    for each in found:
        assert not re.search(r"\(\?P|\(\?[aiLmsux-]|\\[AZz]|(?<!\\)\\['\"@%&,;:<>#!`~=\- ]", each), each


@pytest.mark.skipif(not shutil.which("node"), reason="no node to ask")
def test_every_pattern_is_read_by_javascript() -> None:
    found = sorted({each for text in schema_texts().values() for each in patterns_in(json.loads(text))})
    script = "JSON.parse(require('fs').readFileSync(0)).forEach(p => new RegExp(p, 'u'))"
    done = subprocess.run(["node", "-e", script], input=json.dumps(found), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_sections_are_the_registry() -> None:
    assert {*BY_SECTION} < {*manifest_schema()["properties"]}
