"""A workspace is for one vendor: what another one has is refused at its place, with where it belongs."""

from __future__ import annotations

import pytest

from provisioner.kinds import KINDS
from provisioner.providers import BY_NAME, VENDORS
from provisioner.providers.base import Connection
from tests.manifest.conftest import SETTINGS, Folder

SERIES = """\
recurring_appointments:
  yoga: {every: 1 week, days: mon, time: 09:30-10:15, dates: 2027-01-04.., staff: 1, location: 2, reason: 3}
"""
TIMETAP = SETTINGS.replace("setster", "timetap").replace("2345", "71300")


def test_a_series_is_for_timetap(folder: Folder) -> None:
    remedy = "move it to a workspace with provider: timetap"
    assert folder.told(SERIES) == [
        f"main.yaml:2:3: recurring_appointment/yoga: setster has no recurring_appointments: {remedy}"
    ]
    assert folder.write("provisioner.yaml", TIMETAP).addresses(SERIES) == {"recurring_appointment/yoga"}


def test_a_location_is_for_setster(folder: Folder) -> None:
    folder.write("provisioner.yaml", f"{TIMETAP}defaults: {{locations: {{country: US}}}}\n")
    text = """\
        locations:
          downtown: {name: Downtown}
        removed:
          service/perm: {how: delete}
        """
    elsewhere = "move it to a workspace with provider: setster"
    assert folder.told(text) == [
        f"main.yaml:2:3: location/downtown: timetap has no locations: {elsewhere}",
        f"main.yaml:4:3: service/perm: timetap has no services: {elsewhere}",
        f"provisioner.yaml:5:12: defaults: locations: timetap has no locations: {elsewhere}",
    ]


def test_a_vendor_without_accounts_has_none_to_declare(folder: Folder) -> None:
    folder.write("provisioner.yaml", TIMETAP)
    assert folder.told(f"account: west\n{SERIES}") == [
        "main.yaml:1:10: no account 'west': timetap has no sub-accounts: remove the account"
    ]


def test_an_account_is_for_setster(folder: Folder) -> None:
    folder.write("provisioner.yaml", TIMETAP).accounts()
    assert [line.split(": ", 1)[1].split(":")[0] for line in folder.told()] == [
        "account/acme-east",
        "account/acme-west",
        "account/other",
    ]


def test_credentials_are_those_of_the_vendor(folder: Folder) -> None:
    folder.write("provisioner.yaml", TIMETAP + 'credentials: {email: "${env:E}", private_key: "${env:K}"}\n')
    assert folder.told() == [
        "provisioner.yaml:5:15: unknown key 'email' in credentials: there are api_key, private_key",
    ]


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_vendor_has_the_kinds_that_it_names(vendor: object) -> None:
    found = BY_NAME[getattr(vendor, "name", "")]
    connection = Connection(f"http://127.0.0.1:9{found.path}", "1", dict(found.sandbox))
    assert found.connect(connection).capabilities.keys() == set(found.kinds)


def test_every_kind_is_some_vendors() -> None:
    assert {kind.kind for kind in KINDS} == {name for vendor in VENDORS for name in vendor.kinds}
