"""A sandbox in a file of its own, and a client that speaks to it: without a network, or over a socket."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest

from provisioner.sandbox.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from starlette.applications import Starlette

API = "/api/v2"


@dataclass
class Clock:
    """A time that passes when told."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Caller(ABC):
    """A signed-in client of a sandbox; `company` is what goes into the query."""

    company: int = 2345
    token: str = ""

    @abstractmethod
    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Send a request as it is."""

    def sign_in(self, email: str = "owner@example.com", company: int | None = 2345) -> dict[str, Any]:
        query = {"email": email, "token": "sandbox-key"} | ({"company_id": company} if company else {})
        answer = self.request("POST", f"{API}/account/authenticate", params=query)
        data: dict[str, Any] = answer.json()["data"]
        self.token = data["session_token"]
        return data

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        """Send a signed call and return the envelope."""
        params = {"session_token": self.token, "company_id": self.company} | query
        options = {} if body is None else {"json": body}
        envelope: dict[str, Any] = self.request(method, API + path, params=params, **options).json()
        assert set(envelope) == {"statusCode", "statusDescriptions", "data"}
        return envelope

    def ok(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Send a call that has to go well and return its data."""
        envelope = self.call(method, path, body, **query)
        assert envelope["statusCode"] == 0, envelope
        return envelope["data"]

    def upload(self, method: str, path: str, files: Mapping[str, bytes], **query: Any) -> Any:
        """Send files as a form that has to be taken, and return the answer's data."""
        params = {"session_token": self.token, "company_id": self.company} | query
        form = {name: (f"{name} 1.png", content, "image/png") for name, content in files.items()}
        envelope = self.request(method, API + path, params=params, files=form).json()
        assert envelope["statusCode"] == 0, envelope
        return envelope["data"]

    def refused(self, code: int, method: str, path: str, body: Any = None, **query: Any) -> str:
        """Send a call that has to be refused and return the words."""
        envelope = self.call(method, path, body, **query)
        assert envelope["statusCode"] == code, envelope
        return str(envelope["statusDescriptions"])

    def control(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        answer = self.request(method, f"/_sandbox{path}", params=query, json=body if body is not None else {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def dump(self) -> dict[str, Any]:
        held: dict[str, Any] = self.control("GET", "/dump", company_id=self.company)
        return held

    def location(self, **fields: Any) -> int:
        return int(self.ok("POST", "/location", {"name": "Spa"} | fields)[0]["id"])

    def service(self, **fields: Any) -> int:
        return int(self.ok("POST", "/service", {"name": "Massage", "duration": 60} | fields)["id"])

    def employee(self, email: str = "ann@example.com", **fields: Any) -> int:
        body = {"email": email, "first_name": "Ann", "last_name": "Lee", "links": []} | fields
        return int(self.ok("POST", "/employee", body)[0]["id"])

    def child(self, nick_name: str = "acme", **fields: Any) -> int:
        body = {"company_name": "Acme", "nick_name": nick_name, "email": f"{nick_name}@example.com", "password": "x"}
        return int(self.ok("POST", "/account", body | fields)["company_id"])

    def links(self) -> set[tuple[int, int, int]]:
        return {(employee, location, service) for employee, location, service in self.dump()["links"]}

    def script(self, *rules: dict[str, Any], **more: Any) -> None:
        """Replace the fault script."""
        self.control("PUT", "/faults", {"rules": list(rules)} | more)

    def attempt(self, method: str, path: str, body: Any = None) -> Met:
        """Send a signed call that may go wrong in any way."""
        params = {"session_token": self.token, "company_id": self.company}
        options = {} if body is None else {"json": body}
        try:
            answer = self.request(method, API + path, params=params, **options)
        except (ConnectionResetError, httpx.ReadError):
            return Met("reset")
        except (TimeoutError, httpx.ReadTimeout):
            return Met("timeout")
        except httpx.RemoteProtocolError:  # less came than was announced
            return Met("cut")
        try:
            return Met(answer.status_code, answer.json()["statusCode"], answer)
        except ValueError:
            return Met(answer.status_code, None, answer)


class Met(NamedTuple):
    """What a client met with: an HTTP status, or how its connection ended; the envelope's code, if there was one."""

    end: int | str
    code: int | None = None
    answer: httpx.Response | None = None


@dataclass
class Sandbox(Caller):
    """An app in this process, and its client."""

    app: Starlette
    clock: Clock
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
                return await client.request(method, url, **options)

        return self.runner.run(send())

    def close(self) -> None:
        self.app.state.store.close()
        self.runner.close()


@dataclass
class Served(Caller):
    """A sandbox in a process of its own, and its client."""

    url: str
    process: subprocess.Popen[str]
    client: httpx.Client

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return self.client.request(method, url, **options)


SERVER = """
import sys
for name in sys.argv[2:]:
    sys.modules[name] = None
from provisioner.sandbox.serve import run
run(sys.argv[1], on_ready=lambda url: print(url, flush=True))
print("closed", flush=True)
"""


@contextmanager
def served(db: str | Path, *without: str) -> Iterator[Served]:
    """Serve a sandbox, without some modules; it has to end cleanly, and never to complain."""
    command = [sys.executable, "-c", SERVER, str(db), *without]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process, httpx.Client(trust_env=False, timeout=60) as client:
        assert process.stdout is not None
        caller = Served(process.stdout.readline().strip(), process, client)
        try:
            client.base_url = httpx.URL(caller.url)
            caller.sign_in()
            yield caller
        finally:
            process.terminate()
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out.strip(), err) == (0, "closed", "")


def open_sandbox(db: str | Path, dialect: Mapping[str, str] | None = None) -> Sandbox:
    clock = Clock()
    sandbox = Sandbox(create_app(db, dialect=dialect, now=clock), clock)
    sandbox.sign_in()
    return sandbox


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """Open sandboxes, by default all on the same file; they are closed afterwards."""
    sandboxes: list[Sandbox] = []

    def open_one(dialect: Mapping[str, str] | None = None, db: str | Path | None = None) -> Sandbox:
        sandboxes.append(open_sandbox(db or tmp_path / "sandbox.db", dialect))
        return sandboxes[-1]

    yield open_one
    for each in sandboxes:
        each.close()


@pytest.fixture
def sandbox(opened: Callable[..., Sandbox]) -> Sandbox:
    return opened()


@pytest.fixture(scope="module")
def shared_sandbox() -> Iterator[Sandbox]:
    """One sandbox in memory for many examples."""
    sandbox = open_sandbox(":memory:")
    yield sandbox
    sandbox.close()


WAYS: dict[str, tuple[str, ...] | None] = {"in process": None, "served": (), "served plainly": ("httptools", "uvloop")}
"""How a sandbox is reached; a server goes without uvicorn's fast parts, too, because they need not be installed."""


@pytest.fixture(scope="module", params=WAYS)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """A sandbox for many examples, reached in each of the ways."""
    without = WAYS[request.param]
    if without is None:
        sandbox = open_sandbox(":memory:")
        yield sandbox
        sandbox.close()
    else:
        with served(":memory:", *without) as server:
            yield server
