"""Mistakes in a resource: each in words that say what to write instead, at the place to write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder

PERSON = "email: e@x.example, first_name: E, last_name: E"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("»srvices: {}", "unknown key 'srvices' at the top of a manifest: did you mean services?"),
        ("services: »[a]", "services is a list: write keys, each with its fields"),
        ("services: {»a: 45 min}", "service/a is '45 min': write a mapping of fields, or remove the line"),
        ("services: {»a: null}", "service/a is null: write a mapping of fields, or remove the line"),
        ("locations: {»Downtown: {name: A}}", "in locations, 'Downtown' is no key: write downtown"),
        ("locations: {»all: {name: A}}", "in locations, 'all' is reserved and no key: write another, such as all-1"),
        (
            "locations: {»service: {name: A}}",
            "in locations, 'service' is reserved and no key: write another, such as service-1",
        ),
        (
            "services: {a: {name: A, »durration: 45 min}}",
            "unknown key 'durration' in service/a: did you mean duration?",
        ),
        ("services: {a: {name: A, duration: 45 min, »is_subservice: true}}", "is_subservice is called addon here"),
        ("locations: {a: {name: A, »timezone_id: 553}}", "timezone_id is called timezone here"),
        (
            "locations: {a: {name: A, »fax: a.jpg}}",
            "unknown key 'fax' in location/a: a location has no such field, remove it",
        ),
        ("accounts: {a: {»currency: USD}}", "unknown key 'currency' in account/a: it stands under options"),
        ("accounts: {a: {options: {»curency: USD}}}", "unknown key 'curency' in account/a: did you mean currency?"),
        ("accounts: {a: {»options.currency: USD}}", "unknown key 'options.currency' in account/a: keys have no dot"),
        (
            "accounts: {a: {options: »null}}",
            "options: null is not allowed here: remove the line, or set its keys to null one by one",
        ),
        ("accounts: {a: {options: »USD}}", "options: 'USD' is no mapping: write keys and values below it"),
        (
            "services: {»a: {name: A}}",
            "service/a lacks duration: add `duration: ...`, a duration such as `45 min` or `2 h`, a multiple of 15 min",
        ),
        ("services: {a: {name: A, duration: »45}}", "duration: '45' has no unit: write 45 min"),
        (
            "services: {a: {name: A, duration: [»45 min]}}",
            "duration: a list is not a duration: write one such as 45 min",
        ),
        ("locations: {a: {name: »null}}", "name: null is not allowed here: it cannot be cleared"),
        ("locations: {a: {name: A, lat: »nan}}", 'lat: "nan" is no decimal number of degrees: write 34.0522'),
        (
            "custom_fields: {a: {label: A, type: text, length: »-1}}",
            "length: '-1' is below 0: write 0 or more",
        ),
        (
            "services: {a: {name: A, duration: 15 min, max_clients: »-3}}",
            "max_clients: '-3' is below 0: write 0 or more",
        ),
        (
            "services: {a: {name: A, duration: 15 min, group_session: »-1}}",
            "group_session: '-1' is below 0: write 0 or more",
        ),
        (
            "holidays: {a: {name: A, dates: [»2026-01-01, 2026-01-02]}}",
            "dates: a list is no day: write a holiday for each, or one stretch such as 2026-12-24..2026-12-26",
        ),
        (
            "accounts: {a: {options: {prior_notice: »90 min}}}",
            "options.prior_notice: 1 h 30 min is not whole hours: write 1 h or 2 h",
        ),
    ],
)
def test_a_mistake_has_its_words_and_place(folder: Folder, text: str, told: str) -> None:
    assert folder.told_at(text) == [told]


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("at: »downtown", "at: 'downtown' is no mapping: write keys and values below it"),
        ("at: {x: »{}}", "at.x: it is empty: add services or hours, or remove the line"),
        ("at: {x: {»hors: []}}", "unknown key 'hors' in at.x of employee/e: did you mean hours?"),
        ("at: {x: {services: »{s: 1}}}", "services: a mapping is no list of keys: write [KEY, KEY] or all"),
        ("at: {x: {services: [»all]}}", "services: all stands alone, not in a list: write services: all"),
        (
            "at: {x: {hours: »null}}",
            "at.x.hours: null is no list of hours: write [{dates: 2026, week: {mon-fri: 09:00-17:00}}]",
        ),
        (
            "at: {x: {hours: [{dates: 2026, week: {mon: »9-17}}]}}",
            "at.x.hours: mon: '9-17' is not an interval: write 09:00-17:00",
        ),
        (
            "at: {x: {hours: [{dates: 2026, week: {mon: 09:00-17:00, tue: »09:00-25:00}}]}}",
            "at.x.hours: tue: '25:00' is not a time of the day: write one from 00:00 to 24:00, such as 09:00",
        ),
        ("at: {x: {hours: [»{dates: 2026}]}}", "at.x.hours: week is missing: write dates and week"),
        (
            "at: {x: {hours: [{dates: 2026, week: {mon: 09:00-17:00}}, {»datum: 2026, week: {}}]}}",
            "at.x.hours: 'datum' is no key here: did you mean dates?",
        ),
        (
            "at: {x: {hours: [{dates: »2027-02-30, week: {monn: closed}}]}}",
            (
                "at.x.hours: '2027-02-30' is not a date, February 2027 has 28 days: write 2027-02-28; "
                "'monn' is not a day: write mon"
            ),
        ),
        (
            "away: [»2026-02-30]",
            "away: '2026-02-30' is not a date, February 2026 has 28 days: write 2026-02-28",
        ),
        ("»aways: [2026-08-03]", "unknown key 'aways' in employee/e: did you mean away?"),
    ],
)
def test_a_mistake_inside_an_employee_has_its_place(folder: Folder, inside: str, told: str) -> None:
    text = f"employees: {{e: {{{PERSON}, {inside}}}}}\n---\nlocations: {{x: {{name: X}}}}"
    assert folder.told_at(text) == [told]


def test_a_section_of_no_known_name_is_told_with_all_there_are(folder: Folder) -> None:
    known = (
        "account, accounts, locations, services, employees, links, holidays, custom_fields, webhooks, clients, order, "
        "recurring_appointments, public_holidays, removed, renames, generate"
    )
    message = f"unknown key 'zebras' at the top of a manifest: there are {known}"
    assert folder.told_at("»zebras: {}") == [message]


def test_every_wrong_item_of_a_list_is_told(folder: Folder) -> None:
    text = f"""\
        locations: {{x: {{name: X}}}}
        employees:
          e:
            {PERSON.replace(", ", chr(10) + "            ")}
            away: [2026-08-03, 2026-8-4, 2026-08-05, soon]
            at:
              x:
                hours:
                  - {{dates: 2026-01, week: {{mon-fri: 9am-5pm}}}}
                  - {{dates: 2026-02, week: {{mon-fri: 09:00-17:00}}}}
                  - {{dates: 2026-03.., week: {{daily: 09:00-17:00}}}}
        """
    assert [line.split(": ")[0] for line in folder.told(text)] == [
        "main.yaml:7:24",
        "main.yaml:7:46",
        "main.yaml:11:46",
        "main.yaml:13:21",
    ]


def test_all_the_mistakes_of_one_resource_are_told(folder: Folder) -> None:
    told = folder.told("services: {a: {nme: A, duration: 45, price: $30, active: 'yes'}}")
    assert [line.split(": ")[1] for line in told] == ["unknown key 'nme' in service/a", "duration", "price", "active"]


def test_a_mistyped_field_is_not_called_missing_too(folder: Folder) -> None:
    assert len(folder.told("services: {a: {name: A, duratoin: 45 min}}")) == 1


def test_text_that_could_move_a_terminal_is_escaped(folder: Folder) -> None:
    (line,) = folder.told('services: {a: {name: A, duration: 45 min, "x\\e[31m": 1}}')
    assert "\x1b" not in line
    assert "\\u001b" in line


def test_what_two_resources_share_by_reference_is_left_alone(folder: Folder) -> None:
    text = """\
        locations:
          a: &a {name: A, lifecycle: {protect: true}}
        services:
          b: {name: B, duration: 15 min}
        ---
        locations:
          c: &c {name: C, city: Rome, lifecycle: &l {protect: true}}
          d: {<<: *c, name: D}
        """
    assert folder.wanted("location/d", text) == {"name": "D", "city": "Rome"}
    assert folder.declared("location/c").lifecycle.protect
    assert folder.declared("location/d").lifecycle.protect
