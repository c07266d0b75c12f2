"""What the pipelines say and look up on GitHub or GitLab. Plain Python 3.11, nothing to install.

    forge.py comment NAME REPORT [--plan FILE]   comment on the pull request, or edit the comment called NAME
    forge.py digest                              the digest that was read on the merged pull request, or why not
    forge.py issue NAME REPORT --plan FILE       open or edit the issue called NAME as long as FILE tells of drift, then
                                                 close it; leave it alone when nothing was compared

A comment begins with a line that readers do not see: its name, the head of the branch that it is about, and the digest
of the plan in it. Only comments of the account that the pipeline itself writes with are believed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, NoReturn, Protocol
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

MARK = re.compile(
    r"<!-- provisioner:(?P<name>[a-z]+)(?: head=(?P<head>[0-9a-f]+))?(?: digest=(?P<digest>[0-9a-f]{10}))? -->\r?\n"
)
PAGE = 100
PAUSES = (1, 4)
"""Seconds before a read that failed in passing is tried again. A write is sent once: it may have been carried out."""
PASSING = (429, 500, 502, 503, 504)
Json = Any


@dataclass(frozen=True)
class Note:
    """A comment or an issue that we wrote."""

    id: int
    body: str
    written: datetime


@dataclass(frozen=True)
class Review:
    """A pull request or merge request."""

    number: int
    head: str
    merged: datetime | None = None


class Forge(Protocol):
    """What both have; a note is found by its author, never by its words alone."""

    def current(self) -> Review | None:
        """The pull request that this pipeline runs for."""

    def merged(self) -> list[Review]:
        """Those whose merge made the commit that this pipeline runs for."""

    def comments(self, number: int) -> Iterator[Note]:
        """Ours, on a pull request."""

    def issues(self) -> Iterator[Note]:
        """Ours, and open."""

    def comment(self, number: int, body: str, note: Note | None) -> None:
        """Write one, or edit it."""

    def issue(self, title: str, body: str, note: Note | None) -> None:
        """Open one, or edit it."""

    def close(self, note: Note) -> None:
        """Close an issue."""


class GitHub:
    """As GitHub Actions see it; the token is the workflow's own."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._event = json.loads(Path(env["GITHUB_EVENT_PATH"]).read_text("utf-8"))
        self._commit, self._branch = env["GITHUB_SHA"], env["GITHUB_REF_NAME"]
        self._api = Api(
            f"{env['GITHUB_API_URL']}/repos/{env['GITHUB_REPOSITORY']}",
            {"Authorization": f"Bearer {env['GITHUB_TOKEN']}", "Accept": "application/vnd.github+json"},
        )

    def current(self) -> Review | None:
        found = self._event.get("pull_request")
        return Review(found["number"], found["head"]["sha"]) if found else None

    def merged(self) -> list[Review]:
        return [
            Review(each["number"], each["head"]["sha"], moment(each["merged_at"]))
            for each in self._api.all(f"/commits/{self._commit}/pulls")
            if each["merged_at"] and each["merge_commit_sha"] == self._commit and each["base"]["ref"] == self._branch
        ]

    def comments(self, number: int) -> Iterator[Note]:
        return self._ours(f"/issues/{number}/comments")

    def issues(self) -> Iterator[Note]:
        return self._ours("/issues?state=open&creator=" + quote("github-actions[bot]"))

    def comment(self, number: int, body: str, note: Note | None) -> None:
        if note:
            self._api("PATCH", f"/issues/comments/{note.id}", {"body": body})
        else:
            self._api("POST", f"/issues/{number}/comments", {"body": body})

    def issue(self, title: str, body: str, note: Note | None) -> None:
        if note:
            self._api("PATCH", f"/issues/{note.id}", {"body": body})
        else:
            self._api("POST", "/issues", {"title": title, "body": body})

    def close(self, note: Note) -> None:
        self._api("PATCH", f"/issues/{note.id}", {"state": "closed"})

    def _ours(self, path: str) -> Iterator[Note]:
        for each in self._api.all(path):
            # No person can have a name with brackets.
            if each["user"] and each["user"]["login"] == "github-actions[bot]" and "pull_request" not in each:
                identity = each["number"] if "number" in each else each["id"]
                yield Note(identity, each["body"] or "", moment(each["updated_at"]))


