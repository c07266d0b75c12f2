"""The page as text: its policy, what there is without a script, and what the list of changes is made of."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

from hypothesis import given, settings
from pydantic import SecretStr

from provisioner.errors import ManifestError, Problem
from provisioner.kinds import read_address
from provisioner.plan.change import Action, Change, FieldChange, Plan
from provisioner.report.failure import failure_html
from provisioner.report.html.page import plan_html
from tests.nasty import odd
from tests.report.html.chain import chain, update
from tests.report.printing import printed
from tests.report.strategies import outcomes, plans


class Read(HTMLParser):
    """Elements with their attributes, and texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.now = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.now = tag
        self.texts.setdefault(tag, []).append("")

    def handle_data(self, data: str) -> None:
        if self.now:
            self.texts[self.now][-1] += data


def entries(page: str) -> list[dict[str, Any]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert found
    made: list[dict[str, Any]] = json.loads(found[1])
    return made


def test_the_policy_lets_in_the_style_and_the_script_of_the_page_and_nothing_else() -> None:
    plan, calls = chain()
    page = plan_html(printed(plan, calls=calls))
    read = Read(page)
    (policy,) = [each["content"] for tag, each in read.found if each.get("http-equiv") == "Content-Security-Policy"]
    style, script = ("".join(re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)) for tag in ("style", "script"))
    named = {"style-src": style, "script-src": script}
    hashes = {name: b64encode(sha256(text.encode()).digest()).decode() for name, text in named.items()}
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style-src']}'; script-src 'sha256-{hashes['script-src']}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    handlers = [name for _, each in read.found for name in each if name.startswith("on") or name == "style"]
    assert handlers == []
    links = [value for _, each in read.found for name, value in each.items() if name in ("href", "src")]
    assert all(str(link).startswith(("#c", "data:,")) for link in links)


def test_without_a_script_it_is_a_list_and_a_text() -> None:
    plan, _ = chain()
    page = plan_html(printed(plan))
    (plain,) = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert re.findall(r"<li[^>]*>(.*?)</li>", plain)[:2] == [
        "~ service/haircut price west.yaml:12:3", "+ account/harbour",
    ]  # fmt: skip
    assert len(re.findall("<li", plain)) == len(plan.changes)
    assert "~ price = " in page.partition("The plan as text")[2]


def test_secrets_and_what_is_about_a_person_are_not_in_it() -> None:
    secret = update("employee/ana", FieldChange("password", None, SecretStr("hunter2")))
    client = update("client/zed", FieldChange("phone", "555-0199", "555-0100", outside=True, applied="555-0188"))
    page = plan_html(printed(Plan((secret, client), drift=(client,))))
    assert "hunter2" not in page
    assert "555-0199" not in page
    assert "555-0188" not in page
    assert "(sensitive value)" in page
    assert "(not shown)" in page


def test_of_a_long_list_only_what_differs_is_told() -> None:
    before, after = ([f"k{n}" for n in range(40) if n != gone] for gone in (3, 7))
    change = update("order/services", FieldChange("keys", tuple(before), tuple(after)))
    (entry,) = entries(plan_html(printed(Plan((change,)))))
    assert entry["f"][0]["p"] == [["+", "k3"], ["-", "k7"], ["#", "(38 unchanged hidden)"]]


def test_nothing_to_do_is_a_page_as_well() -> None:
    page = plan_html(printed(Plan(())))
    assert "No changes" in page
    assert 'id="filters"' not in page


def test_what_an_apply_did_stands_in_it() -> None:
    plan = Plan((Change(read_address("service/a"), Action.CREATE, ""),))
    shown = replace(printed(plan), outcome="Apply complete! 1 added", title="Apply")
    assert '<h2 id="outcome-title">What was done</h2>' in plan_html(shown)


def test_a_failure_is_a_page_as_well() -> None:
    page = failure_html(ManifestError([Problem("a.yaml", 3, 5, "<b>wrong</b>")]))
    assert "No plan: 1 problem" in page
    assert "a.yaml:3:5: &lt;b&gt;wrong&lt;/b&gt;" in page


@settings(max_examples=60, deadline=None)
@given(plan=plans(), outcome=outcomes())
def test_any_plan_is_a_page_of_our_elements_alone(plan: Plan, outcome: Any) -> None:
    plain = {tag for tag, _ in Read(plan_html(printed(chain()[0]))).found}
    page = plan_html(printed(plan, outcome))
    assert not odd(page.replace("\n", ""))
    found = Read(page).found
    assert {tag for tag, _ in found} <= plain | {"form", "pre", "code", "select", "option", "em", "ol", "button"}
    assert sum(tag == "script" for tag, _ in found) == (2 if plan.changes else 1)
    ids = [each["id"] for _, each in found if each.get("id")]
    assert len(ids) == len({*ids})
