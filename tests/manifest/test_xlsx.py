"""Workbooks as Excel, LibreOffice and Google Sheets write them, and as no program should."""

from __future__ import annotations

import time

import pytest

from provisioner.manifest.rows.table import Broken, TableError
from tests.manifest.xlsx_by_hand import HEADER, STRICT, book, cells, inline, read, row, value

STRINGS = "<si><t>slug</t></si><si><t>zip</t></si><si><t>note</t></si>"
SHARED_HEADER = row(1, value("A1", "0", sort="s"), value("B1", "1", sort="s"), value("C1", "2", sort="s"))
NEVER = "is a formula that was never calculated: open the file in a spreadsheet and save it"


# -- as programs write


def test_excel_shares_texts_and_gives_parts_of_them_a_look() -> None:
    rich = '<si><r><t>do</t></r><r><rPr><b/></rPr><t xml:space="preserve">wn town</t></r><rPh><t>DA UN</t></rPh></si>'
    second = '<row r="2" spans="1:3"><c r="A2" t="s"><v>3</v></c><c r="B2" s="0"/><c r="C2" t="s"><v>2</v></c></row>'
    data = book(SHARED_HEADER + second, shared=STRINGS + rich, before='<dimension ref="A1:C2"/>')
    assert cells(data) == [["down town", "", "note"]]


def test_a_part_of_a_sheet_may_hold_its_texts_and_neither_size_nor_names() -> None:
    def text(inner: str) -> str:
        return f'<c t="inlineStr"><is>{inner}</is></c>'

    header = f"<row>{text('<t>slug</t>')}{text('<t>zip</t>')}</row>"
    second = f"<row>{text('<r><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh>')}<c><v>2134</v></c></row>"
    assert cells(book(header + second)) == [["ab", "2134"]]


@pytest.mark.parametrize("size", ["A1", "A1:A1", "A1:XFD1048576", "C1:C1"])
def test_the_size_that_a_sheet_gives_is_no_matter(size: str) -> None:
    data = book(HEADER + row(2, inline("A2", "a"), inline("C2", "c")), before=f'<dimension ref="{size}"/>')
    assert cells(data) == [["a", "", "c"]]


def test_cells_of_a_row_may_be_in_any_order() -> None:
    assert cells(book(HEADER + row(2, inline("C2", "c"), inline("A2", "a"), inline("B2", "b")))) == [["a", "b", "c"]]


def test_a_formula_has_the_value_that_it_had_when_it_was_saved() -> None:
    second = row(2, inline("A2", "a"), value("B2", "02134", sort="str", formula="D2"), value("C2", "4", formula="1+3"))
    assert cells(book(HEADER + second)) == [["a", "02134", "4"]]


@pytest.mark.parametrize("empty", ["<v></v>", "<v/>", ""])
def test_a_formula_whose_value_is_no_text_at_all_is_blank(empty: str) -> None:
    cell = f'<c r="C2" t="str"><f>IF(A2="","x","")</f>{empty}</c>'
    assert cells(book(HEADER + row(2, inline("A2", "a"), cell))) == [["a", "", ""]]


@pytest.mark.parametrize(
    "cell", ["<f>A1+1</f>", "<f>A1+1</f><v/>", '<f t="shared" si="0"/>', '<f t="array" ref="C2"/>']
)
def test_a_formula_without_a_value_was_never_calculated(cell: str) -> None:
    (found,) = cells(book(HEADER + row(2, inline("A2", "a"), f'<c r="C2">{cell}</c>')))
    assert found == ["a", "", NEVER]
    assert isinstance(found[2], Broken)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("one_x000D_\ntwo", "one\ntwo"),
        ("one_x000D_two", "one\ntwo"),
        ("one_x0009_two", "one\ttwo"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_x005F_b_xyz_", "a_b_xyz_"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_x0041_", "A"),
    ],
)
def test_characters_that_xml_cannot_hold_are_what_they_were(written: str, meant: str) -> None:
    second = row(2, value("A2", "3", sort="s"), inline("B2", written), value("C2", written, sort="str", formula="A2"))
    data = book(SHARED_HEADER + second, shared=f"{STRINGS}<si><t>{written}</t></si>")
    assert cells(data) == [[meant] * 3]


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("00000", "2134", "02134"),
        (r"00000\-0000", "21341234", "02134-1234"),
        ("00000-0000", "21341234", "02134-1234"),
        ("[<=99999]00000;00000\\-0000", "2134", "02134"),
        ("[<=99999]00000;00000\\-0000", "21341234", "02134-1234"),
        ('000"-"00"-"0000', "12345678", "012-34-5678"),
        (r"\(000\)\ 000\-0000", "6175550100", "(617) 555-0100"),
        ("+00 000 0000", "441234567", "+44 123 4567"),
        ("+00 000 0000", "123441234567", "+12344 123 4567"),
        ('"D-"00000', "1067", "D-01067"),
        ("[$-409]00000_)", "2134", "02134"),
        ("00000;-00000", "2134", "02134"),
        ("00000", "-5", "-5"),
        ('0" min"', "45", "45"),
        ("000.00", "29", "29"),
        ("0.00", "29.5", "29.5"),
        ("#,##0", "12000", "12000"),
        ("[<=9999999]###\\-####;(###) ###\\-####", "6175550100", "6175550100"),
        ('"$"#,##0.00', "38", "38"),
        ("General", "3.0000000000000004", "3"),
    ],
)
def test_a_number_has_the_zeros_and_separators_of_its_format(code: str, number: str, shown: str) -> None:
    data = book(HEADER + row(2, inline("A2", "a"), value("B2", number, style=1)), formats=(code,))
    assert cells(data) == [["a", shown, ""]]


