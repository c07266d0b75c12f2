"""What is offered and never bookable, ends soon, or has a notice longer than its horizon."""

from __future__ import annotations

from datetime import date

import pytest

from tests.lint.conftest import Linted, person

TODAY = date(2027, 1, 15)
HOURS = "{dates: 2027, week: {mon-fri: 09:00-17:00}}"


def salon(hours: str = HOURS, service: str = "", more: str = "", away: str = "") -> str:
    """Ana cuts hair downtown."""
    where = f"at: {{downtown: {{services: [cut]{', hours: [' + hours + ']' if hours else ''}}}}}"
    return (
        "locations: {downtown: {name: Downtown}}\n"
        f"services: {{cut: {{name: Cut, duration: 45 min{service}}}}}\n"
        f"employees:\n  ana: {person('ana', where + away)}\n{more}"
    )


def told(lint: Linted, rule: str, text: str) -> list[str]:
    """What one rule says, without the place and the remedy."""
    found = [finding for finding in lint.findings(text, TODAY) if finding.rule == rule]
    return [f"{', '.join(map(str, finding.addresses))}: {finding.reason}" for finding in found]


# -- never-bookable

NEVER = "link/ana/downtown/cut: cut can never be booked at downtown: "


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        (salon(service=", bookable: ..2026-12-31"), "cut can be booked on ..2026-12-31 only"),
        (
            salon(service=", schedule: [{dates: 2026, week: {mon: 09:00-17:00}}]"),
            "the set times of cut are over",
        ),
        (salon("{dates: 2027, week: {daily: 09:00-09:30}}"), "no open time is as long as cut takes"),
        (salon(away=", away: [2027]"), "ana is out of office on 2027"),
        (salon(more="holidays: {works: {name: Works, dates: 2027}}\n"), "works (holiday, 2027)"),
        (
            salon(
                away=", away: [2027-01-01..2027-06-30]",
                more="holidays: {w: {name: W, dates: 2027-07-01..2027-12-31}}\n",
            ),
            "ana is out of office on 2027-01-01..2027-06-30; w (holiday, 2027-07-01..2027-12-31)",
        ),
        (
            salon(service=", bookable: 2028"),
            "cut can be booked on 2028 only",
        ),
        (salon("{dates: 2026, week: {mon: 09:00-17:00}}"), None),  # hours-past-their-end
        (salon(service=", bookable: 2027-06-01.., after_notice: 10 d"), None),  # it begins by itself
        (salon("{dates: 2028, week: {mon: 09:00-17:00}}", service=", after_notice: 10 d"), None),
        (salon(""), None),
        (salon(service=", active: false, bookable: 2026"), None),
        (salon(service=", prior_notice: 48 h, after_notice: 1 d"), None),
        (salon(), None),
    ],
)
def test_what_is_never_bookable(lint: Linted, text: str, causes: str | None) -> None:
    assert told(lint, "never-bookable", text) == ([NEVER + causes] if causes else [])


def test_what_is_closed_for_longer_than_anybody_can_book_ahead(lint: Linted) -> None:
    closed = salon(
        service=", after_notice: 10 d", more="holidays: {works: {name: Works, dates: 2027-01-10..2027-03-07}}\n"
    )
    words = "works (holiday, 2027-01-10..2027-03-07); what is open is farther ahead than cut can be booked"
    (line,) = told(lint, "never-bookable", closed)
    assert line.startswith("link/ana/downtown/cut: cut cannot be booked before 2027-03-08 at downtown: ")
    assert sorted(line.partition("downtown: ")[2].split("; ")) == sorted(words.split("; "))


HARBOUR = f"  ben: {person('ben', 'at: {harbour: {services: [cut], hours: [' + HOURS + ']}}')}\n"


def two_places(ana: str = HOURS, ben: str = HARBOUR) -> str:
    """Ana cuts hair downtown and is inactive; Ben does so at the harbour."""
    text = salon(ana, away=", active: false").replace(
        "{downtown: {name: Downtown}}", "{downtown: {name: D}, harbour: {name: H}}"
    )
    return text + ben


def test_whoever_offers_it_there_is_inactive_while_others_offer_it_elsewhere(lint: Linted) -> None:
    assert told(lint, "never-bookable", two_places()) == [NEVER + "ana is inactive"]
    assert told(lint, "service-nobody-offers", two_places()) == []
    (line,) = lint.lines("never-bookable", two_places(), TODAY)
    assert line.startswith("4:")
    ended = two_places("{dates: 2026, week: {mon: 09:00-17:00}}")
    (line,) = told(lint, "never-bookable", ended)
    assert line == NEVER + "ana is inactive; the hours of ana at downtown ended on 2026-12-31"
    assert told(lint, "hours-past-their-end", ended) == [], "one fact is told once"
    hidden = two_places().replace("45 min", "45 min, active: false")
    assert told(lint, "never-bookable", hidden) == []


