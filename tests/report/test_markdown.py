"""Markdown for a pull request, as GitHub's own parser reads it: what is lost first, nothing that somebody else wrote is
markup, and it fits a comment whatever the plan.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from pydantic import SecretStr

from provisioner.apply.outcome import Applied
from provisioner.kinds import Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.live import Live
from provisioner.plan.change import Action, Booked, Change, FieldChange, Plan
from provisioner.report.head import Banner
from provisioner.report.markdown import LONGEST, OPEN, ROWS, plan_markdown, safe
from tests.nasty import PIECES
from tests.report.printing import BANNER, printed
from tests.report.strategies import plans

HOSTILE = "a|b `c` <img src=x> @team #12 [x](http://x.example) ~~s~~ **b** www.x.example :tada: &copy;\n| new | row |"
STARTS = ("- x", "+ x", "1. x", "12) x", "# x", "> x", "===", "---", "    x", "\tx", "```", "~~~", "<!-- x", "| x |")
COMMENT = 65_536
OURS = {"h3", "h4", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "blockquote", "pre",
        "details", "summary"}  # fmt: skip


def change(name: str, action: Action = Action.CREATE, reason: str = "") -> Change:
    return Change(Address("", "service", (name,)), action, reason)


def written(plan: Plan, outcome: Applied | None = None, banner: Banner = BANNER) -> str:
    return plan_markdown(printed(plan, outcome, banner=banner))


class Read(HTMLParser):
    """What is on the page: elements as they are nested, texts by element, and what would act."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.acting: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.texts.setdefault(tag, []).append("")
        self.acting += [f"{tag} {name}" for name, _ in attrs if name not in ("lang", "align")]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            self.texts[tag][-1] += data


def rendered(text: str) -> Read:
    """The page that GitHub makes of it, before it takes out what is unsafe."""
    page = Read()
    page.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))
    page.close()
    assert (page.wrong, page.open) == ([], [])
    assert page.acting == []
    assert {*page.tags} <= OURS
    return page


def test_what_is_lost_comes_first_and_names_are_grouped() -> None:
    plan = Plan((change("a"), change("b", Action.DELETE, "it left the manifests"), change("c", Action.FORGET)))
    page = rendered(written(plan))
    assert page.texts["h3"] == ["Plan: SANDBOX (nothing real changes) host sandbox company 2345".replace("host ", "")]
    assert page.texts["h4"] == ["Destroy (1)", "Add (1)", "Forget: stays live (1)"]
    assert "1 resource will be destroyed: service/b" in page.texts["blockquote"][0]
    assert page.texts["blockquote"][0].strip().startswith("[!CAUTION]")
    cells = [text for text in page.texts["td"] if text]
    assert cells[:3] == ["-", "service/b", "it left the manifests"]
    assert "1 to add, 0 to change, 1 to destroy, 1 to forget." in page.texts["strong"]


def test_the_title_is_the_tenant() -> None:
    live = Banner(sandbox=False, host="www.setster.com", company_id="2345", name="Acme <b>")
    page = rendered(written(Plan((change("a"),)), banner=live))
    assert page.texts["h3"] == ["Plan: LIVE www.setster.com company 2345 (Acme <b>)"]


def test_nothing_that_is_lost_needs_no_alarm() -> None:
    assert "blockquote" not in rendered(written(Plan((change("a"),)))).tags
    assert "No changes." in rendered(written(Plan(()))).texts["strong"]


def test_what_goes_is_called_by_its_name_as_well() -> None:
    gone = replace(change("h1", Action.DELETE), live=Live("service", "7", {"name": "Highlights"}))
    page = rendered(written(Plan((gone,))))
    assert 'service/h1 "Highlights"' in page.texts["blockquote"][0]
    assert 'service/h1 "Highlights"' in page.texts["td"]


def test_appointments_at_risk_stand_in_the_alarm_and_in_a_table() -> None:
    at = datetime(2026, 10, 3, 9, 30, tzinfo=UTC)
    stranded = tuple(Booking(str(number), at + timedelta(days=number), client="Zed") for number in range(30))
    plan = Plan(
        (replace(change("a", Action.UPDATE), stranded=stranded, unallowed="x", blocked="say so"),),
        booked=Booked(at, stranded),
    )
    page = rendered(written(plan))
    assert "30 booked appointments at risk, the first on Sat 3 Oct 09:30." in page.texts["blockquote"][0]
    assert "Appointments at risk (30)" in page.texts["h4"]
    assert "1 blocked: nothing will be applied." in page.texts["strong"]
    assert any(text.endswith("Mon 12 Oct 09:30 (id 9), ...") for text in page.texts["td"])
    assert "Zed" not in written(plan)


def test_many_of_one_action_are_folded_and_then_counted() -> None:
    page = rendered(written(Plan(tuple(change(f"s{n}") for n in range(ROWS + 7)))))
    assert page.texts["summary"] == [f"{ROWS - OPEN} more", "Full plan"]
    assert page.texts["tr"].count("whatwhywhere") == 0
    assert len(page.texts["tr"]) == ROWS + 2
    assert "... and 7 that are not named here" in page.texts["p"]


