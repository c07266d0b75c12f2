"""Any one thing is refused for ever: the rest is applied, what needed it is named, a rerun does what is left."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from provisioner.errors import PartlyAppliedError
from tests.apply.crash import AFTER, BEFORE, World
from tests.support import canned, refusal


class Write(NamedTuple):
    """One write, as it can be told from all others."""

    method: str
    path: str
    name: str


def _name(body: Any) -> str:
    return next((str(body[key]) for key in ("email", "name", "nick_name", "label") if body.get(key)), "")


def watched(app: Any, seen: list[Write], broken: Write | None = None) -> Any:
    """The wire: notes every write, and refuses one."""

    async def between(scope: Any, receive: Any, send: Any) -> None:
        raw, more = b"", True
        while more:
            message = await receive()
            raw, more = raw + message.get("body", b""), message.get("more_body", False)
        body = json.loads(raw or b"{}")
        name = ", ".join(map(_name, body if isinstance(body, list) else [body]))
        write = Write(scope["method"], scope["path"].removeprefix("/api/v2"), name)

        async def again() -> Any:
            return {"type": "http.request", "body": raw, "more_body": False}

        if write.method == "GET" or write.path.endswith("/authenticate"):
            await app(scope, again, send)
            return
        seen.append(write)
        if write == broken:
            await canned(*refusal("not this one"))(send)
        else:
            await app(scope, again, send)

    return between


class Reference(NamedTuple):
    """How it ends when nothing is refused."""

    start: World
    end: World
    writes: list[Write]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    folder = tmp_path_factory.mktemp("failures")
    start = World(folder / "start", BEFORE)
    assert start.apply() == 0
    start.write(AFTER)
    end = start.copy(folder / "end")
    seen: list[Write] = []
    assert end.apply(wrap=lambda app: watched(app, seen)) == 0
    assert len(seen) == len(set(seen)) >= 25
    yield Reference(start, end, seen)
    start.close()
    end.close()


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_whatever_is_refused_the_rest_is_applied(
    reference: Reference, tmp_path: Path, capsys: pytest.CaptureFixture[str], every: bool
) -> None:
    """Each write, or one of each sort."""
    sorts = {(write.method, re.sub(r"\d.*", "", write.path)): write for write in reference.writes}
    for number, broken in enumerate(reference.writes if every else sorts.values()):
        world = reference.start.copy(tmp_path / str(number))
        first: list[Write] = []
        capsys.readouterr()
        ended = world.apply(wrap=partial(watched, seen=first, broken=broken))
        said = capsys.readouterr().out
        assert isinstance(ended, PartlyAppliedError), broken
        assert ended.exit_code == 5
        assert "not this one" in said, broken
        left = {str(change.address) for change in world.plan().changes}
        assert left, broken
        for address in left:  # everything that is left was named, as failed or as waiting for what failed
            assert address in said.split("Apply incomplete")[1], (broken, address)
        again: list[Write] = []
        assert world.apply(wrap=partial(watched, seen=again)) == 0
        done = [write for write in first if write != broken]
        assert not set(again) & {write for write in done if write.method == "POST"}, broken
        assert len(done) + len(again) <= len(reference.writes) + 2, (broken, again)
        assert world.live() == reference.end.live(), broken
        assert world.summary() == reference.end.summary(), broken
        assert not world.plan().changes, broken
        world.close()
