"""`public_holidays:` a country's days as fixed holidays; what is wrong is told where it stands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from provisioner.errors import ManifestError
from provisioner.kinds import Address
from provisioner.kinds.desired import Desired
from provisioner.kinds.holiday import Holiday
from provisioner.manifest import load_workspace
from provisioner.providers import BY_NAME
from tests.cli.command import Workspace

SETTINGS = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
CALIFORNIA = "public_holidays: {country: US, subdivision: CA, years: [2026, 2027]}\n"
ACCOUNTS = """\
accounts:
  west: {company_name: W, nick_name: west, email: w@x.example, password: '${env:PW}'}
  east: {company_name: E, nick_name: east, email: e@x.example, password: '${env:PW}'}
---
"""


def load(text: str) -> Desired:
    with TemporaryDirectory() as folder:
        (Path(folder) / "provisioner.yaml").write_text(SETTINGS, "utf-8")
        (Path(folder) / "m.yaml").write_text(text, "utf-8")
        return load_workspace(Path(folder), BY_NAME, environ={"PW": "x"}, variables={"year": "2026"}).desired


def holidays(text: str, account: str = "") -> dict[str, Holiday]:
    """The holidays of one account by key."""
    return {
        address.key[0]: declared.resource
        for address, declared in load(text).resources.items()
        if address.account == account and isinstance(declared.resource, Holiday)
    }


def told(text: str) -> list[str]:
    """The problems as `line:column: message`."""
    with pytest.raises(ManifestError) as raised:
        load(text)
    return [f"{each.line}:{each.column}: {each.message}" for each in raised.value.problems]


def test_the_days_of_a_state_in_two_years_have_keys_that_last() -> None:
    found = holidays(CALIFORNIA)
    assert found["us-ca-2026-07-04"].name == "Independence Day"
    assert found["us-ca-2027-11-25"].name == "Thanksgiving Day"
    assert {each.dates.start.year for each in found.values() if each.dates} == {2026, 2027}
    assert "us-ca-2026-03-31" in found  # Cesar Chavez Day is California's own
    assert "us-2026-03-31" not in holidays("public_holidays: {country: US, years: 2026}\n")
    assert all(key == f"us-ca-{each.dates}" for key, each in found.items())


def test_two_of_one_day_are_one_holiday() -> None:
    assert holidays(CALIFORNIA)["us-ca-2027-02-15"].name == "Presidents' Day; Susan B. Anthony Day"


def test_each_stands_where_its_mapping_stands() -> None:
    text = "# one\n\npublic_holidays:\n  - {country: NO, years: [2026]}\n  - {country: SE, years: [2026]}\n"
    resources = load(text).resources
    assert str(resources[Address("", "holiday", ("no-2026-05-17",))].place) == "m.yaml:4"
    assert str(resources[Address("", "holiday", ("se-2026-06-06",))].place) == "m.yaml:5"
    single = load(CALIFORNIA).resources[Address("", "holiday", ("us-ca-2026-07-04",))]
    assert str(single.place) == str(single.fields["dates"]) == "m.yaml:1"


def test_the_scope_of_the_document_holds_and_a_narrower_one_wins() -> None:
    text = ACCOUNTS + "account: all\n" + CALIFORNIA
    text += "---\naccount: west\nholidays: {us-ca-2026-07-04: {enabled: false}, us-ca-2026-12-25: {name: Xmas}}\n"
    west, east = holidays(text, "west"), holidays(text, "east")
    assert west.keys() == east.keys()
    assert not holidays(text)
    assert (west["us-ca-2026-07-04"].enabled, east["us-ca-2026-07-04"].enabled) == (False, None)
    assert (west["us-ca-2026-12-25"].name, east["us-ca-2026-12-25"].name) == ("Xmas", "Christmas Day")


def test_days_are_left_out_by_name_and_by_date() -> None:
    left_out = "[Diwali, susan b. anthony day, 2026-07-03]"
    found = holidays(f"public_holidays: {{country: US, subdivision: CA, years: [2026, 2027], except: {left_out}}}\n")
    assert set(holidays(CALIFORNIA)) - set(found) == {
        "us-ca-2026-02-15", "us-ca-2026-07-03", "us-ca-2026-11-08", "us-ca-2027-10-29"
    }  # fmt: skip
    assert found["us-ca-2027-02-15"].name == "Presidents' Day"


def test_names_are_in_the_countrys_language_or_in_the_one_that_is_asked_for() -> None:
    assert holidays("public_holidays: {country: CH, years: 2026}\n")["ch-2026-01-01"].name == "Neujahrstag"
    french = holidays("public_holidays: {country: CH, subdivision: GE, years: 2026, language: fr}\n")
    assert french["ch-ge-2026-01-01"].name == "Nouvel An"


def test_names_do_not_depend_on_the_machine() -> None:
    code = "from tests.manifest.test_public_holidays import *; print(holidays('public_holidays: {country: CH, years: 2026}\\n'))"  # noqa: E501
    root = Path(__file__).parents[2]
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "LANGUAGE": language}, cwd=root, check=True,
            capture_output=True,
        ).stdout
        for language in ("fr", "en")
    }  # fmt: skip
    assert len(printed) == 1


def test_other_categories_can_be_asked_for() -> None:
    found = holidays("public_holidays: {country: US, years: 2026, categories: [public, unofficial]}\n")
    assert any("Valentine" in each.name for each in found.values())


def test_references_are_looked_up() -> None:
    assert "no-2026-05-17" in holidays("public_holidays: {country: NO, years: ['${var:year}']}\n")


def test_a_date_is_what_the_package_says_it_is() -> None:
    found = holidays("public_holidays: {country: DE, subdivision: BY, years: 2026}\n")
    assert found["de-by-2026-04-06"].dates == (date(2026, 4, 6), date(2026, 4, 6))
    assert found["de-by-2026-04-06"].name == "Ostermontag"


ENTRY = "public_holidays: {"
WRONG = {
    "country: USA, years: 2026": "1:28: no country 'USA' in the holidays package: did you mean US?",
    "country: us, years: 2026": "1:28: no country 'us' in the holidays package: did you mean US?",
    "country: Swedn, years: 2026": "1:28: no country 'Swedn' in the holidays package: did you mean SE?",
    "country: list_supported_countries, years: 2026": (
        "1:28: no country 'list_supported_countries' in the holidays package: "
        "write its code of two letters, such as US"
    ),
    "country: US, subdivision: California, years: 2026": (
        "1:45: US has no 'California' among its subdivisions: did you mean CA?"
    ),
    "country: US, subdivision: XX, years: 2026": (
        "1:45: US has no 'XX' among its subdivisions: "
        "there are AK, AL, AR, AS, AZ, CA, CO, CT, DC, DE, FL, GA, ..."
    ),
    "country: NA, subdivision: XX, years: 2026": "1:45: NA has no 'XX' among its subdivisions: remove subdivision",
    "country: US, years: 26": "1:39: years: '26' is no year: write a year such as 2026",
    "country: US, years: 2026-2028": "1:39: years: '2026-2028' is no year: write [2026, 2027, 2028]",
    "country: US, years: []": "1:39: years: 0 years are named: write 1 to 20, such as [2026, 2027]",
    "country: US, years: [2026, 2101]": (
        "1:39: 2101: the holidays package knows US from 1777 to 2100: write years between"
    ),
    "country: US": "1:1: public_holidays lacks years: add `years: [2026, 2027]`",
    "years: 2026": "1:1: public_holidays lacks country: add `country: US`",
    "country: US, years: 2026, expect: [Diwali]": "1:45: unknown key 'expect' in public_holidays: did you mean except?",
    "country: US, years: 2026, except: [Xmas Day]": (
        "1:53: except: none of the days is 'Xmas Day': did you mean Christmas Day?"
    ),
    "country: CH, years: 2026, language: xx": (
        "1:55: CH has no 'xx' among its languages: there are de, en_US, fr, it, th, uk"
    ),
    "country: CH, years: 2026, categories: [publik]": (
        "1:57: CH has no 'publik' among its categories: did you mean public?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("entry", WRONG)
def test_what_is_wrong_is_told_with_its_place(entry: str) -> None:
    assert told(f"{ENTRY}{entry}}}\n") == [WRONG[entry]]


@pytest.mark.parametrize("value", ["US", "[US]", "null"])
def test_what_is_no_mapping_is_told(value: str) -> None:
    (problem,) = told(f"public_holidays: {value}\n")
    assert "public_holidays is" in problem


WIDE, NARROW = "{country: US, years: 2026}", "{country: US, subdivision: TX, years: 2026}"
TWO_STATES = (
    "public_holidays: [{country: US, subdivision: CA, years: 2026}, {country: US, subdivision: NY, years: 2026}]"
)


def test_a_day_of_two_states_is_one_holiday() -> None:
    found = holidays(TWO_STATES)
    assert "us-ca-2026-07-04" in found
    assert "us-ny-2026-07-04" not in found
    assert "us-ny-2026-02-12" in found  # Lincoln's Birthday is New York's own
    days = [(each.name, each.dates) for each in found.values()]
    assert len(days) == len(set(days))


def test_two_countries_of_one_language_may_share_days() -> None:
    found = holidays("public_holidays: [{country: DE, years: 2026}, {country: AT, years: 2026}]\n")
    assert "de-2026-12-25" in found
    assert "at-2026-10-26" in found


def test_categories_that_overlap_are_one_list() -> None:
    entry = "{country: US, years: 2026, categories: [CATEGORY]}"
    entries = ", ".join(entry.replace("CATEGORY", each) for each in ("public", "government"))
    assert holidays(f"public_holidays: [{entries}]\n").keys() >= holidays(f"public_holidays: {WIDE}\n").keys()


@pytest.mark.parametrize("narrow_first", [True, False])
def test_the_wider_list_keeps_its_addresses(narrow_first: bool) -> None:
    documents = [f"account: all\npublic_holidays: {WIDE}\n", f"account: west\npublic_holidays: {NARROW}\n"]
    text = ACCOUNTS + "---\n".join(reversed(documents) if narrow_first else documents)
    west, east = holidays(text, "west"), holidays(text, "east")
    assert west.keys() >= east.keys()
    assert {key for key in west.keys() - east.keys() if key.startswith("us-tx-")} == west.keys() - east.keys()
    assert "us-tx-2026-03-02" in west  # Texas Independence Day


def test_what_is_said_of_a_day_goes_where_the_day_went() -> None:
    text = TWO_STATES + "\nholidays: {us-ny-2026-07-04: {enabled: false}}\n"
    assert holidays(text)["us-ca-2026-07-04"].enabled is False


def test_a_holiday_that_is_written_by_hand_stays() -> None:
    by_hand = "\nholidays: {xmas: {name: Christmas Day, dates: 2026-12-25}, us-2026-12-25: {enabled: false}}\n"
    found = holidays(f"public_holidays: {WIDE}{by_hand}")
    assert "us-2026-12-25" not in found
    assert found["xmas"].enabled is False


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("us-2026-07-05", "did you mean us-2026-07-04?"),
        ("use-2026-07-04", "did you mean us-2026-07-04?"),
        ("cn-1999-08-21", "give it a name and dates, or remove it"),
    ],
)
def test_what_adds_to_no_day_is_told_with_the_nearest(key: str, remedy: str) -> None:
    (problem,) = told(f"public_holidays: {WIDE}\nholidays: {{{key}: {{enabled: false}}}}\n")
    assert problem == f"2:12: public_holidays have no {key} to add to: {remedy}"


def test_another_list_renames_in_the_state_and_makes_nothing_twice(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("m.yaml", f"public_holidays: {NARROW}\n")
    workspace.apply()
    workspace.write("m.yaml", f"public_holidays: [{WIDE}, {NARROW}]\n")
    plan = workspace("plan").out
    assert "us-2026-07-04 will be created" not in plan
    assert "will be destroyed" not in plan
    workspace.apply()
    assert "holiday/us-2026-07-04" in workspace.addresses()
    assert "holiday/us-tx-2026-07-04" not in workspace.addresses()


def test_the_package_is_loaded_only_where_it_is_asked_for(load_without: Callable[[str], bool]) -> None:
    assert load_without("holidays: {a: {name: A, dates: 2026-12-24}}\n")
    assert not load_without(CALIFORNIA)


@pytest.fixture
def load_without(tmp_path: Path) -> Callable[[str], bool]:
    """Whether a workspace is loaded without the package."""

    def run(text: str) -> bool:
        (tmp_path / "provisioner.yaml").write_text(SETTINGS, "utf-8")
        (tmp_path / "m.yaml").write_text(text, "utf-8")
        code = (
            "import sys, pathlib\nfrom provisioner.manifest import load_workspace\n"
            "from provisioner.providers import BY_NAME\nload_workspace(pathlib.Path('.'), BY_NAME, environ={})\n"
            "print('holidays' in sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip() == "False"

    return run
