"""The week of a location: open hours, who is there, and what is booked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.sandbox.page.week import Held, lanes
from provisioner.sandbox.setster.zones import ZONES
from tests.sandbox.page_reader import WHOLE_YEAR, assign, book, read, spa

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


def days(sandbox: Sandbox, path: str) -> dict[str, str]:
    """Return what each day of the first week on a page says under its heading, in words."""
    page = sandbox.request("GET", path).text
    found = re.findall(
        r"<h4>(\w+ \d+ \w+)</h4>(.*?)</li>(?=<li class=\"day|</ol><table|</ol><section|</ol></section)", page
    )
    return {day: " ".join(re.sub(r"<[^>]*>", " ", rest).split()).replace("\N{EN DASH}", "-") for day, rest in found}


def test_hours_are_open(sandbox: Sandbox) -> None:
    place, _, _ = spa(sandbox)
    shown = days(sandbox, f"/tenants/2345?location={place}")
    assert shown["Mon 2 Mar"] == shown["Tue 3 Mar"] == "9:00-12:00, 13:00-17:00"
    assert shown["Wed 4 Mar"] == "closed"
    assert list(shown) == ["Mon 2 Mar", "Tue 3 Mar", "Wed 4 Mar", "Thu 5 Mar", "Fri 6 Mar", "Sat 7 Mar", "Sun 8 Mar"]
    later = days(sandbox, f"/tenants/2345?location={place}&week=2026-12-30")
    assert later["Mon 28 Dec"] == "9:00-12:00, 13:00-17:00"


def test_absences_and_holidays_are_not(sandbox: Sandbox) -> None:
    place, _, ann = spa(sandbox)
    times = {"time": [["9:00", "17:00"]]}
    assign(
        sandbox,
        ann,
        WHOLE_YEAR | {"days": {"mo": times, "tu": times, "we": times}},
        {
            "start_date": "3/2/2026",
            "end_date": "3/2/2026",
            "repeat": 2,
            "type": 1,
            "days": {"mo": {"time": [["10:00", "11:30"]]}},
        },
    )
    for name, start, end in (
        ("Rest", "03-03 00:00:00", "03-03 23:59:59"),
        ("Drill", "03-04 16:00:00", "03-04 18:00:00"),
    ):
        holiday = {"name": name, "type": 2, "start_date": f"2026-{start}", "end_date": f"2026-{end}"}
        sandbox.ok("POST", "/availability/saveHoliday", holiday)
    shown = days(sandbox, f"/tenants/2345?location={place}")
    assert shown["Mon 2 Mar"] == "9:00-10:00, 11:30-17:00"
    assert shown["Tue 3 Mar"] == "closed Rest"
    assert shown["Wed 4 Mar"] == "9:00-16:00 Drill"


def test_only_those_who_can_be_booked_there_count(sandbox: Sandbox) -> None:
    place, service, ann = spa(sandbox)
    bob = sandbox.employee("bob@example.com", first_name="Bob", status=True, links={str(place): {str(service): 1}})
    assign(sandbox, bob, WHOLE_YEAR | {"days": {"mo": {"time": [["11:00", "18:00"]]}}})
    assert days(sandbox, f"/tenants/2345?location={place}")["Mon 2 Mar"] == "9:00-18:00"
    person = {"email": "bob@example.com", "first_name": "Bob", "last_name": "Lee"}
    sandbox.ok("PUT", f"/employee/{bob}", person | {"status": False, "links": {str(place): {str(service): 1}}})
    assert days(sandbox, f"/tenants/2345?location={place}")["Mon 2 Mar"] == "9:00-12:00, 13:00-17:00"
    sandbox.ok("DELETE", f"/employee/{ann}")
    assert "Closed all week" in read(sandbox, f"/tenants/2345?location={place}").text


def test_appointments_are_drawn_in(sandbox: Sandbox) -> None:
    place, service, _ = spa(sandbox)
    book(sandbox, service, place, "2026-03-03 10:00", status=2)
    gone = book(sandbox, service, place, "2026-03-03 14:00")
    sandbox.ok("POST", "/appointment/decline", {"appointment_id": gone, "reason": "ill"})
    book(sandbox, service, place, "2026-03-09 10:00")
    shown = days(sandbox, f"/tenants/2345?location={place}")
    assert shown["Tue 3 Mar"] == "9:00-12:00, 13:00-17:00 10:00 -11:00 Massage Ann Lee · Maya"
    assert "wait" not in read(sandbox, "/tenants/2345").classes[10:]
    following = read(sandbox, "/tenants/2345?week=2026-03-09")
    assert following.classes.count("wait") == 2  # the legend's, and the appointment's
    assert "declined or cancelled" in read(sandbox, "/tenants/2345").text


def test_what_is_drawn_is_where_it_is(sandbox: Sandbox) -> None:
    place, service, _ = spa(sandbox)
    book(sandbox, service, place, "2026-03-03 10:00")
    style = read(sandbox, f"/tenants/2345?location={place}").style
    assert f"#w{place}{{--hours:8}}" in style
    assert re.search(r"\{top:12\.5%;height:12\.5%;left:0%;width:100%\}", style)  # the second of eight hours
    assert re.search(r"\{top:50%;height:50%\}", style)  # the afternoon


def test_what_is_open_is_called_working_hours(sandbox: Sandbox) -> None:
    """Set times of services are not drawn, so nothing is said of what can be booked."""
    spa(sandbox)
    text = read(sandbox, "/tenants/2345").text
    assert "working hours" in text
    assert "can be booked" not in text


def test_a_line_fits_into_a_quarter_of_an_hour_and_two_into_three(sandbox: Sandbox) -> None:
    place, service, ann = spa(sandbox)
    sandbox.ok("PUT", f"/service/{service}", {"name": "Massage", "duration": 15, "start_step": 15})
    lengths = {"2026-03-03 09:00": 15, "2026-03-03 10:00": 45, "2026-03-03 11:00": 60}
    for start, minutes in lengths.items():
        book(sandbox, service, place, start, status=2, duration=minutes, employee_id=ann)
    page = sandbox.request("GET", f"/tenants/2345?location={place}").text
    assert re.findall(r"<li id=\"w[\d-]+\"(?: class=\"([\w ]*)\")? title", page) == ["short brief", "short", ""]

    def rem(pattern: str) -> float:
        found = re.search(pattern, page)
        assert found
        return float(found[1])

    hour, font, border = rem(r"--hour:([\d.]+)rem"), rem(r"\.held li\{[^}]*font-size:([\d.]+)rem"), 2 / 16
    one = font * rem(r"\.brief\{padding:0 [^}]*line-height:([\d.]+)")
    two = 2 * font * rem(r"\.held li\{[^}]*line-height:([\d.]+)") + 2 * rem(r"\.held li\{[^}]*padding:([\d.]+)rem")
    assert one + border <= hour / 4
    assert two + border <= hour * 3 / 4
    assert re.search(r"\.short b,\.short span[^}]*\{overflow:hidden;white-space:nowrap;text-overflow:ellipsis\}", page)


def test_the_time_is_the_locations_own(sandbox: Sandbox) -> None:
    place, service, _ = spa(sandbox)
    (tokyo,) = (number for number, name in ZONES.items() if name == "Asia/Tokyo")
    sandbox.ok("PUT", f"/location/{place}", {"name": "Spa", "timezone_id": tokyo})
    book(sandbox, service, place, "2026-03-03 10:00")
    shown = days(sandbox, f"/tenants/2345?location={place}")
    assert shown["Tue 3 Mar"].startswith("9:00-12:00, 13:00-17:00 10:00 -11:00")


@pytest.mark.parametrize("week", ["2026-03-02", "2026-10-26"])
def test_the_weeks_in_which_the_clock_changes(sandbox: Sandbox, week: str) -> None:
    place, _, ann = spa(sandbox)
    assign(sandbox, ann, WHOLE_YEAR | {"days": {day: {"time": [["0:00", "24:00"]]} for day in ("sa", "su")}})
    shown = days(sandbox, f"/tenants/2345?location={place}&week={week}")
    assert list(shown.values())[5:] == ["0:00-24:00"] * 2


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 20)), max_size=12))
def test_what_overlaps_is_drawn_beside_each_other(spans: list[tuple[int, int]]) -> None:
    held = [Held((start, start + length), {"id": number}) for number, (start, length) in enumerate(spans)]
    placed = lanes(held)
    assert sorted(each.record["id"] for each in placed) == list(range(len(spans)))
    for one in placed:
        assert 0 <= one.lane < one.lanes
        for other in placed:
            if one is not other and one.span[0] < other.span[1] and other.span[0] < one.span[1]:
                assert one.lane != other.lane
                assert one.lanes == other.lanes
