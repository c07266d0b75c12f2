"""Laying a text out: what it says stays, doing it twice is doing it once, and each rule by an example."""

from __future__ import annotations

import textwrap
import time
from collections import Counter
from pathlib import Path

import pytest

from provisioner.errors import ManifestError
from provisioner.layout import Unreadable, formatted
from provisioner.manifest import load_workspace
from provisioner.manifest.yaml import compose
from provisioner.providers import BY_NAME as VENDORS
from provisioner.schema import manifest_schema, settings_schema
from tests.docs.pages import ROOT
from tests.layout.messy import Messy
from tests.layout.rules import RULES
from tests.manifest import hostile

MANIFEST = manifest_schema()
SETTINGS = settings_schema({"setster": ("email", "api_key")})


def laid(text: str | bytes, *, settings: bool = False) -> str:
    """The text laid out, and seen to be finished."""
    data = text.encode() if isinstance(text, str) else text
    schema = SETTINGS if settings else MANIFEST
    once = formatted(data, schema, settings=settings)
    assert formatted(once.encode(), schema, settings=settings) == once
    assert [d.root for d in compose(once)[0]] == [d.root for d in compose(data)[0]]
    return once


def full_line_comments(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.splitlines() if line.lstrip().startswith("#"))


# -- for every text


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_messy_texts_keep_what_they_say(start: int) -> None:
    read = 0
    for number in range(start, start + 100):
        text = Messy(number).text()
        if compose(text)[1]:
            continue
        read += 1
        once = laid(text)
        assert full_line_comments(once) == full_line_comments(text), number
    assert read > 90


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 20_000, 1_000))
def test_very_many_messy_texts_keep_what_they_say(start: int) -> None:
    for number in range(start, start + 1_000):
        text = Messy(number).text()
        if not compose(text)[1]:
            laid(text)


def test_hostile_texts_are_laid_out_or_refused() -> None:
    done = 0
    for number in range(300):
        for name, data in hostile.case(number).files.items():
            if name.endswith(".yaml"):
                if compose(data)[1]:
                    with pytest.raises(Unreadable):
                        laid(data, settings=name == "provisioner.yaml")
                else:
                    laid(data, settings=name == "provisioner.yaml")
                    done += 1
    assert done > 300


def test_a_workspace_wants_the_same_resource_by_resource(tmp_path: Path) -> None:
    """The whole loader's view: addresses, fields, lifecycles, removals, after each file is laid out."""
    seen = 0
    for number in range(300):
        files = hostile.case(number).files
        before, after = (tmp_path / f"{number}-{when}" for when in ("before", "after"))
        for root, data in ((r, d) for r in (before, after) for d in files.items()):
            (root / data[0]).parent.mkdir(parents=True, exist_ok=True)
            (root / data[0]).write_bytes(data[1])
        try:
            wanted = load(before)
        except ManifestError:
            continue
        seen += 1
        for name, each in files.items():
            if name.endswith(".yaml"):
                (after / name).write_text(laid(each, settings=name == "provisioner.yaml"), "utf-8")
        assert load(after) == wanted, number
    assert seen > 10


def load(root: Path) -> dict[str, object]:
    workspace = load_workspace(root, VENDORS, variables={"CITY": "Rome"}, environ={}, secrets="placeholder")
    wanted = workspace.desired
    resources = {str(a): (d.resource, d.lifecycle) for a, d in wanted.resources.items()}
    removed = {f"removed {a}": (r.how, r.strands) for a, r in wanted.removed.items()}
    return {**resources, **removed, "whole": {*map(str, wanted.whole)}, "policy": workspace.settings.policy}


@pytest.mark.parametrize("path", sorted((ROOT / "provisioner/cli/starter").glob("*.yaml")), ids=lambda path: path.name)
def test_what_init_writes_is_in_order(path: Path) -> None:
    assert laid(path.read_bytes(), settings=path.name == "provisioner.yaml") == path.read_text("utf-8")


# -- rule by rule


@pytest.mark.parametrize("rule", RULES)
def test_a_rule(rule: str) -> None:
    before, after = (textwrap.dedent(text) if text else None for text in RULES[rule])
    assert before is not None
    assert laid(before) == (after or before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: {}  \n\n\n", "a: {}\n"),
        ("a: {}", "a: {}\n"),
        ("a: {}\r\nb: {}\r\n", "a: {}\nb: {}\n"),
        ("\ufeffa: {}\n", "a: {}\n"),
        ("", ""),
        ("# only a comment", "# only a comment\n"),
        (
            "services:\n  a:\n    description: |\n      x\n    name: A",
            "services:\n  a:\n    name: A\n    description: |\n      x\n",
        ),
        ("a:\n  b: |+\n    x\n\n\n", "a:\n  b: |+\n    x\n\n\n"),
    ],
)
def test_the_ends_of_lines_and_of_the_text(before: str, after: str) -> None:
    assert laid(before) == after


def test_settings_have_an_order_at_their_top() -> None:
    text = "company_id: 2345\nendpoint: sandbox\n\npolicy: {max_update: 50%, prune: owned}\nversion: 1\n"
    wanted = "endpoint: sandbox\ncompany_id: 2345\n\nversion: 1\npolicy: {prune: owned, max_update: 50%}\n"
    assert laid(text, settings=True) == wanted


@pytest.mark.parametrize("text", ["a: [", "a: 1\na: 2\n", "a: !x b\n", "\tb: c\n", "- a\n", "phone:\n"])
def test_what_the_loader_cannot_read_is_not_laid_out(text: str) -> None:
    with pytest.raises(Unreadable):
        formatted(text.encode(), MANIFEST)


def test_dashes_in_a_row_take_no_longer_the_more_there_are() -> None:
    text = f"services:\n{f'-{8 * chr(32)}' * 60}? k\n{' ' * 540}: v\n"
    begin = time.process_time()
    assert laid(text) == text
    assert time.process_time() - begin < 5
