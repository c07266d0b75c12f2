"""The editor's page: what it shows of completions, hovers and marks is what the schema says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from provisioner.manifest.yaml import Map, Seq, compose
from provisioner.schema import manifest_schema
from tests.docs.pages import DOCS, Block, blocks
from tests.schema.editor import marked

PAGE = [*blocks(DOCS / "editor.md")]


def shown(word: str) -> list[Block]:
    return [block for block in PAGE if block.option(word)]


def node(path: str) -> Any:
    """The schema at a path; KEY is any key."""
    schema = manifest_schema()
    found: Any = schema
    for step in path.split("."):
        found = found["additionalProperties"] if step == "KEY" else found["properties"][step]
        if "$ref" in found:
            found = schema["definitions"][found["$ref"].rpartition("/")[2]]
    return found


@pytest.mark.parametrize("block", shown("completion"), ids=lambda block: block.where)
def test_completions(block: Block) -> None:
    prefix = block.option("prefix")
    known = node(block.option("completion"))["properties"]
    expected = [f"{name}: {each['description']}" for name, each in known.items() if name.startswith(prefix)]
    assert [re.sub(r"^(\S+)\s+", r"\1: ", line) for line in block.body.splitlines()] == expected


@pytest.mark.parametrize("block", shown("values"), ids=lambda block: block.where)
def test_values(block: Block) -> None:
    assert node(block.option("values"))["anyOf"][0]["enum"] == block.body.splitlines()


@pytest.mark.parametrize("block", shown("hover"), ids=lambda block: block.where)
def test_hovers(block: Block) -> None:
    assert node(block.option("hover"))["description"] == block.body.strip()


def test_marks() -> None:
    wrong = next(block for block in PAGE if "wrong" in block.words)
    marks = next(block for block in PAGE if "marks" in block.words).body.splitlines()
    (document,), problems = compose(wrong.body)
    assert problems == []
    found = []
    for each in marked(wrong.body):
        path, _, words = each.partition(": ")
        unknown = re.search(r"\('(\w+)' was unexpected\)", words)
        steps = [*path.split("."), *([unknown[1]] if unknown else [])]
        line, column = place(document.root, steps, key=unknown is not None)
        found.append((line, column, f"Property {unknown[1]} is not allowed." if unknown else words))
    told = [(int(line), int(column), words) for line, column, words in (split(mark) for mark in marks)]
    assert [mark[:2] for mark in told] == [mark[:2] for mark in sorted(found)]
    typed = "45 is not of type 'string'"  # where an editor shows the schema's own words, `errorMessage`
    for (_, _, expected), (_, _, words) in zip(told, sorted(found), strict=True):
        assert expected == (node("services.KEY.duration")["errorMessage"] if words == typed else words)


def split(mark: str) -> tuple[str, str, str]:
    place, _, words = mark.partition(" ")
    line, _, column = place.partition(":")
    return line, column, words


def place(root: Map, steps: list[str], *, key: bool) -> tuple[int, int]:
    """Where a value stands, or its key."""
    value: Any = root
    at = (0, 0)
    for step in steps:
        if isinstance(value, Map):
            at = value.marks[step][:2] if key and step == steps[-1] else value.marks[step][2:]
            value = value[step]
        elif isinstance(value, Seq):
            at, value = value.marks[int(step)], value[int(step)]
    return at
