"""A forge in a thread: the few requests to GitHub and GitLab that the pipelines make, over one set of data."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
TOKEN = "glpat-of-the-project"
ME = 77


@dataclass
class Note:
    """A comment or an issue; one on no pull request is an issue."""

    id: int
    on: int
    author: str
    body: str
    written: datetime
    title: str = ""
    open: bool = True


@dataclass
class Pull:
    """A pull request."""

    number: int
    branch: str
    head: str
    fork: bool = False
    author: str = "ana"
    merged: datetime | None = None
    commit: str = ""


@dataclass
class Forge:
    """What is there, and every write that came."""

    url: str = ""
    now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    pulls: list[Pull] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    writes: list[tuple[str, str]] = field(default_factory=list)

    def tick(self) -> datetime:
        """A minute later."""
        self.now += timedelta(minutes=1)
        return self.now

    def comments(self, number: int) -> list[Note]:
        """Those on a pull request."""
        return [note for note in self.notes if note.on == number]

    @property
    def issues(self) -> list[Note]:
        """All issues, open or not."""
        return self.comments(0)

    def say(self, number: int, author: str, body: str, title: str = "") -> Note:
        """Somebody writes something."""
        self.notes.append(Note(1000 + len(self.notes), number, author, body, self.tick(), title))
        return self.notes[-1]

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> tuple[int, Any]:
        """One request, whichever forge it is meant for."""
        if method != "GET":
            self.writes.append((method, urlsplit(path).path))
        one = _gitlab if path.startswith("/api/v4") else _github
        return one(self, method, urlsplit(path).path, token, body)


def _github(forge: Forge, method: str, path: str, token: str, body: dict[str, Any]) -> tuple[int, Any]:
    path = path.removeprefix("/repos/acme/salon")
    may = dict(each.split("=") for each in token.removeprefix("Bearer ").split(",") if "=" in each)
    kind = "issues" if re.fullmatch(r"/issues(/\d+)?", path) else "pull-requests"
    if may.get(kind) not in (("write",) if method != "GET" else ("read", "write")):
        return 403, {"message": "Resource not accessible by integration"}
    if found := re.fullmatch(r"/commits/(\w+)/pulls", path):
        return 200, [_github_pull(pull) for pull in forge.pulls if found[1] in (pull.head, pull.commit)]
    if found := re.fullmatch(r"/issues/(\d+)/comments", path):
        number = int(found[1])
        if method == "POST":
            return 201, _github_note(forge.say(number, BOT, body["body"]))
        return 200, [_github_note(note) for note in forge.comments(number)]
    if path == "/issues":
        if method == "POST":
            return 201, _github_note(forge.say(0, BOT, body["body"], body["title"]))
        pulls = [
            {"number": pull.number, "user": {"login": BOT}, "pull_request": {}, "body": ""} for pull in forge.pulls
        ]
        return 200, [*pulls, *(_github_note(note) for note in forge.issues if note.open)]
    return _edited(forge, int(path.rpartition("/")[2]), body.get("body"), close=body.get("state") == "closed")


def _gitlab(forge: Forge, method: str, path: str, token: str, body: dict[str, Any]) -> tuple[int, Any]:
    if token != TOKEN:
        return 401, {"message": "401 Unauthorized"}
    if path == "/api/v4/user":
        return 200, {"id": ME}
    path = path.removeprefix("/api/v4/projects/42")
    if found := re.fullmatch(r"/repository/commits/(\w+)/merge_requests", path):
        return 200, [_gitlab_pull(pull) for pull in forge.pulls if found[1] in (pull.head, pull.commit)]
    if method == "PUT":
        words = body.get("body", body.get("description"))
        return _edited(forge, int(path.rpartition("/")[2]), words, close=body.get("state_event") == "close")
    if found := re.fullmatch(r"/merge_requests/(\d+)/notes", path):
        number = int(found[1])
        if method == "POST":
            return 201, _gitlab_note(forge.say(number, BOT, body["body"]))
        return 200, [_gitlab_note(note) for note in forge.comments(number)]
    assert path == "/issues"
    if method == "POST":
        return 201, _gitlab_note(forge.say(0, BOT, body["description"], body["title"]))
    return 200, [_gitlab_note(note) for note in forge.issues if note.open]


def _edited(forge: Forge, identity: int, words: str | None, *, close: bool) -> tuple[int, Any]:
    (note,) = [note for note in forge.notes if note.id == identity]
    note.body, note.open, note.written = words or note.body, not close, forge.tick()
    return 200, {}


def _github_pull(pull: Pull) -> dict[str, Any]:
    return {
        "number": pull.number,
        "head": {"sha": pull.head},
        "base": {"ref": "main"},
        "merged_at": pull.merged and pull.merged.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "merge_commit_sha": pull.commit,
    }


def _github_note(note: Note) -> dict[str, Any]:
    number = {} if note.on else {"number": note.id}
    written = note.written.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"id": note.id, "user": {"login": note.author}, "body": note.body, "updated_at": written, **number}


def _gitlab_pull(pull: Pull) -> dict[str, Any]:
    return {
        "iid": pull.number,
        "sha": pull.head,
        "target_branch": "main",
        "state": "merged" if pull.merged else "opened",
        "merged_at": pull.merged and pull.merged.isoformat(timespec="milliseconds"),
        "merge_commit_sha": pull.commit,
        "squash_commit_sha": None,
    }


def _gitlab_note(note: Note) -> dict[str, Any]:
    written = note.written.isoformat(timespec="milliseconds")
    common = {"id": note.id, "author": {"id": ME if note.author == BOT else 1}, "updated_at": written}
    return {**common, "body": note.body} if note.on else {**common, "iid": note.id, "description": note.body}


@contextmanager
def served_forge() -> Iterator[Forge]:
    """The forge behind a socket, its lists in pages as asked for."""
    forge = Forge()

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            status, answer = forge.answer(self.command, self.path, token, body)
            if isinstance(answer, list):
                asked = parse_qs(urlsplit(self.path).query)
                size, page = int(asked["per_page"][0]), int(asked["page"][0])
                answer = answer[size * (page - 1) : size * page]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = do_PUT = do_PATCH = do  # noqa: N815 -- as the server calls them

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
