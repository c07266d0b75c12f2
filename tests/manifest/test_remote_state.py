"""`state:` of the settings: what may stand there, and what the environment may put in its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from provisioner.errors import ManifestError
from provisioner.manifest import load_settings, load_workspace
from provisioner.manifest.remote_state import Located
from provisioner.providers import BY_NAME

SETTINGS = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\nstate: "


def located(root: Path, written: str, **environ: str) -> Located:
    (root / "provisioner.yaml").write_text(SETTINGS + written + "\n")
    state = load_settings(root, BY_NAME).state
    assert state is not None
    return state.located(environ)


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("https://states.example/salon", ("https", "states.example", 443, "/salon")),
        ("http://127.0.0.1:8080/salon", ("http", "127.0.0.1", 8080, "/salon")),
        ("postgresql://db.example/states", ("postgresql", "db.example", 5432, "/states")),
        ("postgres://DB.example:6432/states?sslmode=verify-full", ("postgresql", "db.example", 6432, "/states")),
        ("{address: https://states.example/salon, lock_method: POST}", ("https", "states.example", 443, "/salon")),
    ],
)
def test_an_address_may_stand_in_the_file(tmp_path: Path, written: str, where: tuple[str, str, int, str]) -> None:
    found = located(tmp_path, written)
    assert found.endpoint == where
    assert not found.trusted


def test_an_address_may_come_whole_from_the_environment(tmp_path: Path) -> None:
    found = located(
        tmp_path,
        '{address: "${env:A}", lock_address: "${env:A}/lock", unlock_method: DELETE}',
        A="https://states.example/salon/",
    )
    assert (found.lock, found.unlock, found.trusted) == (*["https://states.example/salon/lock"] * 2, True)
    secret = located(tmp_path, '"${env:A}"', A="postgresql://u:s3cret@db.example/states?target_session_attrs=any")
    assert (secret.database, secret.trusted, secret.endpoint) == (True, True, None)
    assert "s3cret" not in repr(secret)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("https://ci:s3cret@states.example/salon", "carries a user name"),
        ("https://states.example/salon?token=s3cret", "carries a query"),
        ("http://states.example/salon", "would get the state unencrypted"),
        ("postgresql://u:s3cret@db.example/states", "is kept in the environment"),
        ("postgresql://db.example/states?host=other.example", "is kept in the environment"),
        ("postgresql://db.example/states?password=s3cret", "is kept in the environment"),
        ('"${env:USER_PART}@evil.example/states"', "comes whole from the environment"),
        ('"https://evil.example/${env:KEY}"', "comes whole from the environment"),
        ('"${var:KEY}"', "comes whole from the environment"),
        ("salon", "is no address"),
        ("7", "is no address"),
        ("[a]", "is no address"),
        ("{lock_method: POST}", "it needs an address"),
        ("{address: https://states.example/salon, lock_method: 'POST /x'}", "is no method of HTTP"),
        ("{address: https://states.example/salon, password: s3cret}", "unknown key 'password'"),
    ],
)
def test_what_may_not_stand_there(tmp_path: Path, written: str, words: str) -> None:
    with pytest.raises(ManifestError) as caught:
        located(tmp_path, written)
    said = str(caught.value)
    assert words in said
    assert said.startswith("provisioner.yaml:5:")
    assert "s3cret" not in said


@pytest.mark.parametrize(
    "value", ["", "s3cret", "postgres:s3cret@x", "https://u:s3cret@h/x", "http://far.example/s3cret"]
)
def test_what_the_environment_holds_is_not_repeated(tmp_path: Path, value: str) -> None:
    with pytest.raises(ManifestError, match=r"^provisioner.yaml:5:8: state: the environment variable A ") as caught:
        located(tmp_path, '"${env:A}"', A=value)
    assert "s3cret" not in str(caught.value)


SPECIAL = (
    "s3c@retTAIL", "s3c/retTAIL", "s3c?retTAIL", "s3c#retTAIL", "12/retTAIL", "12?sslmode=retTAIL", "s3c%retTAIL",
    "s3c retTAIL", "s3c@h/retTAIL", "s3c/d?a=retTAIL", "@retTAIL", "retTAIL@", "12#retTAIL", "s3c\nretTAIL",
    "s3c,h:1@retTAIL", "s3c@[::1]/retTAIL?", "%2Fs3c/retTAIL",
)  # fmt: skip


@pytest.mark.parametrize("password", SPECIAL)
def test_no_part_of_a_password_that_is_not_encoded_is_taken_for_something_else(tmp_path: Path, password: str) -> None:
    """The library of the database would look `retTAIL@db.example` up as a host, and name it in its error."""
    with pytest.raises(ManifestError, match="percent-encoded") as caught:
        located(tmp_path, '"${env:A}"', A=f"postgresql://u:{password}@db.example:6432/states")
    assert not re.search(r"s3c|TAIL|db\.example|6432", str(caught.value))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:s3c%40r%2Fe%3Ft%23%25@db.example/states",
        "postgresql://u:a:b!$&'()*+,;=^|[]{}é@[::1]:6432/states?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "postgresql://u@a.example:1,b.example:2/states?target_session_attrs=read-write",
        "postgresql://u:p@%2Fvar%2Frun/states",
        "postgresql:///states",
    ],
)
def test_what_the_library_of_the_database_understands_alike_goes_there(tmp_path: Path, address: str) -> None:
    psycopg = pytest.importorskip("psycopg")
    assert located(tmp_path, '"${env:A}"', A=address).address == address
    assert psycopg.conninfo.conninfo_to_dict(address)["dbname"] == "states"


def test_the_lock_is_at_the_same_host(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="the lock is at another host than the state"):
        located(tmp_path, "{address: https://states.example/salon, lock_address: https://evil.example/salon}")


@pytest.mark.parametrize("name", ["STATES", "PROVISIONER_STATE_PASSWORD", "PGPASSWORD"])
def test_what_signs_in_there_is_for_nothing_else(tmp_path: Path, name: str) -> None:
    (tmp_path / "provisioner.yaml").write_text(f'{SETTINGS}"${{env:STATES}}"\n')
    (tmp_path / "west.yaml").write_text(
        f'accounts:\n  west: {{company_name: W, nick_name: west, email: a@b.example, password: "${{env:{name}}}"}}\n'
    )
    with pytest.raises(ManifestError, match=f"west.yaml:2.*{name}"):
        load_workspace(tmp_path, BY_NAME, environ={name: "s3cret"})
