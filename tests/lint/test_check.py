"""What the settings say of rules, the order of findings, and what holds for every rule."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from provisioner.errors import ManifestError
from provisioner.kinds.desired import Place
from provisioner.lint import RULES
from provisioner.lint.check import idle_exceptions
from provisioner.lint.rule import Override, Rule, Severity
from provisioner.lint.subject import Subject
from provisioner.manifest import load_settings
from provisioner.providers import BY_NAME
from tests.docs.pages import DOCS, Block, blocks
from tests.lint.conftest import TODAY, Linted
from tests.manifest.conftest import SETTINGS, Folder

PAGE = DOCS / "lint.md"
RULE = "service-nobody-offers"
SERVICES = "services: {cut: {name: Cut, duration: 45 min}, perm: {name: Perm, duration: 2 h}}\n"
BOTH = ["service/cut", "service/perm"]


# -- settings


@pytest.mark.parametrize("word", ["off", "{severity: off}", "'off'"])
def test_a_rule_that_is_off(lint: Linted, word: str) -> None:
    lint.folder.settings(f"lint: {{{RULE}: {word}}}")
    assert lint.findings(SERVICES) == []


@pytest.mark.parametrize("severity", [*Severity])
@pytest.mark.parametrize("form", ["{}", "{{severity: {}}}"])
def test_a_rule_that_is_worse_or_better(lint: Linted, severity: Severity, form: str) -> None:
    lint.folder.settings(f"lint: {{{RULE}: {form.format(severity.value)}}}")
    assert [finding.severity for finding in lint.findings(SERVICES)] == [severity, severity]


@pytest.mark.parametrize(
    ("globs", "left"),
    [
        ("", BOTH),
        ("service/perm", BOTH[:1]),
        ("'service/*'", []),
        ("'*/perm', service/cut", []),
        ("west/service/perm", BOTH),
    ],
)
def test_a_rule_that_leaves_some_alone(lint: Linted, globs: str, left: list[str]) -> None:
    lint.folder.settings(f"lint: {{{RULE}: {{except: [{globs}]}}}}")
    assert lint.told(RULE, SERVICES) == left


def test_an_exception_is_for_its_own_rule_and_account(lint: Linted) -> None:
    lint.folder.settings(f"lint: {{{RULE}: {{except: ['one/*']}}, employee-offers-nothing: {{except: ['*']}}}}")
    text = f"accounts: {{one: {{company_name: One}}, two: {{company_name: Two}}}}\n---\naccount: all\n{SERVICES}"
    assert lint.told(RULE, text) == ["two/service/cut", "two/service/perm"]


def test_an_exception_for_nothing_is_told_with_the_nearest_address(lint: Linted) -> None:
    lint.folder.settings(f"lint:\n  {RULE}:\n    except: [service/prem, 'service/*', '*/colour/*']\n")
    workspace = lint.folder.load(SERVICES)
    assert [str(p) for p in idle_exceptions(Subject(workspace.desired, TODAY), workspace.settings.lint)] == [
        f"provisioner.yaml:7:14: {RULE}: 'service/prem' fits no address in the manifests: did you mean service/perm?",
        f"provisioner.yaml:7:41: {RULE}: '*/colour/*' fits no address in the manifests: correct it, or remove it",
    ]


def test_settings_are_read(folder: Folder) -> None:
    folder.settings("lint:\n  overlapping-hours: warning\n  service-nobody-offers: {except: [a, b]}\n")
    assert load_settings(folder.root, BY_NAME).lint == {
        "overlapping-hours": Override(severity=Severity.WARNING),
        RULE: Override(spared=(("a", Place("provisioner.yaml", 7, 36)), ("b", Place("provisioner.yaml", 7, 39)))),
    }


NAMES = ", ".join(rule.name for rule in RULES)


@pytest.mark.parametrize(
    ("said", "column", "message"),
    [
        ("{overlaping-hours: off}", 8, "unknown key 'overlaping-hours' in lint: did you mean overlapping-hours?"),
        ("{x: off}", 8, f"unknown key 'x' in lint: there are {NAMES}"),
        ("off", 7, "lint is 'off': write a mapping of keys to values"),
        (f"{{{RULE}: of}}", 31, f"{RULE}: 'of' is no severity: did you mean off?"),
        (f"{{{RULE}: true}}", 31, f"{RULE}: 'true' is no severity: write off, error, warning or info"),
        (f"{{{RULE}: no}}", 31, f"{RULE}: 'no' is no severity: write off"),
        (f"{{{RULE}: null}}", 31, f"{RULE}: null is no severity: write off, error, warning or info"),
        (f"{{{RULE}: [off]}}", 31, f"{RULE}: a list is no severity: write off, error, warning or info"),
        (f"{{{RULE}: {{severity: bad}}}}", 42, "severity: 'bad' is no severity: write off, error, warning or info"),
        (f"{{{RULE}: {{exept: []}}}}", 32, f"unknown key 'exept' in {RULE}: did you mean except?"),
        (
            f"{{{RULE}: {{except: a}}}}",
            40,
            "except: 'a' is no list of addresses: write [\"west/service/*\"], for example",
        ),
        (f"{{{RULE}: {{except: [[a]]}}}}", 40, "except: a list is no list of addresses: "),
    ],
)
def test_mistakes_are_told_at_their_place(folder: Folder, said: str, column: int, message: str) -> None:
    with pytest.raises(ManifestError) as caught:
        load_settings(folder.settings(f"lint: {said}").root, BY_NAME)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"provisioner.yaml:5:{column}: {message}")


# -- findings


def test_findings_are_sorted_by_file_line_and_column(lint: Linted) -> None:
    lint.folder.write("b.yaml", "services: {b: {name: B, duration: 15 min}, a: {name: A, duration: 15 min}}\n")
    lint.folder.write("a.yaml", "\n" * 10 + "services:\n  c: {name: C, duration: 15 min}\n")
    lint.folder.write("a2.yaml", "\nemployees: {d: {email: d@x.example, first_name: D, last_name: D}}\n")
    assert [str(finding).partition(" ")[0] for finding in lint.findings("removed: {}\n")] == [
        "a.yaml:12:3:",
        "a2.yaml:2:13:",
        "b.yaml:1:12:",
        "b.yaml:1:44:",
    ]


# -- every rule


def section(rule: Rule) -> str:
    found = re.search(rf"^## {rule.name}\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"docs/lint.md has no section {rule.name}"
    return found[1]


def manifests(rule: Rule) -> list[Block]:
    """The manifests in a rule's section: what it finds, and what is right."""
    body = section(rule)
    return [b for b in blocks(PAGE) if b.language == "yaml" and "manifest" in b.words and b.body in body]


def test_names_are_one_each_and_words_with_hyphens() -> None:
    names = [rule.name for rule in RULES]
    assert len({*names}) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", name) for name in names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_its_section_with_its_severity(rule: Rule) -> None:
    assert rule.docs == f"{PAGE.relative_to(Path(DOCS).parent)}#{rule.name}"
    assert f"Severity: {rule.severity}." in section(rule)


def test_the_page_has_no_other_rules() -> None:
    headings = re.findall(r"^## (\S+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [name for name in headings if "-" in name] == [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_page_shows_what_a_rule_finds_and_what_mends_it(lint: Linted, rule: Rule) -> None:
    shown = manifests(rule)
    vendor = BY_NAME[shown[0].option("provider", "setster")]
    settings = SETTINGS.replace("setster", vendor.name).replace("2345", vendor.sandbox_company or "2345")
    lint.folder.write("provisioner.yaml", settings)
    wrong, right = (block.body for block in shown)
    today = date(2027, 1, 15)
    assert lint.told(rule.name, wrong, today)
    assert lint.told(rule.name, right, today) == []
