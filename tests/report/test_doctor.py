"""The report of `doctor`: readable at any width, its numbers right, its JSON the same."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from provisioner.finding import Finding, Mark, Section
from provisioner.report.doctor import doctor_json, doctor_lines
from provisioner.report.layout import columns

WORDS = st.text(st.characters(codec="latin-1"), max_size=30)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
FINDINGS = st.builds(Finding, st.text("abc d", min_size=1, max_size=18), st.sampled_from(Mark), TEXTS, TEXTS)
SECTIONS = st.lists(
    st.builds(Section, st.sampled_from(["Here", "There"]), st.lists(FINDINGS, max_size=4).map(tuple)), max_size=3
)


def test_what_it_looks_like() -> None:
    sections = [
        Section("Here", (Finding("Version", Mark.PASS, "0.1"), Finding("Git", Mark.LOOK, "not ignored", "add a line"))),
        Section("Nowhere", ()),
        Section("There", (Finding("Sign-in", Mark.FAIL, "refused " * 9), Finding("Lists", Mark.SKIPPED, "no session"))),
    ]
    assert doctor_lines("Doctor", sections, 60) == [
        "Doctor",
        "",
        "Here",
        "  PASS     Version            0.1",
        "  LOOK     Git                not ignored",
        "                              -> add a line",
        "",
        "There",
        "  FAIL     Sign-in            refused refused refused",
        "                              refused refused refused",
        "                              refused refused refused",
        "  SKIPPED  Lists              no session",
        "",
        "1 check passed, 1 to look at, 1 failed, 1 skipped.",
    ]


@given(SECTIONS)
def test_every_line_fits_and_everything_is_counted(sections: list[Section]) -> None:
    lines = doctor_lines("Doctor", sections, 80)
    assert all(line.isprintable() for line in lines)
    short = [line for line in lines if all(columns(word) <= 47 for word in line.split())]
    assert all(columns(line) <= 80 for line in short)
    counts = Counter(finding.mark for section in sections for finding in section.findings)
    document = doctor_json({}, sections)
    assert document["counts"] == {mark.lower(): counts[mark] for mark in Mark}
    assert len(document["checks"]) == counts.total()
    assert f"{counts[Mark.FAIL]} failed" in lines[-1]