def test_what_no_active_employee_offers_anywhere_is_told_of_the_service(lint: Linted) -> None:
    text = two_places(ben="")
    assert told(lint, "never-bookable", text) == []
    assert len(told(lint, "service-nobody-offers", text)) == 1


# -- offered-without-hours


def test_who_offers_something_where_they_have_no_hours(lint: Linted) -> None:
    ben = f"  ben: {person('ben', 'at: {downtown: {hours: [' + HOURS + ']}}')}\n"
    reason = "offered where the employee has no hours, so nobody can book it with them there"
    assert told(lint, "offered-without-hours", salon("") + ben) == [f"link/ana/downtown/cut: {reason}"]
    assert told(lint, "offered-without-hours", salon("")) == []
    assert told(lint, "offered-without-hours", salon(service=", addon: true") + ben) == []
    assert told(lint, "offered-without-hours", salon("", away=", active: false") + ben) == []
    assert told(lint, "offered-without-hours", salon("", away=", owner: true") + ben) == []
    assert told(lint, "offered-without-hours", salon("", away=", owner: true, active: true") + ben) != []
    timed = ", schedule: [{dates: 2027, week: {mon: 09:00-17:00}}]"
    assert told(lint, "offered-without-hours", salon("", service=timed) + ben) == []


def test_links_of_many_are_told_in_one_line(lint: Linted) -> None:
    people = "".join(f"  p{n}: {person(f'p{n}')}\n" for n in range(5))
    links = "links: [{employees: all, locations: all, services: all}]\n"
    (line,) = told(lint, "offered-without-hours", salon() + people + links)
    assert line.startswith("link/p0/downtown/cut, link/p1/downtown/cut, ")


# -- hours-end-soon


def crew(*ends: str, more: str = "") -> str:
    """Employees whose hours end on these days."""
    people = ""
    for number, end in enumerate(ends):
        hours = f"[{{dates: 2026-01-01..{end}, week: {{mon-fri: 9:00-17:00}}}}]"
        where = f"at: {{downtown: {{services: [cut], hours: {hours}}}}}"
        people += f"  e{number}: {person(f'e{number}', where)}\n"
    services = "services: {cut: {name: Cut, duration: 45 min}}\n"
    return f"locations: {{downtown: {{name: D}}}}\n{services}employees:\n{people}{more}"


ALL = "all 7 employees (e0, e1, e2 and 4 more) have no hours here after 2027-01-31"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            crew(*["2027-01-31"] * 7),
            f"{ALL}: it stops being bookable on 2027-01-30",
        ),
        (crew("2027-01-29"), "e0 has no hours here after 2027-01-29: it stops being bookable on 2027-01-30"),
        (
            crew("2027-01-29", "2027-02-12"),
            "both employees (e0, e1) have no hours here after 2027-02-12: it stops being bookable on 2027-02-13",
        ),
        (
            crew("2027-01-29", "2027-02-12", "2028-12-31"),
            "2 of 3 employees (e0, e1) have no hours here after 2027-02-12",
        ),
        (
            crew("2027-01-29", more="holidays: {h: {name: H, dates: 2027-01-28..2027-01-29}}\n"),
            "e0 has no hours here after 2027-01-29: it stops being bookable on 2027-01-28",
        ),
        (crew("2027-03-16"), "e0 has no hours here after 2027-03-16: it stops being bookable on 2027-03-17"),
        (crew("2027-03-17"), None),
        (crew("2027-01-14"), None),
        (crew("2027-01-15"), "e0 has no hours here after 2027-01-15: it stops being bookable on 2027-01-16"),
        (
            crew("2027-01-17", more="holidays: {h: {name: H, dates: 2027-01-14..2027-01-15}}\n"),
            "e0 has no hours here after 2027-01-17: it stopped being bookable on 2027-01-14",
        ),
        (
            crew("2027-01-17", more="holidays: {h: {name: H, dates: 2026-01-01..2027-01-15}}\n"),
            "e0 has no hours here after 2027-01-17",
        ),
    ],
)
def test_hours_that_end_soon(lint: Linted, text: str, reason: str | None) -> None:
    assert told(lint, "hours-end-soon", text) == ([f"location/downtown: {reason}"] if reason else [])


