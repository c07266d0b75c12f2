"""The composer: texts stay as written, every node knows its place, and nothing that is wrong with a text raises."""

from __future__ import annotations

import gc
import random
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.manifest.yaml import EMPTY, Document, Limits, Map, Mark, Problem, Seq, Value, compose, documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

seeded = settings(max_examples=300, derandomize=True, deadline=None)


def read(text: str | bytes) -> Map:
    """The one root of a text without problems."""
    found, problems = compose(text)
    assert problems == []
    assert len(found) == 1
    return found[0].root


def told(text: str | bytes, limits: Limits | None = None) -> list[str]:
    """The problems of a text as a person sees them."""
    return [f"{at.line}:{at.column} {at.message}" for at in compose(text, limits=limits or Limits())[1]]


# --- scalars belong to their field -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    "01234 NO no yes on true True Null NULL 1e3 0x1F 0o17 1_000 09:00 10:30 +15551234567 2026-01-02 .inf -.5 = - "
    "2026-08-03..2026-08-14 mon-fri:09:00 http://a.example/?b=c#d ${env:NAME} 30% it's café".replace(
        " - ", " "
    ).split(),
)
def test_a_plain_text_stays_as_written(text: str) -> None:
    root = read(f"key: {text}\nlist: [x, {text}]\n{text}: 1\n" if "{" not in text else f"key: {text}\nlist:\n- {text}")
    assert root["key"] == text
    assert isinstance(root["list"], Seq)
    assert root["list"][-1] == text
    assert "{" in text or root[text] == "1"


def test_a_quoted_text_is_never_null_nor_missing() -> None:
    root = read("a: ''\nb: \"\"\nc: 'null'\nd: \"~\"\ne: '~'\nf: |\n  null\ng: \"null\"\n")
    assert list(root.values()) == ["", "", "null", "~", "~", "null\n", "null"]


def test_plain_null_clears() -> None:
    assert read("a: null\nb: [null, x]\nc: {d: null}") == {"a": None, "b": [None, "x"], "c": {"d": None}}


def test_keys_are_texts_too() -> None:
    assert list(read("null: a\n~: b\n'': c\n01: d\ntrue: e")) == ["null", "~", "", "01", "true"]


def test_escapes_and_folding_follow_yaml() -> None:
    assert read('a: "x\\u0007\\n"\nb: one\n  two\nc: >\n  x\n  y\n') == {"a": "x\x07\n", "b": "one two", "c": "x y\n"}


def test_equal_keys_are_one_object() -> None:
    first, second = (list(document.root) for document in compose("some-key: 1\n---\nsome-key: 2\n")[0])
    assert first[0] is second[0]


# --- places ----------------------------------------------------------------------------------------------------------


def test_places_are_counted_from_one_in_characters() -> None:
    root = read("# é\nås: 'x'\nlist:\n  - ü: {b: c}\n  - d\n")
    assert (root.line, root.column) == (2, 1)
    assert root.marks == {"ås": (2, 1, 2, 5), "list": (3, 1, 4, 3)}
    assert root.key_mark("list") == Mark(3, 1)
    assert root.value_mark("list") == Mark(4, 3)
    items = root["list"]
    assert isinstance(items, Seq)
    assert (items.line, items.column) == (4, 3)
    assert items.marks == [(4, 5), (5, 5)]
    assert items.value_mark(1) == Mark(5, 5)
    assert isinstance(items[0], Map)
    assert items[0].marks == {"ü": (4, 5, 4, 8)}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_a_bom_do_not_move_places(ending: str, bom: bytes) -> None:
    text = ending.join(["a: 1", "b:", "  c: 2"])
    for source in (bom + text.encode(), bom.decode() + text):
        assert read(source).marks == {"a": (1, 1, 1, 4), "b": (2, 1, 3, 3)}


names = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=["Cc"]), max_size=12)
scalars = st.one_of(
    names, st.none(), st.sampled_from(["null", "~", "", "<<", "yes", "0123", "a: b", "- x", "&a", "!t"])
)
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=20
)
roots = st.dictionaries(names, trees, max_size=5)


def places(node: Any) -> Iterator[tuple[int, int]]:
    """The places of all nodes as PyYAML's own composer, written in Python, sees them."""
    yield node.start_mark.line + 1, node.start_mark.column + 1
    for child in node.value if not isinstance(node, yaml.ScalarNode) else ():
        for part in child if isinstance(child, tuple) else (child,):
            yield from places(part)