def test_moments_are_those_that_the_format_shows() -> None:
    second = row(2, value("A2", "46282", style=1), value("B2", "0.5", style=2), value("C2", "1.5", style=3))
    third = row(3, value("A3", "2026-09-17T00:00:00", sort="d"), value("B3", "09:00:00", sort="d"), inline("C3", "x"))
    data = book(HEADER + second + third, formats=(r"yyyy\-mm\-dd", "h:mm", "[h]:mm"))
    assert cells(data) == [["2026-09-17", "12:00", "36:00"], ["2026-09-17", "09:00", "x"]]


# -- as large as they are


def test_25_000_rows_of_ten_columns_are_read_in_seconds() -> None:
    header = row(1, *(inline(f"{letter}1", letter) for letter in "ABCDEFGHIJ"))
    rows = (row(n, *(inline(f"{letter}{n}", "text") for letter in "ABCDEFGHIJ")) for n in range(2, 25_002))
    data = book(header + "".join(rows))
    begin = time.process_time()
    assert len(read(data).rows) == 25_000
    assert time.process_time() - begin < 20


def test_empty_cells_that_have_a_format_count_for_nothing() -> None:
    far = "".join(f'<c r="{letter}{{0}}" s="1"/>' for letter in ("B", "ALM", "XFD"))
    rows = (f'<row r="{n}">{inline(f"A{n}", "a")}{far.format(n)}</row>' for n in range(2, 30_000))
    table = read(book(HEADER + "".join(rows) + row(1_048_576, '<c r="A1048576" s="1"/>'), formats=("0",)))
    assert len(table.rows) == 29_998


# -- as no program should


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (row(5, inline("A5", "five")) + row(3, inline("A3", "three")), "row 3 stands behind row 5"),
        (row(2, inline("A2", "one")) + row(2, inline("A2", "two")), "row 2 stands there twice"),
        (row(0, inline("A0", "none")), "row 0 stands behind row 1"),
        (row(2, inline("A7", "seven")), "cell A7 stands in row 2"),
        (row(2, inline("A2", "one"), inline("A2", "two")), "cell A2 stands in row 2 twice"),
    ],
)
def test_what_would_be_lost_is_refused(rows: str, told: str) -> None:
    with pytest.raises(TableError) as caught:
        read(book(HEADER + rows))
    assert str(caught.value) == f"stores.xlsx is damaged ({told}): open it in a spreadsheet and save it again"


def test_values_far_to_the_right_are_refused() -> None:
    with pytest.raises(TableError) as caught:
        read(book(HEADER + row(2, inline("A2", "a"), inline("XFD2", "b"))))
    assert str(caught.value) == "sheet Stores has over 1,000 columns: delete some"


def test_strict_open_xml_is_named() -> None:
    with pytest.raises(TableError) as caught:
        read(book(HEADER + row(2, inline("A2", "a")), namespaces=STRICT))
    assert str(caught.value) == "stores.xlsx is of a strict sort (Strict Open XML): save it as an ordinary .xlsx"


def test_a_type_of_document_is_refused() -> None:
    declared = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(TableError, match="declares a type of document"):
        read(book(HEADER + row(2, inline("A2", "&a;")), declared=declared))
