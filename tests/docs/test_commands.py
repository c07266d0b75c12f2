"""What the pages show is what the commands print.

To write what is printed now into the pages, and then to read the difference before keeping it:

    UPDATE_DOCS=1 pytest tests/docs/test_commands.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT, Block, blocks, pages
from tests.docs.shell import Shell, Step, fits, normal, page_runs

WITH_COMMANDS = [page for page in pages() if any(block.language == "console" for block in blocks(page))]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    wrong, found = [], []
    with Shell(tmp_path) as shell:
        for block, step, printed, code in page_runs(shell, blocks(page)):
            if code == step.code and fits(step.shown, printed):
                continue
            found.append((block, step, printed))
            wrong.append(_difference(block, step, printed, code))
    if os.environ.get("UPDATE_DOCS"):
        _update(page, found)
    assert not wrong, "\n\n".join(wrong)


def test_the_pages_that_teach_commands_have_some() -> None:
    assert {ROOT / "README.md", DOCS / "quickstart.md"} <= set(WITH_COMMANDS)


def test_any_lines_may_be_left_out_where_a_page_says_so() -> None:
    assert fits("one\n...\nfour (id 7)", "one\ntwo\nthree\nfour (id 8)\n")
    assert not fits("one\ntwo", "one\ntwo\nthree\n")
    assert not fits("one\n...\nfour", "one\nthree\n")


def _difference(block: Block, step: Step, printed: str, code: int) -> str:
    heading = f"{block.where}: $ {step.command}   exits with {code}, expected {step.code}; it prints"
    return "\n".join([heading, *normal(printed), "-- and the page shows", *normal(step.shown)])


def _update(page: Path, found: list[tuple[Block, Step, str]]) -> None:
    """Put what was printed into the page, from its end to its start so that lines keep their numbers."""
    for block, step, printed in reversed(found):
        lines = page.read_text("utf-8").splitlines(keepends=True)
        before, body = "".join(lines[: block.line]), "".join(lines[block.line :])
        at = body.index(f"$ {step.command}\n{step.shown}") + len(f"$ {step.command}\n")
        page.write_text(before + body[:at] + _as_shown(step, printed) + body[at + len(step.shown) :], "utf-8")


def _as_shown(step: Step, printed: str) -> str:
    """The output; where the page begins with `...`, only as many lines of its end as stood there."""
    lines = printed.strip().splitlines()
    if step.shown.startswith("...\n"):
        lines = ["...", *lines[1 - len(step.shown.strip().splitlines()) :]]
    return "".join(f"{line}\n" for line in lines)
