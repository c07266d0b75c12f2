"""What webhooks are told: recorded with what happened, and really sent when asked, after it was committed."""

from __future__ import annotations

import json
import queue
import sqlite3
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.sandbox.conftest import Met, served
from tests.sandbox.salon import Salon, opened_salon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.conftest import Caller, Sandbox

PATIENCE = 60.0
ELSEWHERE = "https://crm.example/hook"


class Message(NamedTuple):
    """What came and where; the key beside it; and how many appointments another connection saw at that moment."""

    body: dict[str, Any]
    key: str
    committed: int
    path: str


class Receiver:
    """A web server on loopback that keeps what it is told, and answers as soon as `may_answer`."""

    def __init__(self, db: Path | None = None, status: int = 204) -> None:
        self.messages: queue.Queue[Message] = queue.Queue()
        self.may_answer = threading.Event()
        self.may_answer.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                key = self.headers["x-verification-key"]
                outer.messages.put(Message(json.loads(raw), key, outer.committed(db), self.path))
                outer.may_answer.wait(PATIENCE)
                self.send_response(status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @staticmethod
    def committed(db: Path | None) -> int:
        if db is None:
            return 0
        with sqlite3.connect(db) as connection:
            count = int(connection.execute("SELECT count(*) FROM appointments").fetchone()[0])
        connection.close()
        return count

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def next(self) -> Message:
        return self.messages.get(timeout=PATIENCE)


@contextmanager
def receiving(db: Path | None = None, status: int = 204) -> Iterator[Receiver]:
    receiver = Receiver(db, status)
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        receiver.may_answer.set()
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()


@pytest.fixture
def salon(sandbox: Sandbox) -> Salon:
    return opened_salon(sandbox)


def hook(caller: Caller, *events: Any, url: str = ELSEWHERE, **more: Any) -> dict[str, Any]:
    body = {"company_id": caller.company, "target_url": url, "events": [*(events or ("*",))]}
    return dict(caller.ok("POST", "/subscribe", body | more))


def told(caller: Caller) -> list[tuple[int, str, str]]:
    """Which webhook was told what, and what became of it."""
    found = caller.control("GET", "/deliveries")
    return [(each["webhook_id"], each["event"].removeprefix("appointment."), each["outcome"]) for each in found]


def happened(caller: Caller) -> list[str]:
    return [event for _, event, _ in told(caller)]


def test_everything_that_happens_to_an_appointment_is_recorded(sandbox: Sandbox, salon: Salon) -> None:
    hook(sandbox)
    number = salon.book()
    named = {"appointment_id": number}
    sandbox.ok("PUT", f"/appointment/{number}", salon.body(note="Hi"))
    sandbox.ok("PUT", f"/appointment/{number}", salon.body("2026-03-11 12:00"))
    sandbox.ok("POST", "/appointment/confirm", named)
    sandbox.ok("POST", "/appointment/confirm", named)
    sandbox.ok("POST", "/appointment/verify", named)
    sandbox.ok("POST", "/appointment/sendReminder", named)
    sandbox.ok("POST", "/appointment/decline", named | {"reason": "ill"})
    sandbox.ok("PUT", f"/appointment/{number}", salon.body("2026-03-11 12:00", status=1))
    sandbox.ok("PUT", f"/appointment/{number}", salon.body("2026-03-11 12:00", status=3))
    sandbox.ok("DELETE", f"/appointment/{number}")
    assert happened(sandbox) == [
        *("created", "updated", "rescheduled", "updated", "updated", "reminder"),
        *("canceled", "updated", "canceled", "deleted"),
    ]


def test_a_record_has_the_appointment_and_the_key(sandbox: Sandbox, salon: Salon) -> None:
    made = hook(sandbox)
    number = salon.book(note="Hi")
    (record,) = sandbox.control("GET", "/deliveries")
    shown = sandbox.ok("GET", "/appointment")[0]
    assert record["payload"] == {
        "event": "appointment.created",
        "company_id": 2345,
        "webhook_id": made["id"],
        "verification_key": made["verification_key"],
        "created_at": "2026-03-02 09:00:00",
        "data": shown,
    }
    assert (record["url"], record["outcome"], record["status"]) == (ELSEWHERE, "recorded", None)
    assert shown["id"] == number
    assert sandbox.control("DELETE", "/deliveries") is None
    assert told(sandbox) == []


def test_a_webhook_is_told_what_it_wants(sandbox: Sandbox, salon: Salon) -> None:
    all_but_one = hook(sandbox, "*", {"event": "appointment.created", "active": 0})["id"]
    two = hook(sandbox, "appointment.created", "appointment.deleted")["id"]
    hook(sandbox, {"event": "appointment.created", "active": 0})
    hook(sandbox, active=0)
    child = sandbox.child()
    sandbox.ok("POST", "/subscribe", {"company_id": child, "target_url": ELSEWHERE, "events": ["*"]}, company_id=child)
    number = salon.book()
    sandbox.ok("POST", "/appointment/confirm", {"appointment_id": number})
    sandbox.ok("DELETE", f"/appointment/{number}")
    assert [each[:2] for each in told(sandbox)] == [
        *((two, "created"), (all_but_one, "updated"), (all_but_one, "deleted"), (two, "deleted")),
    ]


def test_what_is_refused_is_no_event(sandbox: Sandbox, salon: Salon) -> None:
    salon.book()
    hook(sandbox)
    sandbox.refused(10, "POST", "/appointment", salon.body())
    sandbox.refused(9, "POST", "/appointment", salon.body("2026-03-10 20:00"))
    sandbox.refused(7, "DELETE", "/appointment/1")
    sandbox.script({"fault": "reset", "executed": False}, {"fault": "refuse"})
    assert sandbox.attempt("POST", "/appointment", salon.body("2026-03-11 12:00")).end == "reset"
    sandbox.attempt("POST", "/appointment", salon.body("2026-03-11 12:00"))
    assert told(sandbox) == []


def test_a_late_request_tells_when_it_is_done(sandbox: Sandbox, salon: Salon, tmp_path: Path) -> None:
    with receiving(tmp_path / "sandbox.db") as receiver:
        hook(sandbox, url=receiver.url)
        sandbox.control("PUT", "/delivery", {"real": True})
        sandbox.script({"fault": "late", "seconds": 30})
        assert sandbox.attempt("POST", "/appointment", salon.body()) == Met("reset")
        sandbox.clock.advance(29)
        assert (salon.found(), told(sandbox)) == ([], [])
        assert receiver.messages.empty()
        sandbox.clock.advance(1)
        assert len(salon.found()) == 1
        message = receiver.next()
        assert (message.body["event"], message.committed) == ("appointment.created", 1)
        assert [outcome for _, _, outcome in told(sandbox)] == ["sent"]


def test_a_lost_answer_tells_what_was_done(sandbox: Sandbox, salon: Salon, tmp_path: Path) -> None:
    with receiving(tmp_path / "sandbox.db") as receiver:
        hook(sandbox, url=receiver.url)
        sandbox.control("PUT", "/delivery", {"real": True})
        sandbox.script({"fault": "reset"})
        assert sandbox.attempt("POST", "/appointment", salon.body()) == Met("reset")
        assert receiver.next().committed == 1
        assert receiver.messages.empty()


@pytest.mark.parametrize(("status", "outcome"), [(204, "sent"), (302, "sent"), (500, "sent")])
def test_it_is_sent_once_whatever_comes_back(sandbox: Sandbox, salon: Salon, status: int, outcome: str) -> None:
    with receiving(status=status) as receiver:
        made = hook(sandbox, url=receiver.url)
        sandbox.control("PUT", "/delivery", {"real": True})
        number = salon.book()
        message = receiver.next()
        assert (message.key, message.body["data"]["id"]) == (made["verification_key"], number)
        assert message.body["verification_key"] == made["verification_key"]
        (record,) = sandbox.control("GET", "/deliveries")
        assert (record["outcome"], record["status"]) == (outcome, status)
        assert record["payload"] == message.body
        salon.found()
        assert receiver.messages.empty()


def test_an_address_is_used_as_it_is_written(sandbox: Sandbox, salon: Salon) -> None:
    with receiving() as receiver:
        base = receiver.url.removesuffix("/hook")
        for url in (
            base,
            f"{base}?a=1",
            f"{base}/b/?c=d#e",
            receiver.url.replace("http:", "https:"),
            f"{base}/\xe4%20",
        ):
            hook(sandbox, url=url)
        sandbox.control("PUT", "/delivery", {"real": True})
        salon.book()
        assert [receiver.next().path for _ in range(4)] == ["/", "/?a=1", "/b/?c=d", "/%C3%A4%20"]
        assert [outcome for _, _, outcome in told(sandbox)] == ["sent", "sent", "sent", "failed", "sent"]


def test_nobody_there_is_no_failure_of_the_request(sandbox: Sandbox, salon: Salon) -> None:
    with receiving() as receiver:
        closed = receiver.url
    hook(sandbox, url=closed)
    sandbox.control("PUT", "/delivery", {"real": True})
    salon.book()
    assert [outcome for _, _, outcome in told(sandbox)] == ["failed"]


@pytest.mark.parametrize(
    "url",
    [
        ELSEWHERE,
        "http://192.0.2.1/hook",
        "http://localhost.crm.example/",
        "http://127.0.0.1@crm.example/",
        "http://127.0.0.1.crm.example:80/",
        "http://0.0.0.0/",
        "http://[2001:db8::1]/",
        "http://127.0.0.1:none/",
        "http://2130706433/",
        "",
    ],
)
def test_only_loopback_is_ever_contacted(
    sandbox: Sandbox, salon: Salon, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr("provisioner.sandbox.outbox._post", None)  # sending anything would fail
    hook(sandbox, url=url)
    sandbox.control("PUT", "/delivery", {"real": True})
    salon.book()
    assert [outcome for _, _, outcome in told(sandbox)] == ["not loopback"]


def test_nothing_is_sent_unless_asked(sandbox: Sandbox, salon: Salon) -> None:
    with receiving() as receiver:
        hook(sandbox, url=receiver.url)
        salon.book("2026-03-10 09:00")
        sandbox.control("PUT", "/delivery", {"real": True})
        salon.book("2026-03-10 10:00")
        sandbox.control("PUT", "/delivery", {"real": False})
        salon.book("2026-03-10 11:00")
        assert [outcome for _, _, outcome in told(sandbox)] == ["recorded", "sent", "recorded"]
        assert receiver.next().body["data"]["start_date"] == "2026-03-10 10:00"
        assert receiver.messages.empty()


@pytest.mark.parametrize("body", [{}, {"real": "yes"}, [], {"real": None}])
def test_real_is_yes_or_no(sandbox: Sandbox, body: Any) -> None:
    answer = sandbox.request("PUT", "/_sandbox/delivery", json=body)
    assert (answer.status_code, answer.json()) == (
        *(400, {"error": 'the body must be {"real": true} or {"real": false}'}),
    )


def test_a_server_answers_before_it_tells_anybody(tmp_path: Path) -> None:
    db = tmp_path / "sandbox.db"
    with receiving(db) as receiver, served(db) as server:
        server.control("PUT", "/clock", {"now": "2026-03-02T09:00:00Z"})
        salon = opened_salon(server)
        hook(server, url=receiver.url.replace("127.0.0.1", "localhost"))
        server.control("PUT", "/delivery", {"real": True})
        receiver.may_answer.clear()
        number = salon.book()  # comes back although the receiver keeps the message
        message = receiver.next()
        assert (message.body["data"]["id"], message.committed) == (number, 1)
        assert told(server)[0][2] == "sending"
        assert server.ok("GET", "/appointment", num_results=1) == 1
        receiver.may_answer.set()
        end = time.monotonic() + PATIENCE
        while told(server)[0][2] == "sending" and time.monotonic() < end:
            time.sleep(0.01)
        assert [outcome for _, _, outcome in told(server)] == ["sent"]