def remembered(value: Value, line: int, column: int) -> Iterator[tuple[int, int]]:
    """The places of all nodes as ours remembers them."""
    yield line, column
    if isinstance(value, Map):
        assert (value.line, value.column) == (line, column)
        for key, item in value.items():
            yield value.marks[key][:2]
            yield from remembered(item, *value.marks[key][2:])
    elif isinstance(value, Seq):
        assert (value.line, value.column) == (line, column)
        for item, mark in zip(value, value.marks, strict=True):
            yield from remembered(item, *mark)


@given(roots, st.booleans(), st.booleans(), st.integers(1, 4))
@seeded
def test_what_is_dumped_is_read_back_at_its_place(tree: dict[str, Any], flow: bool, narrow: bool, indent: int) -> None:
    text = yaml.safe_dump(
        tree, default_flow_style=flow, width=20 if narrow else 10**6, indent=indent, allow_unicode=True, sort_keys=False
    )
    root = read(text)
    assert root == tree
    oracle = yaml.compose(text, Loader=yaml.BaseLoader)
    assert list(remembered(root, root.line, root.column)) == list(places(oracle))


# --- problems that leave the rest readable ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nphone:\nb: 2", "2:1 phone has no value: write null to clear it, or remove the line"),
        ("a: {phone: }", "1:5 phone has no value: write null to clear it, or remove the line"),
        ("a: {phone}", "1:5 phone has no value: write null to clear it, or remove the line"),
        ("a:\n- x\n-\n- y", "3:2 item 2 has no value: write null to clear it, or remove the line"),
        ("a: {b:1}", "1:5 b:1 is one word: write a space after the colon"),
        ("a: ~", "1:4 a is ~: write null to clear it, or quote it"),
        ("a: [x, ~]", "1:8 item 2 is ~: write null to clear it, or quote it"),
        ("a: 1\nb: 2\na: {c: 3}", "3:1 a was given already on line 1: remove one of them"),
        ("? {a: [b]}\n: c", "1:3 a key must be a text: quote it, or quote a value that begins with { or ["),
        ("a: {{ b }}", "1:5 a key must be a text: quote it, or quote a value that begins with { or ["),
        ("a: &m {b: c}\n? *m\n: d", "2:3 a key must be a text: quote it, or quote a value that begins with { or ["),
        ("a: !!str b", "1:4 tags are refused: remove it, the field decides what a text means"),
        ("a: ! b", "1:4 tags are refused: remove it, the field decides what a text means"),
        ("a: !x [b]", "1:4 tags are refused: remove it, the field decides what a text means"),
        ("a: !x {b: c}", "1:4 tags are refused: remove it, the field decides what a text means"),
        ("!!str a: b", "1:1 tags are refused: remove it, the field decides what a text means"),
        ("a: !!null", "1:4 tags are refused: remove it, the field decides what a text means"),
        ("a: *b", "1:4 *b refers to nothing: put &b before a value further up, or quote the text"),
        ("a: &a 1\n---\nb: *a", "3:4 *a refers to nothing: put &a before a value further up, or quote the text"),
        ("a: &a [x, *a]", "1:11 *a stands inside its own &a: repeat the value, or refer to another one"),
        ("a: &a {<<: *a}", "1:12 *a stands inside its own &a: repeat the value, or refer to another one"),
        ("a: {<<: 1}", "1:9 << takes a *reference to a mapping, or a list of them: refer to one, or quote the key"),
        ("a: {<<: null}", "1:9 << takes a *reference to a mapping, or a list of them: refer to one, or quote the key"),
        (
            "<<: [{a: b}, c]",
            "1:5 << takes a *reference to a mapping, or a list of them: refer to one, or quote the key",
        ),
    ],
)
def test_a_problem_has_its_place_and_remedy_and_the_document_stays(text: str, expected: str) -> None:
    assert told(text) == [expected]
    assert compose(text)[0]


def test_every_problem_of_a_text_is_reported() -> None:
    assert [line.split()[0] for line in told("a:\nb: ~\nb: 1\n---\n- x\n---\nc: !t d\n")] == [
        "1:1", "2:4", "3:1", "5:1", "7:4",
    ]  # fmt: skip


