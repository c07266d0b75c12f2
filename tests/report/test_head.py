"""The first line: whose tenant, and how much work."""

from __future__ import annotations

import pytest

from provisioner.report.head import Banner, Effort, head_lines


@pytest.mark.parametrize(
    ("banner", "line"),
    [
        (Banner(False, "www.setster.com", "2345", "Acme"), "LIVE www.setster.com company 2345 (Acme)"),
        (Banner(False, "www.setster.com", "2345"), "LIVE www.setster.com company 2345"),
        (Banner(True, "127.0.0.1:8080", "1"), "SANDBOX (nothing real changes) 127.0.0.1:8080 company 1"),
        (Banner(True, "sandbox", "1", embedded=True), "SANDBOX (nothing real changes) company 1"),
        (Banner(False, "h", "1", "A\u202eb\n"), "LIVE h company 1 (A\\u202eb\\n)"),
    ],
)
def test_the_banner_names_the_tenant(banner: Banner, line: str) -> None:
    assert str(banner) == line


@pytest.mark.parametrize(
    ("effort", "line"),
    [
        (Effort(14, 4, 6, seconds=2.0), "14 reads; 4 writes planned, one by one 6; about 2 s"),
        (Effort(1, 1, 1), "1 read; 1 write planned"),
        (Effort(3, 5, 9, discover=2, seconds=0.2), "3 reads; 5 writes and 2 looks planned, one by one 9; about 1 s"),
        (Effort(3, 900, 900, seconds=400), "3 reads; 900 writes planned; about 7 min"),
        (Effort(3, 900, 900, seconds=9000), "3 reads; 900 writes planned; about 2.5 h"),
        (Effort(3, 0, 0, seconds=5), "3 reads"),
    ],
)
def test_the_effort_is_what_was_read_and_will_be_written(effort: Effort, line: str) -> None:
    assert str(effort) == line


def test_a_first_line_that_is_too_long_becomes_two() -> None:
    banner, effort = Banner(False, "www.setster.com", "2345", "Acme"), Effort(14, 4, 6, seconds=2.0)
    assert head_lines(banner, effort, 100) == [f"{banner}   {effort}"]
    assert head_lines(banner, effort, 80) == [str(banner), f"  {effort}"]
