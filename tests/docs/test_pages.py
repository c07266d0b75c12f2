"""The pages are whole: links lead somewhere, manifests validate, every kind and command has its place."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import generate
from provisioner.cli.main import COMMANDS
from provisioner.errors import ManifestError
from provisioner.kinds import KINDS
from provisioner.manifest import load_settings, load_workspace
from provisioner.providers import BY_NAME
from tests.docs.pages import DOCS, ROOT, Block, marked, pages

SETTINGS = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
VARIABLES = {"CITY": "Rome", "STYLIST_PRICE": "45"}
STORES = "slug,code,city,zip,phone\nboston,BOS,Boston,02114,\n"
RENAMES = "from,to\nlocation/centre,location/downtown\n"
FILES = {"texts/policy.txt": "Please be on time.\n", "data/stores.csv": STORES, "data/renames.csv": RENAMES}
ELSEWHERE = {".provisioner/sandbox.db"}
"""Written by the command, or by a change on its way."""
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|yaml|md|txt))`")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def test_generated_pages_are_what_the_code_says() -> None:
    command = [sys.executable, str(DOCS / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_page_that_was_edited_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kinds.yaml").write_text((DOCS / "kinds.yaml").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    generate.write()
    assert generate.stale() == []
    (tmp_path / "kinds" / "service.md").write_text("edited", "utf-8")
    (tmp_path / "kinds" / "left-over.md").write_text("no such kind", "utf-8")
    (tmp_path / "commands.md").unlink()
    assert [str(path) for path in generate.stale()] == ["commands.md", "kinds/left-over.md", "kinds/service.md"]


def test_every_kind_has_a_page_and_nothing_else_has() -> None:
    assert generate.extras().keys() == {kind.kind for kind in KINDS}
    assert {path.stem for path in (DOCS / "kinds").glob("*.md")} == {"README", *(kind.kind for kind in KINDS)}


def test_every_command_has_a_section_and_stands_in_the_readme() -> None:
    headings = set(_HEADING.findall((DOCS / "commands.md").read_text("utf-8")))
    readme = (ROOT / "README.md").read_text("utf-8")
    assert headings >= COMMANDS.keys()
    assert [name for name in COMMANDS if f"`provisioner {name}" not in readme] == []


@pytest.mark.parametrize("block", marked("yaml", "manifest"), ids=lambda block: block.where)
def test_a_manifest_in_a_page_validates(block: Block, tmp_path: Path) -> None:
    vendor = BY_NAME[block.option("provider", "setster")]
    settings = SETTINGS.replace("setster", vendor.name).replace("2345", vendor.sandbox_company or "2345")
    (tmp_path / "provisioner.yaml").write_text(settings, "utf-8")
    for name, text in {**FILES, "manifest.yaml": block.body}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    try:
        workspace = load_workspace(tmp_path, BY_NAME, variables=VARIABLES, environ={}, secrets="placeholder")
    except ManifestError as error:
        pytest.fail(f"{block.where}:\n{error}")
    assert workspace.desired.resources or workspace.desired.removed


@pytest.mark.parametrize("block", marked("yaml", "settings"), ids=lambda block: block.where)
def test_settings_in_a_page_are_valid(block: Block, tmp_path: Path) -> None:
    (tmp_path / "provisioner.yaml").write_text(block.body, "utf-8")
    load_settings(tmp_path, BY_NAME)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    text = _FENCED.sub("", page.read_text("utf-8"))
    assert [link for link in _LINK.findall(text) if not _leads_somewhere(page, link)] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_files_that_a_page_names_are_there(page: Path) -> None:
    places = (ROOT, DOCS, ROOT / "provisioner", ROOT / "provisioner" / "sandbox")
    named = set(_PATH.findall(page.read_text("utf-8"))) - ELSEWHERE
    assert [name for name in sorted(named) if not any((place / name).exists() for place in places)] == []


def _leads_somewhere(page: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return link.startswith(("https://", "http://"))
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or anchor in {_anchor(title) for title in _HEADING.findall(target.read_text("utf-8"))}


def _anchor(title: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_every_page_is_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in seen:
            seen.add(page)
            names = (link.partition("#")[0] for link in _LINK.findall(page.read_text("utf-8")))
            found = [(page.parent / name).resolve() for name in names if name.endswith(".md")]
            waiting += [each for each in found if each.exists()]
    assert [str(page.relative_to(ROOT)) for page in pages() if page.resolve() not in seen] == []