def test_where_nothing_could_be_read_stands_empty() -> None:
    found, _ = compose("a:\nb: ~\nc: *nowhere\nd: [x, ]\ne:\n-\n- y\n")
    assert found[0].root == {"a": EMPTY, "b": EMPTY, "c": EMPTY, "d": ["x"], "e": [EMPTY, "y"]}


def test_the_first_of_two_equal_keys_stays() -> None:
    assert compose("a: 1\na: {b: {c: 2}}\nd: 3")[0][0].root == {"a": "1", "d": "3"}


def test_a_refused_key_takes_its_value_along_but_not_its_anchors() -> None:
    found, problems = compose("? [&x a]\n: {b: &y [c]}\nd: [*x, *y]\n")
    assert found[0].root == {"d": [EMPTY, EMPTY]}
    assert len(problems) == 1


def test_a_strange_name_cannot_break_the_line_of_its_message() -> None:
    for line in told('"a\\nb\\e[31m":\n"' + "x" * 500 + '":\n'):
        assert line.isprintable()
        assert len(line) < 140


# --- documents -------------------------------------------------------------------------------------------------------


def test_empty_documents_are_skipped_but_counted() -> None:
    assert [(at.root, at.index) for at in compose("---\n# nothing\n---\na: 1\n---\n---\nb: 2\n")[0]] == [
        ({"a": "1"}, 1),
        ({"b": "2"}, 3),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n", "---\n", "---\n...\n", b"", b"\xef\xbb\xbf"])
def test_a_text_of_nothing_has_no_documents_and_no_problems(text: str | bytes) -> None:
    assert compose(text) == ([], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- a: b\n", "1:1 a manifest is a mapping (key: value), and this is a list: put it under a key"),
        ("null\n", "1:1 a manifest is a mapping (key: value), and this is a text: put it under a key"),
        ("''\n", "1:1 a manifest is a mapping (key: value), and this is a text: put it under a key"),
        ("key:value\n", "1:1 write a space after the colon: key: value"),
    ],
)
def test_a_root_that_is_no_mapping_is_refused_alone(text: str, reason: str) -> None:
    assert told(f"{text}---\na: 1\n") == [reason]
    assert [at.index for at in compose(f"{text}---\na: 1\n")[0]] == [1]


def test_documents_come_one_at_a_time_each_after_its_problems() -> None:
    stream = documents("a: 1\n---\nb:\n---\nc: [")
    assert [type(item) for item in stream] == [Document, Problem, Document, Problem]


def test_a_document_that_the_caller_drops_is_gone_before_the_next_is_read() -> None:
    def alive() -> int:
        return sum(type(thing) is Map for thing in gc.get_objects())

    gc.collect()
    before = alive()
    assert max(alive() for _ in documents("a: &a {b: c}\nd: {<<: *a}\n---\n" * 20)) - before <= 3


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_version_directive_is_accepted(version: str) -> None:
    assert read(f"%YAML {version}\n---\na: yes\n") == {"a": "yes"}


# --- anchors, references, merges -------------------------------------------------------------------------------------


def test_a_reference_shares_what_it_refers_to() -> None:
    root = read("a: &m {x: 1}\nb: *m\nc: &s text\nd: [*s, *m]\n&k key: *k\n")
    assert root["b"] is root["a"]
    assert root["d"] == ["text", {"x": "1"}]
    assert root["key"] == "key"
    assert root.marks["b"] == (2, 1, 2, 4)


def test_a_reference_means_the_nearest_anchor_above() -> None:
    assert read("a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: &x [&x 3]\nf: *x") == {
        "a": "1", "b": "1", "c": "2", "d": "2", "e": ["3"], "f": "3",
    }  # fmt: skip


def test_a_merge_adds_what_is_absent_and_the_first_source_wins() -> None:
    root = read("a: &a {x: 1, y: 1}\nb: &b\n  y: 2\n  z: 2\nc:\n  <<: [*a, *b, {w: 4}]\n  x: 3\nd: {<<: *b, y: 5}\n")
    assert root["c"] == {"x": "3", "y": "1", "z": "2", "w": "4"}
    assert root["d"] == {"z": "2", "y": "5"}
    assert isinstance(root["c"], Map)
    assert root["c"].marks == {"x": (7, 3, 7, 6), "y": (1, 14, 1, 17), "z": (4, 3, 4, 6), "w": (6, 17, 6, 20)}