def test_secrets_are_masked() -> None:
    secret = FieldChange("password", None, SecretStr("hunter2"))
    employee = Change(Address("", "employee", ("ana",)), Action.CREATE, "", fields=(secret,))
    assert "hunter2" not in written(Plan((employee,)))


@pytest.mark.parametrize(
    "text", ["@team", "x @ana-b y", "#12", "!7", "$9", "~bug", '~"a bug"', "&3", "%v1", "GH-12", "a/b#12"]
)
def test_nothing_refers_to_what_the_forge_knows(text: str) -> None:
    """It looks at the finished page, where an entity is the character again."""
    (shown,) = rendered(safe(text)).texts["p"]
    assert not re.search(r"""[@#!$&~%][\w"]|GH-\d""", shown)
    assert shown.replace("\N{ZERO WIDTH SPACE}", "") == text


def test_a_digest_is_no_markup_either() -> None:
    assert "<img" not in written(Plan((change("a"),), digest="`\n<img src=x>")).partition("<details>")[0]


def test_it_fits_when_every_part_is_as_long_as_it_may_be() -> None:
    at, name = datetime(2026, 10, 3, 9, 30, tzinfo=UTC), "_" * 63
    gone = [Change(Address("", "link", (f"{n:03}{name}",) * 3), Action.DELETE, "_" * 200) for n in range(300)]
    stranded = tuple(Booking("_" * 40 + str(number), at) for number in range(20))
    made = tuple(replace(each, stranded=stranded, unallowed="x") for each in gone)
    plan = Plan(made, booked=Booked(at, stranded), notes=("_" * 300,) * 90)
    outcome = Applied(failed=tuple((each, "_" * 500) for each in made))
    for text in (written(plan, outcome), written(plan)):
        rendered(text)
        assert len(text) <= LONGEST


def test_nothing_is_markup_that_somebody_else_wrote() -> None:
    text = written(Plan((change(HOSTILE, Action.DELETE, HOSTILE),), notes=(HOSTILE, *STARTS)))
    page = rendered(text)
    assert len(page.texts["tr"]) == 2
    assert len(page.texts["li"]) == 1 + len(STARTS)
    assert [each.strip() for each in page.texts["li"][1:]] == [each.replace("\t", "\\t").strip() for each in STARTS]
    head = text.partition("<details>")[0].replace("[!CAUTION]", "")
    assert not re.search(r"[@~\[\]]|https?:|www\.|(?<!&)#\d|:tada:", head.replace("`~`", ""))


@pytest.mark.parametrize("piece", PIECES)
def test_what_is_safe_reads_as_it_was_written(piece: str) -> None:
    page = rendered(f"- {safe(piece)}\n")
    assert {*page.tags} <= {"ul", "li"}


def test_a_block_of_code_is_not_ended_by_what_is_in_it() -> None:
    plan = Plan((change("a", reason="````\n</details>"),), notes=("`````", "`" * 9_000))
    page = rendered(written(plan))
    assert "service/a will be created" in page.texts["pre"][0]
    assert page.texts["pre"][0].rstrip().endswith("Digest:")


def test_it_fits_a_comment_whatever_the_plan() -> None:
    plain = Plan(tuple(change(f"service-{n}" * 20, reason="because " * 50) for n in range(5000)))
    marks = Plan(tuple(change(f"{n}" + "|" * 300, reason="@" * 300) for n in range(5000)), notes=("<" * 500,) * 500)
    gone = Plan(tuple(change(f"{n}" + "&" * 300, Action.DELETE, "`" * 300) for n in range(5000)))
    for plan in (plain, marks, gone):
        text = written(plan)
        assert len(text) <= LONGEST < COMMENT
        page = rendered(text)
        assert page.texts["pre"][-1].rstrip().endswith("... cut here: see the log")
    failed = Applied(failed=tuple((change(f"{n}"), "no " * 90) for n in range(900)))
    assert len(written(plain, failed)) <= LONGEST
    rendered(written(plain, failed))


def test_an_outcome_comes_before_the_plan() -> None:
    failed = Applied(done=(), failed=((change("a"), "the vendor refused it"),), writes=1, seconds=1.0)
    page = rendered(written(Plan((change("a"),)), failed))
    assert page.texts["h3"][0].startswith("Apply: SANDBOX")
    assert "Incomplete." in page.texts["strong"]
    assert "the vendor refused it" in page.texts["pre"][0]


@settings(max_examples=60, deadline=None)
@given(plan=plans())
def test_any_plan_is_a_document_of_balanced_parts(plan: Plan) -> None:
    text = written(plan)
    assert len(text) <= LONGEST
    page = rendered(text)
    assert page.texts["summary"] == ["Full plan"]