class GitLab:
    """As GitLab's jobs see it; the token is an access token of the project, with a user of its own."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._server = Api(env["CI_API_V4_URL"], {"PRIVATE-TOKEN": env["FORGE_TOKEN"]})
        self._api = Api(
            f"{env['CI_API_V4_URL']}/projects/{env['CI_PROJECT_ID']}", {"PRIVATE-TOKEN": env["FORGE_TOKEN"]}
        )

    def current(self) -> Review | None:
        number = self._env.get("CI_MERGE_REQUEST_IID")
        head = self._env.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or self._env["CI_COMMIT_SHA"]
        return Review(int(number), head) if number else None

    def merged(self) -> list[Review]:
        commit, branch = self._env["CI_COMMIT_SHA"], self._env["CI_COMMIT_REF_NAME"]
        return [
            Review(each["iid"], each["sha"], moment(each["merged_at"]))
            for each in self._api.all(f"/repository/commits/{commit}/merge_requests")
            if each["state"] == "merged"
            and each["merged_at"]
            and each["target_branch"] == branch
            and commit == (each["merge_commit_sha"] or each["squash_commit_sha"] or each["sha"])
        ]

    def comments(self, number: int) -> Iterator[Note]:
        return self._ours(f"/merge_requests/{number}/notes")

    def issues(self) -> Iterator[Note]:
        return self._ours("/issues?state=opened")

    def comment(self, number: int, body: str, note: Note | None) -> None:
        path = f"/merge_requests/{number}/notes"
        self._api("PUT" if note else "POST", f"{path}/{note.id}" if note else path, {"body": body})

    def issue(self, title: str, body: str, note: Note | None) -> None:
        if note:
            self._api("PUT", f"/issues/{note.id}", {"description": body})
        else:
            self._api("POST", "/issues", {"title": title, "description": body})

    def close(self, note: Note) -> None:
        self._api("PUT", f"/issues/{note.id}", {"state_event": "close"})

    def _ours(self, path: str) -> Iterator[Note]:
        me = self._server("GET", "/user")["id"]
        for each in self._api.all(path):
            if each["author"]["id"] == me:
                issue = "description" in each
                body = each["description"] if issue else each["body"]
                yield Note(each["iid"] if issue else each["id"], body or "", moment(each["updated_at"]))


class Api:
    """Requests to one address; what is refused ends the script with the forge's own words."""

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        self._address, self._headers = address, {**headers, "Content-Type": "application/json"}
        self._opener = build_opener(_Stay)

    def __call__(self, method: str, path: str, body: Json = None) -> Json:
        """One request; a read is made up to three times."""
        answer, wrong, passing = self._once(method, path, body)
        for pause in PAUSES if method == "GET" else ():
            if passing:
                time.sleep(pause)
                answer, wrong, passing = self._once(method, path, body)
        if wrong:
            fail(f"{method} {path} {wrong}")
        return answer

    def _once(self, method: str, path: str, body: Json) -> tuple[Json, str, bool]:
        """What was answered; or what is wrong, and whether it may be better in a moment."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._address}{path}", data, self._headers, method=method)  # noqa: S310 -- the forge's own
        try:
            with self._opener.open(request, timeout=30) as answer:
                return json.load(answer), "", False
        except HTTPError as error:
            words = said(error).replace("\n", " ")
            return None, f"was answered with {error.code}: {words}", error.code in PASSING
        except ValueError:
            return None, "was answered with something that is no JSON", True
        except (OSError, HTTPException) as error:
            return None, f"was not answered: {error or type(error).__name__}", True

    def all(self, path: str) -> Iterator[Json]:
        """Everything of a list, page by page."""
        page, found, glue = 1, [None] * PAGE, "&" if "?" in path else "?"
        while len(found) == PAGE:
            found = self("GET", f"{path}{glue}per_page={PAGE}&page={page}")
            yield from found
            page += 1


class _Stay(HTTPRedirectHandler):
    """The token goes where it was sent, and nowhere else."""

    def redirect_request(self, *_: object) -> None:
        return None


def moment(text: str) -> datetime:
    """A time as both write it."""
    return datetime.fromisoformat(text)


def said(error: HTTPError) -> str:
    """The beginning of what an error has in its body."""
    try:
        return error.read(500).decode(errors="replace")
    except (OSError, HTTPException):
        return error.reason


def fail(words: str) -> NoReturn:
    """End with one line."""
    sys.exit(f"Error: {words}")


def named(notes: Iterator[Note], name: str) -> Note | None:
    """The first of ours with this name."""
    return next((note for note in notes if (mark := MARK.match(note.body)) and mark["name"] == name), None)


def document(plan: Path | None) -> dict[str, Json]:
    """The JSON report of a plan or of drift; empty where there is none."""
    found: dict[str, Json] = json.loads(plan.read_text("utf-8")) if plan and plan.exists() else {}
    return found


def approved(plan: dict[str, Json]) -> str:
    """The digest of a plan that may be applied: one that could be made, and of which nothing is blocked."""
    return plan.get("digest", "") if not plan.get("blocked") else ""


def comment(forge: Forge, name: str, report: Path, plan: dict[str, Json]) -> None:
    """Say it on the pull request; a merge that came of none is told nowhere."""
    review = forge.current() or next(iter(forge.merged()), None)
    if not review:
        print("No pull request belongs to this commit: the report is in the job's log.")
        return
    digest = approved(plan)
    mark = f"<!-- provisioner:{name} head={review.head}{f' digest={digest}' if digest else ''} -->\n"
    forge.comment(review.number, mark + text_of(report), named(forge.comments(review.number), name))


def issue(forge: Forge, name: str, report: Path, looked: dict[str, Json]) -> None:
    """Keep one issue open as long as something drifts. Who compared nothing does not know, and leaves it."""
    note = named(forge.issues(), name)
    if looked.get("drift"):
        forge.issue(f"provisioner: {name}", f"<!-- provisioner:{name} -->\n{text_of(report)}", note)
    elif "error" in looked or "drift" not in looked:
        warning = "::warning::" if os.environ.get("GITHUB_ACTIONS") == "true" else "Warning: "
        print(f"{warning}Nothing was compared: see the job that looked. No issue is closed.")
    elif note:
        forge.close(note)


def text_of(report: Path) -> str:
    """A report, or that there is none."""
    missing = "### No report\n\nThe job ended before there was one: see its log.\n"
    return report.read_text("utf-8") if report.exists() else missing


def digest(forge: Forge) -> tuple[str, str]:
    """The digest that people had before them when they merged, or "" and why there is none."""
    merged = forge.merged()
    if len(merged) != 1:
        return "", f"{len(merged) or 'no'} pull requests were merged as this commit"
    review = merged[0]
    note = named(forge.comments(review.number), "plan")
    mark = MARK.match(note.body) if note else None
    if not note or not mark:
        return "", f"no plan was shown on #{review.number}"
    if mark["head"] != review.head:
        return "", f"the plan on #{review.number} is of another commit than was merged"
    if review.merged and note.written > review.merged:
        return "", f"the plan on #{review.number} was written after the merge"
    if not mark["digest"]:
        return "", f"the plan on #{review.number} could not be applied"
    return mark["digest"], ""


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("comment", "digest", "issue"))
    parser.add_argument("name", nargs="?", default="plan")
    parser.add_argument("report", nargs="?", type=Path, default=Path("reports/plan.md"))
    parser.add_argument("--plan", type=Path)
    given = parser.parse_args()
    try:
        forge: Forge = GitLab(os.environ) if "GITLAB_CI" in os.environ else GitHub(os.environ)
    except KeyError as missing:
        fail(f"{missing.args[0]} is not set: this runs in a pipeline of GitHub or GitLab, with a token")
    if given.command == "comment":
        comment(forge, given.name, given.report, document(given.plan))
    elif given.command == "digest":
        print("digest={}\nreason={}".format(*digest(forge)))
    else:
        issue(forge, given.name, given.report, document(given.plan))


if __name__ == "__main__":
    main()