def test_a_merge_of_a_merge_reaches_through() -> None:
    assert read("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}")["c"] == {"x": "1", "y": "2"}


def test_a_quoted_merge_sign_is_a_key() -> None:
    assert read("'<<': 1") == {"<<": "1"}


# --- texts that cannot be read to their end --------------------------------------------------------------------------

BROKEN = [
    ("a:\n\tb: 1", "2:1 indent with spaces, not tabs"),
    ("a:\n  b: 1\n\tc: 2", "3:1 indent with spaces, not tabs"),
    ("a: >\n\tb", "2:1 indent with spaces, not tabs"),
    ("a: 1\nb:2\nc: 3", "2:2 write a space after the colon: key: value"),
    ("x:\n  a:1\n  b: 2", "2:4 write a space after the colon: key: value"),
    ("name: Acme: West", "1:11 a value that holds ': ' must be quoted"),
    ("a: 1\n  b: 2", "2:4 this key is indented deeper than the line above allows: line it up with its neighbours"),
    ("a: 1\nb\nc: 2", "2:1 a key needs a colon: write key: value, or indent the line if it continues a text"),
    ("a: 'x\nb: 1", "1:4 this quote is never closed: close it, or quote a text that holds quotes in the other kind"),
    ("a: 'it's'", "1:8 text after the closing quote or bracket: quote the whole value"),
    ('a: "C:\\data"', "1:7 a backslash in double quotes starts an escape: write \\\\, or use single quotes"),
    ("a: [1, 2\n\n", "1:4 this [ is never closed"),
    ("a: {b: 1\n", "1:4 this { is never closed"),
    ("a: [1, 2\nb: 3", "2:2 the [ of line 1 needs a comma or its end here: add it, or quote the text"),
    ("a: [1, , 2]", "1:8 a value is missing here, or a bracket was never closed"),
    ("a: ]", "1:4 ] closes nothing: remove it, or quote the text"),
    ("a: @x", "1:4 a text cannot begin with @: quote it"),
    ("a: `x`", "1:4 a text cannot begin with `: quote it"),
    ("a: %x", "1:4 a text cannot begin with %: quote it"),
    ("a: **bold**", "1:4 a text that begins with * must be quoted (* starts an anchor or a reference)"),
    ("a: & b", "1:4 a text that begins with & must be quoted (& starts an anchor or a reference)"),
    ("a: !x!y z", "1:4 tags are refused: remove the tag, or quote a text that begins with !"),
    ("%foo: 1", "1:5 a line that begins with % is a YAML directive: quote the text, or remove the line"),
    ("%YAML 2.0\n---\na: 1", "1:1 only YAML 1.1 and 1.2 are read: remove the %YAML line"),
    ("%TAG ! x\n---\na: 1", "1:1 tags are refused: remove the %TAG line"),
    ("a: 1\n...\nb: 2", "3:1 text after the end of a document: put --- on a line of its own before it"),
    ("a: - b", "1:4 begin the list on a line of its own, or quote a text that begins with '- '"),
    ("a:\n  - b\n c: 1", "3:2 this does not line up with the keys that began on line 1: mend the indentation"),
    ("a:\n  - b\n  c: 1", "3:3 this does not line up with the list that began on line 2: mend the indentation"),
    (
        "a: |x\n  b",
        (
            "1:5 not YAML (while scanning a block scalar: did not find expected comment or line break): "
            "check the indentation, quotes and brackets here"
        ),
    ),
    ("a: \x00", "1:4 U+0000 is a character that cannot be seen: remove it, or write it as \\u0000 in double quotes"),
    (
        "a: 1\r\nb: \x1b[3m",
        "2:4 U+001B is a character that cannot be seen: remove it, or write it as \\u001b in double quotes",
    ),
    (
        "a: x\u2028y",
        "1:5 U+2028 is a character that cannot be seen: remove it, or write it as \\u2028 in double quotes",
    ),
    (
        "a: 1\n\ufeffb: 2",
        "2:1 U+FEFF is a character that cannot be seen: remove it, or write it as \\ufeff in double quotes",
    ),
    ("a: \udc80", "1:4 U+DC80 is a character that cannot be seen: remove it"),
    (b"\xef\xbb\xbfa: 1\nb: \xc3\xa9\xe9\n", "2:5 not UTF-8 (byte 0xe9): save the file as UTF-8"),
    ("a: é".encode("utf-16"), "1:1 not UTF-8 (byte 0xff): save the file as UTF-8"),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_a_broken_text_is_explained_at_the_place_to_look_at(text: str | bytes, expected: str) -> None:
    assert told(text) == [expected]


def test_documents_before_a_break_are_read_and_their_problems_told() -> None:
    found, problems = compose("a: 1\n---\nb:\n---\nc:\nd: @\n---\ne: 1\n")
    assert [document.root for document in found] == [{"a": "1"}, {"b": EMPTY}]
    assert [problem.line for problem in problems] == [3, 5, 6]


# --- bombs -----------------------------------------------------------------------------------------------------------


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


def merges(count: int) -> str:
    wide = ", ".join(f"k{n}: 1" for n in range(1000))
    return f"a: &a {{{wide}}}\nb:\n" + "".join(f"- {{<<: *a, n: {n}}}\n" for n in range(count))


def chain(levels: int) -> str:
    """Each anchor holds the one before, forty levels deeper: no part of the text is deep by itself."""
    lines = [f"a0: &a0 {'[' * 40}x{']' * 40}"]
    lines += [f"a{n}: &a{n} {'[' * 40}*a{n - 1}{']' * 40}" for n in range(1, levels)]
    return "\n".join(lines)


BOMBS: list[tuple[str, Callable[[], str], str]] = [
    ("billion laughs", lambda: laughs(30), "references up to *a"),
    (
        "quadratic references",
        lambda: f"a: &a [{'x, ' * 5000}]\nb: [{'*a, ' * 5000}]",
        "expand to over 1,000,000 values",
    ),
    ("quadratic merges", lambda: merges(2000), "expand to over 1,000,000 values"),
    ("deep flow list", lambda: "a: " + "[" * 100_000 + "]" * 100_000, "nested deeper than 64 levels"),
    ("deep flow mapping", lambda: "a: " + "{b: " * 100_000, "nested deeper than 64 levels"),
    ("deep broken list", lambda: "a: " + "[\n" * 100_000, "nested deeper than 64 levels"),
    ("deep block list", lambda: "a:\n  " + "- " * 100_000 + "x", "nested deeper than 64 levels"),
    ("deep block mapping", lambda: "".join(f"{' ' * n}a:\n" for n in range(3000)), "nested deeper than 64 levels"),
    ("deep key", lambda: "? " + "[" * 100_000, "nested deeper than 64 levels"),
    ("deep keys", lambda: "? " * 100_000 + "x", "nested deeper than 64 levels"),
    ("deep chain of references", lambda: chain(100), "nested deeper than 64 levels"),
    ("deep root", lambda: "[" * 100_000, "nested deeper than 64 levels"),
    ("many items", lambda: "a:\n" + "- x\n" * 1_000_001, "over 1,000,000 values in one text: split the file"),
    (
        "many keys",
        lambda: "{" + ", ".join(f"a{n}: b" for n in range(500_001)) + "}",
        "over 1,000,000 values in one text",
    ),
    (
        "many in a refused root",
        lambda: "[" + "x," * 1_000_001 + "]",
        "over 1,000,000 values in one text: split the file",
    ),
    ("big text", lambda: "a: " + "x" * 11_000_000, "11,000,003 bytes, and 10,485,760 is the most that is read"),
    ("big in bytes only", lambda: "a: " + "é" * 6_000_000, "12,000,003 bytes, and 10,485,760 is the most that is read"),
    ("tag directives", lambda: "".join(f"%TAG !{n}! x\n" for n in range(300_000)), "tags are refused"),
]


@pytest.mark.parametrize(("make", "reason"), [bomb[1:] for bomb in BOMBS], ids=[bomb[0] for bomb in BOMBS])
def test_a_bomb_ends_in_one_line_and_soon(make: Callable[[], str], reason: str) -> None:
    text = make()
    start = time.process_time()
    last = told(text)[-1]
    assert time.process_time() - start < 10
    assert reason in last
    assert len(last) < 140


def test_levels_are_counted_through_references() -> None:
    deep = f"a: &a {'[' * 31}x{']' * 31}\nb: &b {'[' * 31}*a{']' * 31}\n"
    assert told(deep) == []
    assert told(f"{deep}c: [*b]") == []
    assert told(f"{deep}c: [[*b]]") == ["3:6 nested deeper than 64 levels: flatten it"]
    assert told(f"{deep}c: {{<<: *b}}")[-1].startswith("3:9 << takes a *reference")
    assert told(f"a: &a [x]\nb: &b {'[' * 31}*a{']' * 31}\nc: {'[' * 32}*b{']' * 32}") == [
        "3:36 nested deeper than 64 levels: flatten it"
    ]


def test_a_document_with_too_many_problems_is_none() -> None:
    found, problems = compose("a:\n" * 3, limits=Limits(problems=2))
    assert found == []
    assert problems[-1] == Problem(2, 1, "over 2 problems up to here: mend these first")


def test_a_break_at_the_end_is_told_in_the_last_line() -> None:
    assert told("a: {b:") == ["1:7 a value is missing here, or a bracket was never closed"]
    assert told("a:\n  b: [c,") == ["2:9 a value is missing here, or a bracket was never closed"]


def test_what_the_budgets_allow_is_read() -> None:
    deep = "a: " + "[" * 63 + "]" * 63
    assert told(deep) == []
    assert told(deep.replace("[]", "[[]]")) == ["1:67 nested deeper than 64 levels: flatten it"]
    assert told("a: &a [x, y]\nb: [*a, *a]", Limits(aliased=6)) == []
    assert told("a: &a [x, y]\nb: [*a, *a]", Limits(aliased=5)) == [
        "2:9 references up to *a expand to over 5 values: use fewer",
    ]
    assert told("a: [x, y]", Limits(nodes=4)) == []
    assert told("a: [x, y]", Limits(nodes=3)) == ["1:8 over 3 values in one text: split the file"]
    assert told("a: é", Limits(size=5)) == []
    assert told("a: é", Limits(size=4)) == ["1:1 5 bytes, and 4 is the most that is read: split the file"]


# --- anything at all -------------------------------------------------------------------------------------------------

SAMPLE = """\
account: all  # a comment
services:
  haircut: {name: "Hair\\tcut", duration: 45 min, price: 30}
---
links:
  - {employees: [ana], locations: all}
  - text: |
      one
        two
    folded: >-
      three
    zip: '01234'
    none: null
"""
PIECES = [
    *"\n\t :-?[]{},#&*!|>'\"%@`~\\\r\x00\x85é",
    "\n- ",
    ": ",
    "---\n",
    "...\n",
    "<<: *a",
    "&a ",
    "*a",
    "null",
    "!!x ",
]


def sane(text: str | bytes) -> list[Document]:
    """Whatever it is, it is read without an exception, and every problem is one printable line at a place."""
    found, problems = compose(text)
    assert all(at.line >= 1 and at.column >= 1 and at.message.isprintable() and at.message for at in problems)
    return [] if problems else found


@given(st.binary(max_size=200))
@seeded
def test_random_bytes_never_raise(data: bytes) -> None:
    sane(data)


@given(st.lists(st.sampled_from([*PIECES, "a", "b: c\n", "  "]), max_size=60).map("".join))
@seeded
def test_random_yaml_never_raises(text: str) -> None:
    sane(text)
    sane(text.encode("utf-8", "surrogatepass"))


def plain(node: Any) -> Any:
    """What PyYAML's composer over the same parser read, without a resolver."""
    if isinstance(node, yaml.ScalarNode):
        return None if node.value == "null" and not node.style else node.value
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    return [plain(item) for item in node.value]


@given(st.integers(0, 10**9), st.integers(1, 4))
@seeded
def test_a_mutated_document_never_raises_and_is_read_as_others_read_it(seed: int, changes: int) -> None:
    dice, text = random.Random(seed), SAMPLE
    for _ in range(changes):
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice([*PIECES, ""]) + text[at + dice.randrange(3) :]
    found = sane(text)
    if found and "<<" not in text and text.count("&a") < 2:  # PyYAML knows no second anchor of one name
        others = [plain(node) for node in yaml.compose_all(text, Loader=yaml.CBaseLoader)]
        assert [document.root for document in found] == [other for other in others if other != ""]
