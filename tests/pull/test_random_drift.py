"""After random drift a pull changes only the lines it must, and the next plan is empty."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from provisioner.kinds.desired import Desired
from provisioner.manifest import load_workspace
from provisioner.providers import BY_NAME
from provisioner.pull.book import Book
from provisioner.pull.proof import Proof, units
from provisioner.pull.recorded import recorded
from provisioner.pull.take import Drift
from provisioner.pull.ways import Ways
from tests.pull.drifted import drifted
from tests.pull.untidy import Untidy, Where
from tests.support import Tenant

SETTINGS = b"version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
ONE_LINE = ("name", "zip", "city", "price", "duration", "auto_confirm", "max_clients", "phone", "first_name", "email")


def load(root: Path, texts: Mapping[str, bytes]) -> Desired:
    return load_workspace(root, BY_NAME, environ={}, instead=texts).desired


def changed(before: str, after: str) -> tuple[set[int], int]:
    """The numbers of the lines that were touched, and how many lines came anew."""
    touched, fresh = set[int](), 0
    one, other = (text.split("\n") for text in (before, after))
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            touched.update(range(a, b))
            fresh += max(0, (d - c) - (b - a))
    return touched, fresh


async def one(number: int, root: Path) -> str:
    """One random manifest, applied, moved outside, and pulled; what was refused, if anything."""
    made = Untidy(number)
    text = made.text()
    texts = {"provisioner.yaml": SETTINGS, "m.yaml": text.encode()}
    (root / "provisioner.yaml").write_bytes(SETTINGS)
    (root / "m.yaml").write_bytes(text.encode())
    desired = load(root, texts)
    tenant = Tenant()
    try:
        await tenant.settle(desired)
        state = tenant.state
        outside, moved = drifted(desired, sorted(made.where), random.Random(number))
        await tenant.settle(outside)
        tenant.state = state
        planned = await tenant.plan(desired)
        found = Drift(planned.plan, desired, planned.matches.live, planned.state).found()
        assert not found.refused
        assert not found.mine
        book, taken = Book(root, dict(texts)), found.takes
        proof = Proof(book, desired, lambda written: load(root, {**texts, **written}))
        ways = Ways(book, desired)
        proof.settle(units((take, *ways.of(take)) for take in taken))
        after = book.written(proof.edits()).get("m.yaml", texts["m.yaml"])
        assert not proof.refused, [str(each) for each in proof.refused]
        check_lines(text, after.decode(), made.where, moved)
        tenant.state = recorded(state, [take for unit in proof.taken for take in unit.takes])
        await tenant.assert_settled(load(root, {**texts, "m.yaml": after}))
    finally:
        tenant.close()
    return text


def check_lines(before: str, after: str, where: Mapping[Where, set[int]], moved: list[Where]) -> None:
    """Only lines of what moved are touched; each of the values that stand on one line costs that line alone."""
    touched, fresh = changed(before, after)
    allowed = {line for each in moved for line in where[each]}
    heirs = {line for each, lines in where.items() if len(lines) > 1 for line in lines if each[1] in
             {name for _, name in moved}}  # fmt: skip
    assert touched <= allowed | heirs, (sorted(touched - allowed), before, after)
    if all(name in ONE_LINE and len(where[address, name]) == 1 for address, name in moved):
        assert not fresh, (before, after)
        assert len(touched) <= len(allowed) + len(heirs)


@pytest.mark.sweep(4)
@pytest.mark.parametrize("number", range(60))
def test_only_the_lines_that_must_change_differ(number: int, tmp_path: Path) -> None:
    asyncio.run(one(number, tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(60, 1_000))
def test_only_the_lines_that_must_change_differ_at_length(number: int, tmp_path: Path) -> None:
    asyncio.run(one(number, tmp_path))
