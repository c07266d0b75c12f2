"""Webhooks when the sandbox ends, and when its address has no port: nothing stays on its way for ever."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from provisioner.sandbox.app import create_app
from tests.sandbox.conftest import SERVER, Served
from tests.sandbox.salon import Salon, opened_salon
from tests.sandbox.test_deliveries import PATIENCE, hook, receiving, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sandbox.conftest import Sandbox


@pytest.fixture
def salon(sandbox: Sandbox) -> Salon:
    return opened_salon(sandbox)


def outcomes(sandbox: Sandbox) -> list[str]:
    return [outcome for _, _, outcome in told(sandbox)]


def stopped_while_sending(db: Path, how: signal.Signals) -> tuple[int, str]:
    """Serve a salon with three webhooks of which the first keeps silent, and end it; return how it ended."""
    command = [sys.executable, "-c", SERVER, str(db)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with receiving() as receiver, process, httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        assert process.stdout is not None
        server = Served(process.stdout.readline().strip(), process, client)
        client.base_url = httpx.URL(server.url)
        server.control("PUT", "/clock", {"now": "2026-03-02T09:00:00Z"})
        server.sign_in()
        salon = opened_salon(server)
        for _ in range(3):
            hook(server, url=receiver.url)
        server.control("PUT", "/delivery", {"real": True})
        receiver.may_answer.clear()
        salon.book()
        receiver.next()
        assert [outcome for _, _, outcome in told(server)] == ["sending", "waiting", "waiting"]
        process.send_signal(how)
        _, err = process.communicate(timeout=PATIENCE)
        assert receiver.messages.empty()
    return process.returncode, err


def kept(db: Path) -> list[str]:
    with closing(sqlite3.connect(db)) as left:
        return [outcome for (outcome,) in left.execute("SELECT outcome FROM deliveries ORDER BY n")]


def test_what_was_on_its_way_when_it_stops_has_failed(tmp_path: Path) -> None:
    db = tmp_path / "sandbox.db"
    assert stopped_while_sending(db, signal.SIGTERM) == (0, "")
    assert kept(db) == ["failed", "waiting", "waiting"]


def test_what_was_on_its_way_when_it_was_killed_has_failed(tmp_path: Path) -> None:
    db = tmp_path / "sandbox.db"
    assert stopped_while_sending(db, signal.SIGKILL)[0] == -signal.SIGKILL
    assert kept(db) == ["sending", "waiting", "waiting"]
    create_app(db).state.store.close()
    assert kept(db) == ["failed", "waiting", "waiting"]


def test_what_waits_is_sent_by_whoever_comes_next(
    sandbox: Sandbox, salon: Salon, opened: Callable[..., Sandbox]
) -> None:
    with receiving() as receiver:
        hook(sandbox, url=receiver.url)
        hook(sandbox, url=receiver.url)
        sandbox.control("PUT", "/delivery", {"real": True})
        sandbox.app.state.courier.stop()
        salon.book()
        assert (outcomes(sandbox), receiver.messages.empty()) == (["waiting", "waiting"], True)
        assert outcomes(opened()) == ["sent", "sent"]


def test_a_request_that_is_given_up_leaves_nothing_on_its_way(sandbox: Sandbox, salon: Salon) -> None:
    with receiving() as receiver:
        receiver.may_answer.clear()
        hook(sandbox, url=receiver.url)
        sandbox.control("PUT", "/delivery", {"real": True})

        async def give_up() -> None:
            params: dict[str, str | int] = {"session_token": sandbox.token, "company_id": 2345}
            transport = httpx.ASGITransport(app=sandbox.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
                booking = asyncio.create_task(client.post("/api/v2/appointment", params=params, json=salon.body()))
                await asyncio.to_thread(receiver.next)
                booking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await booking

        sandbox.runner.run(give_up())
        assert outcomes(sandbox) == ["failed"]


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("http://[::1]/hook", ("::1", 80)),
        ("https://[::1]/hook", ("::1", 443)),
        ("http://127.0.0.1", ("127.0.0.1", 80)),
        ("https://localhost/", ("localhost", 443)),
        ("http://[::1]:81/", ("::1", 81)),
    ],
)
def test_an_address_without_a_port_has_the_usual_one(
    sandbox: Sandbox, salon: Salon, monkeypatch: pytest.MonkeyPatch, url: str, where: tuple[str, int]
) -> None:
    asked: list[Any] = []

    def refuse(host: str, port: int, **_: object) -> None:
        asked.append((host, port))
        raise ConnectionRefusedError

    for name in ("HTTPConnection", "HTTPSConnection"):
        monkeypatch.setattr(f"provisioner.sandbox.outbox.{name}", refuse)
    hook(sandbox, url=url)
    sandbox.control("PUT", "/delivery", {"real": True})
    salon.book()
    assert (asked, outcomes(sandbox)) == ([where], ["failed"])
