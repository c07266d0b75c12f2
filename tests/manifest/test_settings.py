"""Settings: what `provisioner.yaml` may say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from provisioner.errors import ManifestError
from provisioner.kinds.desired import Place
from provisioner.kinds.values import Limit
from provisioner.manifest import Limits, PolicySettings, load_settings
from provisioner.providers import BY_NAME

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder

FULL = """\
limits: {concurrency: 4, calls_per_second: 2.5, settle: 3, body: wrapped}
policy: {prune: never, max_destroy: 5, max_update: [10, 20%]}
"""


def told(folder: Folder) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        load_settings(folder.root, BY_NAME)
    return str(caught.value).splitlines()


def test_what_is_left_out_has_its_default(folder: Folder) -> None:
    settings = load_settings(folder.root, BY_NAME)
    assert (settings.version, settings.provider, settings.endpoint) == (1, "setster", "sandbox")
    assert settings.company_id == "2345"
    assert settings.limits == Limits(16, Decimal(20), None, "raw")
    assert settings.policy == PolicySettings("owned", Limit(10, 30), Limit(None, 50))
    assert settings.credentials == {}


def test_every_setting_is_read(folder: Folder) -> None:
    settings = load_settings(folder.settings(FULL).root, BY_NAME)
    assert settings.limits == Limits(4, Decimal("2.5"), Decimal(3), "wrapped")
    assert settings.policy == PolicySettings("never", Limit(5), Limit(10, Decimal(20)))


def test_null_calls_per_second_is_no_pace(folder: Folder) -> None:
    assert (
        load_settings(folder.settings("limits: {calls_per_second: null}").root, BY_NAME).limits.calls_per_second is None
    )


def test_an_endpoint_is_the_sandbox_or_an_url(folder: Folder) -> None:
    text = "version: 1\nprovider: setster\ncompany_id: 1\nendpoint: {0}\n"
    folder.write("provisioner.yaml", text.format("https://www.setster.com/api/v2/"))
    assert load_settings(folder.root, BY_NAME).endpoint == "https://www.setster.com/api/v2"
    folder.write("provisioner.yaml", text.format("www.setster.com/api"))
    has_no = "endpoint: 'www.setster.com/api' has no scheme"
    assert told(folder) == [f"provisioner.yaml:4:11: {has_no}: write sandbox or https://www.setster.com/api"]
    folder.write("provisioner.yaml", text.format("'${env:ENDPOINT}'"))
    message = "references are not looked up here: write the value itself"
    assert told(folder) == [f"provisioner.yaml:4:11: endpoint: {message}"]


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        (
            "https://key@www.setster.com",
            "the address carries a user name: write it without, as in https",
        ),
        (
            "https://www.setster.com/?a=b",
            "the address carries a query or a fragment: write it without",
        ),
        (
            "'https://x.example/#a'",
            "the address carries a query or a fragment: write it without",
        ),
        (
            "https://x.example:70000",
            "'https://x.example:70000' has a port that cannot be: write a port from 1 to 65535",
        ),
        ("http://127.0.0.1:0", "'http://127.0.0.1:0' has a port that cannot be"),
        ("https://[::1", "'https://[::1' is not a web address: write one such as https://www.example.com/api/v2"),
        ("https://[::1]evil.example", "'https://[::1]evil.example' is not a web address"),
        ("https://[:::]/", "'https://[:::]/' is not a web address"),
        ("https://x.example\\\\@evil.example", "the address carries a user name"),
        ("https://x.example\\\\evil.example", "is not a web address"),
        ("httpſ://x.example", "is no address of http or https: write one such as https://www.example.com/api/v2"),
        ("ftp://x.example", "'ftp://x.example' is no address of http or https"),
        ('"https://x.example/${env:KEY}"', "references are not looked up here: write the value itself"),
        ('"https://x.exa\\tmple/"', "is not a web address"),
        ("[sandbox]", "a list is"),
    ],
)
def test_an_endpoint_is_an_address_and_nothing_more(folder: Folder, endpoint: str, message: str) -> None:
    folder.write("provisioner.yaml", f"version: 1\nprovider: setster\nendpoint: {endpoint}\ncompany_id: 1\n")
    (line,) = told(folder)
    assert line.startswith("provisioner.yaml:3:11: endpoint: ")
    assert message in line


def test_a_setting_knows_its_place(folder: Folder) -> None:
    settings = load_settings(folder.settings("limits: {concurrency: 4}").root, BY_NAME)
    assert settings.place("endpoint") == Place("provisioner.yaml", 3, 11)
    assert settings.place("limits") == Place("provisioner.yaml", 5, 9)
    assert settings.place("credentials") == Place("provisioner.yaml", 1, 1)


def test_every_mistake_is_told_at_its_place(folder: Folder) -> None:
    folder.write(
        "provisioner.yaml",
        """\
        version: 2
        provider: setstr
        company_id: -1
        limits: {concurrency: 0, calls_per_second: 0, settle: soon, body: rw, dialect: {put: full}, pace: 1}
        policy: {prune: own, max_destroy: many}
        credentials: [a]
        defaults: {locations: US}
        """,
    )
    known = "concurrency, calls_per_second, settle, body"
    assert told(folder) == [
        "provisioner.yaml:1:1: provisioner.yaml lacks endpoint: add `endpoint: sandbox`",
        "provisioner.yaml:1:10: version: '2' is no version of the settings that is known here: write 1",
        "provisioner.yaml:2:11: provider: 'setstr' is no provider: did you mean setster?",
        "provisioner.yaml:3:13: company_id: '-1' is too small: write 1 or more",
        "provisioner.yaml:4:23: concurrency: '0' is too small: write 1 or more",
        "provisioner.yaml:4:44: calls_per_second: '0' would never call: write null for no pace, or 1 or more",
        "provisioner.yaml:4:55: settle: 'soon' is no plain number: write one such as 20 or 0.5",
        "provisioner.yaml:4:67: body: 'rw' is no form of a body: did you mean raw?",
        f"provisioner.yaml:4:71: unknown key 'dialect' in limits: there are {known}",
        f"provisioner.yaml:4:93: unknown key 'pace' in limits: there are {known}",
        "provisioner.yaml:5:17: prune: 'own' is no way to prune: did you mean owned?",
        "provisioner.yaml:5:35: max_destroy: 'many' is not a limit: write 10, 30% or [10, 30%]",
        "provisioner.yaml:6:14: credentials is a list: write a mapping of keys to values",
        "provisioner.yaml:7:23: locations: 'US' is no mapping of fields to values: write {country: US}, for example",
    ]


def test_an_empty_file_and_a_second_document_are_errors(folder: Folder) -> None:
    folder.write("provisioner.yaml", "# nothing yet\n")
    assert told(folder) == ["provisioner.yaml:1:1: it is empty: write version, provider, endpoint and company_id"]
    folder.settings("---\npolicy: {prune: all}")
    assert told(folder) == ["provisioner.yaml:6:1: settings are one document: merge the two"]
