"""The whole page: its parts in their order, under a policy that lets nothing in but the style and the script in it."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from provisioner.report.html.build import Html, join, section, tag, verbatim
from provisioner.report.html.changes import change_list
from provisioner.report.html.drawing import drawn
from provisioner.report.html.filters import filters
from provisioner.report.html.script import SCRIPT
from provisioner.report.html.sections import (
    alarm,
    appointments,
    calls,
    counts,
    drift,
    notes,
    outcome,
    undone,
    whole_text,
)
from provisioner.report.html.style import STYLE
from provisioner.report.html.weeks import calendars
from provisioner.report.printed import Printed


def plan_html(printed: Printed) -> str:
    """The page of a plan, of an apply, or of what moved outside."""
    title = f"{printed.title}: {printed.banner}"
    parts = [
        section("outcome", "What was done", outcome(printed)),
        section("risk", "Appointments at risk", appointments(printed)),
        section("drift", "Changed outside since the last apply", drift(printed)),
        section("undo", "Undo", undone(printed)),
        Html() if printed.is_drift else _changes(printed),
        section("weeks", "Hours", calendars(printed)),
        Html() if printed.is_drift else section("graph", "Dependencies", drawn(printed)),
        section("calls", "Calls", calls(printed)),
        section("notes", "Notes", notes(printed)),
        section("text", "Text", whole_text(printed)),
    ]
    marks = () if printed.is_drift else (counts(printed), _facts(printed), alarm(printed))
    header = tag("header", tag("h1", verbatim(title)), *marks)
    return page(title, join((header, tag("main", *parts))))


def _changes(printed: Printed) -> Html:
    return section("changes", "Changes", filters(printed), change_list(printed)) if printed.changes else Html()


def _facts(printed: Printed) -> Html:
    document = printed.document
    digest = (" Digest ", tag("code", document["digest"]), ".") if document["digest"] else ()
    return tag("p", f"{printed.effort}. {document['managed']:,} managed.", *digest, class_="soft")


def page(title: str, body: Html) -> str:
    """A document of its own, with a line break at its end."""
    policy = (
        f"default-src 'none'; style-src '{_hash(STYLE)}'; script-src '{_hash(SCRIPT)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("link", rel="icon", href="data:,"),
        tag("title", verbatim(title)),
        tag("style", Html(STYLE)),
    )
    script = tag("script", Html(SCRIPT))
    whole = tag("html", head, tag("body", body, script), lang="en")
    return f"<!doctype html>\n{whole}\n"


def _hash(content: str) -> str:
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