def test_set_times_that_go_on(lint: Linted) -> None:
    timed = crew("2027-01-29").replace(
        "cut: {name: Cut",
        "yoga: {name: Y, duration: 45 min, schedule: [{dates: 2027, week: {mon: 9:00-10:00}}]}, cut: {name: Cut",
    )
    timed = timed.replace("[cut]", "[cut, yoga]")
    assert told(lint, "hours-end-soon", timed) == ["location/downtown: e0 has no hours here after 2027-01-29"]


# -- notice-beyond-horizon


def test_a_notice_longer_than_the_horizon(lint: Linted) -> None:
    reason = "it has to be booked 2 d ahead, and can be booked only 1 d ahead: so never"
    text = salon(service=", prior_notice: 48 h, after_notice: 1 d")
    assert told(lint, "notice-beyond-horizon", text) == [f"service/cut: {reason}"]
    (line,) = lint.lines("notice-beyond-horizon", text, TODAY)
    assert line.startswith("2:")
    for fine in (
        "prior_notice: 48 h, after_notice: 0 d",
        "prior_notice: 23 h, after_notice: 1 d",
        "prior_notice: 48 h",
    ):
        assert told(lint, "notice-beyond-horizon", salon(service=f", {fine}")) == []
    account = "accounts: {here: {parent: true, options: {prior_notice: 48 h, after_notice: 1 d}}}\n"
    assert told(lint, "notice-beyond-horizon", account + salon()) == [f"account/here: {reason}"]


# -- hours-outside-set-times


def test_hours_that_open_nothing(lint: Linted) -> None:
    def timed(week: str) -> str:
        return salon(service=f", schedule: [{{dates: 2027, week: {{{week}}}}}]")

    where = "hours/ana/downtown: all that is offered here takes place at set times, and {} is none of them"
    assert told(lint, "hours-outside-set-times", timed("mon: 10:00-12:00")) == [where.format("mon 09:00-10:00")]
    assert told(lint, "hours-outside-set-times", timed("mon-thu: 08:00-18:00")) == [where.format("fri 09:00-17:00")]
    assert told(lint, "hours-outside-set-times", timed("daily: 08:00-18:00")) == []
    assert told(lint, "hours-outside-set-times", salon()) == []


# -- holidays-missing-next-year


@pytest.mark.parametrize(
    ("holidays", "hours", "reason"),
    [
        ("a: {name: A, dates: 2027-05-01}", "2027-01-01..2028-01-01", "a holiday of 2027 has dates"),
        (
            "a: {name: A, dates: 2027-05-01}, b: {name: B, dates: 2027-12-25}",
            "2028",
            "2 holidays of 2027 have dates",
        ),
        ("a: {name: A, dates: 2027-05-01}", "2027", None),
        ("a: {name: A, dates: 2027-05-01}, b: {name: B, dates: 2028-05-01}", "2028", None),
        ("a: {name: A, dates: 2027-12-31..2028-01-01}", "2028", None),
        ("a: {name: A, rule: 1st monday of may}", "2028", None),
        ("a: {name: A, dates: 2026-05-01}", "2028", None),
        ("a: {name: A, dates: 2027-05-01, enabled: false}", "2028", None),
    ],
)
def test_holidays_of_next_year(lint: Linted, holidays: str, hours: str, reason: str | None) -> None:
    text = salon(f"{{dates: {hours}, week: {{mon: 09:00-17:00}}}}", more=f"holidays: {{{holidays}}}\n")
    found = told(lint, "holidays-missing-next-year", text)
    last = "b" if "b:" in holidays else "a"
    after = ", hours go on into 2028, and no holiday is in 2028"
    assert found == ([f"holiday/{last}: {reason}{after}"] if reason else [])


@pytest.mark.parametrize(("minutes", "found"), [(15, 0), (30, 1)])
def test_a_service_that_needs_an_add_on_takes_as_long_as_both(lint: Linted, minutes: int, found: int) -> None:
    text = (
        salon("{dates: 2027, week: {mon: 09:00-10:00}}", service=", require_addon: true")
        .replace("services: {cut", f"services: {{wash: {{name: Wash, duration: {minutes} min, addon: true}}, cut")
        .replace("services: [cut]", "services: [cut, wash]")
    )
    reasons = told(lint, "never-bookable", text)
    assert len(reasons) == found
    words = "cut can never be booked with wash, the shortest add-on there at downtown: no open time is as long as cut"
    assert all(words in each for each in reasons)
