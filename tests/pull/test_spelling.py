"""A text is written in the quotes that stand there, and whatever it holds is read again as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.manifest.yaml import compose
from provisioner.pull.edit import edited
from provisioner.pull.mend import mended
from provisioner.pull.page import read_page

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t :#'\"{}[],&*!|>-?%@`~$"), max_size=40
)
PAGES = (
    "k: old", "k: old   # why\nl: x", "k: old\nl: x", "k: 'old'   # why", 'k: "old"\nl: x', "{a: b, k: old, l: x}",
    "{k: 'old'}",
    "a:\n- k: old\n  l: x",
    "k: |\n  old\n  text\nl: x", "k: >-  # folded\n    old\n    text\n\n    more\n\nl: x", "a:\n  k: |+\n   old\n\n",
    "k: &a old\nl: *a", "k:\r\n  'ol\r\n  d'\r\nl: x", "\ufeffk: null", "k: |\n  old", "a: [{k: old}, x]",
)  # fmt: skip


def taken(source: str, text: str | None) -> str:
    """A page after its `k` was made to say a text."""
    page = read_page("m.yaml", source.encode())
    entry = next(entry for entry in page.keys.values() if entry.key and entry.key.value == "k")
    return page.encoded(edited(page, mended(page, entry, text, "text"))).decode()


def said(source: str) -> object:
    documents, problems = compose(source.encode())
    assert not problems, (source, problems)
    root = documents[0].root
    nested = root.get("a")
    holder = nested[0] if isinstance(nested, list) else nested if isinstance(nested, dict) else root
    assert isinstance(holder, dict)
    return holder["k"]


@pytest.mark.parametrize("source", PAGES)
@given(text=st.none() | TEXTS)
def test_any_text_is_read_again_as_it_was(source: str, text: str | None) -> None:
    after = taken(source, text)
    assert said(after) == (None if text is None else text.replace("${", "$${"))
    assert [line for line in source.splitlines() if line.startswith("l:")] == [
        line for line in after.splitlines() if line.startswith("l:")
    ]


@pytest.mark.parametrize(
    ("source", "text", "after"),
    [
        ("k: old  # why\n", "new", "k: new  # why\n"),
        ("k: 'old'\n", "it's", "k: 'it''s'\n"),
        ('k: "old"\n', "new", 'k: "new"\n'),
        ("k: old\n", "null", 'k: "null"\n'),
        ("k: old\n", "a: b", 'k: "a: b"\n'),
        ("{k: old, l: x}\n", "a, b", '{k: "a, b", l: x}\n'),
        ("k: &a old\n", "new", "k: &a new\n"),
        ("k: |  # text\n  one\n  two\n\nl: x\n", "one\nthree\n", "k: |  # text\n  one\n  three\n\nl: x\n"),
        ("k: |\n  one\nl: x\n", "one", "k: |-\n  one\nl: x\n"),
        ("k: >\n  one\n  two\n\n  three\nl: x\n", "one two\nfour\n", "k: >\n  one\n  two\n\n  four\nl: x\n"),
        ("k: old\n", "one\ntwo", "k: |-\n  one\n  two\n"),
        ("k: old\n", "${var:X}", "k: $${var:X}\n"),
        ("k: old", "new", "k: new"),
    ],
)
def test_the_spelling_is_kept_where_it_can_be(source: str, text: str, after: str) -> None:
    assert taken(source, text) == after
