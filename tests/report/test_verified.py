"""A verification as text and as JSON: what is folded, what is cut, and what no name can do to it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from provisioner.kinds.address import Address
from provisioner.kinds.desired import Place
from provisioner.opening import Cause
from provisioner.report.head import Banner
from provisioner.report.layout import columns
from provisioner.report.verified import FULL, SHOWN, verified_text
from provisioner.report.verified_json import verified_json
from provisioner.verify.pairs import Pair
from provisioner.verify.result import Besides, Difference, Reason, Row, Sample, Standing, Verified
from tests.nasty import PIECES, odd

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
LOCAL = MONDAY.replace(tzinfo=None)
WHY = Reason(
    Cause.HOURS_ENDED,
    "the hours of ana at l1 ended on 2026-12-31",
    Address("", "hours", ("ana", "l1")),
    Place("staff/ana.yaml", 12, 9),
    "add hours with later dates",
)


def row(location: str, service: str, standing: Standing = Standing.BOOKABLE, **more: Any) -> Row:
    first = MONDAY if standing is Standing.BOOKABLE else None
    return Row(Pair("", location, service), location.upper(), service.upper(), "Europe/Paris", standing, first, **more)


def verified(*rows: Row, **more: Any) -> Verified:
    given = {"differences": (), "published": len(rows), "hidden": {}, "since": None, "weeks": 1}
    return Verified(rows, **{**given, "today": date(2027, 1, 4), **more})


def lines(found: Verified, banner: Banner, width: int = 80) -> list[str]:
    return verified_text(found, banner, 21, width).split("\n")


def test_of_many_rows_those_that_are_bookable_are_folded(banner: Banner) -> None:
    rows = [row(f"l{n}", f"s{m}") for n in range(1000) for m in range(8)]
    rows[8] = row("l1", "s0", Standing.NOT_BOOKABLE, reasons=(WHY,))
    assert lines(verified(*rows), banner)[2:] == [
        "999 locations: all that they offer is BOOKABLE (7,992 services)",
        "",
        "L1 (location/l1), Europe/Paris",
        "  NOT BOOKABLE  S0",
        "      the hours of ana at l1 ended on 2026-12-31",
        "        staff/ana.yaml:12: add hours with later dates",
        "  BOOKABLE      7 services, the first Mon 4 Jan 09:00",
        "",
        "Verified: 7,999 bookable, 1 not bookable.",
    ]


def test_of_very_many_that_are_not_bookable_the_rest_is_counted(banner: Banner) -> None:
    rows = [row(f"l{n}", "s", Standing.NOT_BOOKABLE, reasons=(WHY,)) for n in range(SHOWN + 7)]
    printed = lines(verified(*rows), banner)
    assert "and 7 more locations: --json has all of them" in printed
    assert sum("NOT BOOKABLE" in line for line in printed) == SHOWN


def test_few_rows_have_a_line_each_and_the_same_is_said_once(banner: Banner) -> None:
    rows = [*(row("a", f"s{n}", Standing.NOT_BOOKABLE, reasons=(WHY,)) for n in range(5)), row("b", "x"), row("b", "y")]
    assert len(rows) <= FULL
    printed = lines(
        verified(*rows, hidden={"inactive": 2, "add-on": 1}, sample=Sample(7, "2027-01-04"), published=9), banner
    )
    assert printed == [
        "LIVE www.setster.com company 2345 (Acme)   21 reads",
        "",
        "A (location/a), Europe/Paris",
        "  NOT BOOKABLE  S0, S1, S2, and 2 more",
        "      the hours of ana at l1 ended on 2026-12-31",
        "        staff/ana.yaml:12: add hours with later dates",
        "",
        "B (location/b), Europe/Paris",
        "  BOOKABLE      X  Mon 4 Jan 09:00",
        "  BOOKABLE      Y  Mon 4 Jan 09:00",
        "",
        "Note: 2 of 9 were not asked about (--sample 7, drawn for 2027-01-04)",
        "Note: 3 offers that clients are not shown are left out: 2 of inactive services,",
        "      1 of add-ons",
        "Verified: 2 bookable, 5 not bookable.",
    ]


def test_differences_are_a_few_lines(banner: Banner) -> None:
    day = timedelta(days=1)
    more = tuple(LOCAL + n * day + m * timedelta(hours=1) for n in range(5) for m in range(3))
    each = [Difference(Pair("", "a", f"s{n}"), more, (LOCAL + 9 * day,), applied=False) for n in range(6)]
    rows = [row("a", f"s{n}") for n in range(6)]
    printed = lines(verified(*rows, differences=tuple(each)), banner)
    assert printed[printed.index("Offered is not what the manifests promise") + 1 :] == [
        "  A",
        "    S0, S1, S2, and 3 more",
        "      more  Mon 4 Jan 09:00 to 11:00, and the same on 4 more days (15 starts)",
        "      less  Wed 13 Jan 09:00",
        "    what is live is not what the manifests say: provisioner plan shows it",
        "",
        "Verified: 6 bookable, 0 not bookable. 6 differ from the manifests.",
    ]


def test_the_document_has_everything(banner: Banner) -> None:
    unknown = Reason(Besides.UNANSWERED, "429")
    rows = (row("a", "x"), row("a", "y", Standing.UNKNOWN, reasons=(unknown,)), row("", "z", Standing.NOT_BOOKABLE))
    document = json.loads(json.dumps(verified_json(verified(*rows), banner, 21)))
    assert document["counts"] == {"bookable": 1, "not bookable": 1, "not yet": 0, "unknown": 1}
    assert [each["location"] for each in document["results"]] == ["location/a", "location/a", None]
    assert document["results"][1]["reasons"][0]["cause"] == "not answered"
    assert (document["format_version"], document["exit_code"], document["sample"]) == ("1.0", 3, None)


NAMES = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)


@given(name=NAMES, other=NAMES, words=NAMES, width=st.integers(60, 120))
def test_no_name_can_do_anything(name: str, other: str, words: str, width: int) -> None:
    banner = Banner(sandbox=True, host="x", company_id="1", name=name)
    why = Reason(Besides.UNANSWERED, words, None, Place(name, 1, 1), words)
    rows = (
        Row(Pair(name, name, other), name, other, name, Standing.BOOKABLE, MONDAY),
        Row(Pair(name, name, words), name, words, name, Standing.UNKNOWN, None, (why,)),
        Row(Pair(name, "", words), "", words, "", Standing.NOT_BOOKABLE, None, (why,)),
    )
    each = Difference(Pair(name, name, other), (LOCAL,), (), applied=True)
    found = verified(*rows, differences=(each,), sample=Sample(1, name))
    assert not odd(verified_text(found, banner, 1, width))


@given(name=st.text("Wéb 日本", min_size=1, max_size=90), service=st.text("Cut 髪x", min_size=1, max_size=90))
def test_lines_are_no_wider_than_they_may_be(name: str, service: str) -> None:
    found = verified(
        Row(Pair("", "a", "b"), name, service, "Europe/Paris", Standing.BOOKABLE, MONDAY),
        Row(Pair("", "a", "c"), name, service, "Europe/Paris", Standing.NOT_BOOKABLE, None, (WHY,)),
    )
    for line in lines(found, Banner(sandbox=True, host="x", company_id="1")):
        longest = max(map(columns, line.split()), default=0)  # a word that has no blank is never broken
        assert columns(line) <= max(80, longest + 18), line
