"""Whatever a table holds: its rows are generated, or every problem is one line that names a place."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.errors import ManifestError
from provisioner.manifest import load_workspace
from provisioner.providers import BY_NAME
from tests.manifest.conftest import SETTINGS
from tests.manifest.generate_stores import COLUMNS, TEMPLATE, sheet, store, workbook

ODD = (
    "", "(clear)", "all", "${var:CITY}", "${env:HOME}", "${store.zip}", "$${", "${",
    "$", "{", '"', "'", "=1+1", "#REF!", "2134",
    "02134", "3.1E+09", "17-Sep",
    "2026-09-17", "9-17", "\u202e", "\x00", "\x1b[31m", "\ufeff", "é", "a" * 300, "99999999999999",
    "TRUE", "null", "- a", "a: b", "../..", "24:00", "-", "1,5", "NaN", "\n", "\r", ";", "\t",
)  # fmt: skip
CELLS = st.one_of(st.sampled_from(ODD), st.text(max_size=12))
ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELLS, max_size=4), min_size=1, max_size=4)
SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=3_000, deadline=None, suppress_health_check=list(HealthCheck))


def loaded(data: bytes, name: str = "stores.csv") -> list[str]:
    """The problems of a workspace with this table, each of them one plain line."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "data").mkdir()
        (root / "data" / name).write_bytes(data)
        (root / "provisioner.yaml").write_text(SETTINGS)
        (root / "franchise.yaml").write_text(TEMPLATE.replace("stores.csv", name))
        try:
            load_workspace(root, BY_NAME, variables={"CITY": "Rome"}, environ={"HOME": "canary"}, secrets="placeholder")
        except ManifestError as error:
            lines = [str(problem) for problem in error.problems]
            assert lines
            assert all(line.isprintable() and "canary" not in line for line in lines), lines
            assert all(line.startswith(("franchise.yaml:", f"data/{name}:")) for line in lines), lines
            return lines
    return []


def check(changes: list[dict[str, str]]) -> None:
    """What is wrong with a cell is told with its row."""
    rows = [store(number, **cells) for number, cells in enumerate(changes, 1)]
    for line in loaded(sheet(rows).encode("utf-8", "surrogatepass")):
        assert "data/stores.csv" in line, line


def check_text(text: str) -> None:
    """Any text at all is a table, or is told why not."""
    loaded(text.encode("utf-8", "surrogatepass"))


@SOME
@given(ROWS)
def test_any_cells(changes: list[dict[str, str]]) -> None:
    check(changes)


@SOME
@given(st.text(alphabet=st.sampled_from("ab,;\"\n\r\t' ${}=é\ufeff"), max_size=60))
def test_any_text(text: str) -> None:
    check_text(text)


@SOME
@given(st.binary(max_size=60), st.sampled_from(["stores.csv", "stores.json", "stores.yaml", "stores.xlsx"]))
def test_any_bytes(data: bytes, name: str) -> None:
    loaded(data, name)


@settings(SOME, max_examples=40)
@given(st.integers(0, 5_000), st.binary(min_size=1, max_size=4))
def test_a_workbook_with_any_bytes_replaced(at: int, data: bytes) -> None:
    whole = workbook([store(1)])
    loaded(whole[:at] + data + whole[at + len(data) :], "stores.xlsx")


@SOME
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8), min_size=1, max_size=6))
def test_what_is_written_as_csv_is_read_as_it_was(cells: list[str]) -> None:
    from provisioner.manifest.rows.csv_table import cleaned, read_csv

    out = io.StringIO()
    csv.writer(out).writerows([[f"c{n}" for n in range(len(cells))], cells, ["x"] * len(cells)])
    table = read_csv("x.csv", out.getvalue().encode(), lambda *_: None, delimiter=",")
    wanted = [cleaned(cell) for cell in cells]
    found = [list(row.cells) for row in table.rows]
    assert found == [wanted, ["x"] * len(cells)] if any(c != "" for c in wanted) else [["x"] * len(cells)]


@pytest.mark.slow
@MANY
@given(ROWS)
def test_any_cells_for_long(changes: list[dict[str, str]]) -> None:
    check(changes)


@pytest.mark.slow
@MANY
@given(st.text(alphabet=st.sampled_from("ab,;\"\n\r\t' ${}=é\ufeff"), max_size=60))
def test_any_text_for_long(text: str) -> None:
    check_text(text)
