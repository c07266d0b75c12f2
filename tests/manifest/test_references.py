"""References: what `${...}` may bring into a text, and what it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from provisioner.errors import ManifestError
from provisioner.manifest import load_workspace, resolve_credentials
from provisioner.providers import BY_NAME

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder


def described(folder: Folder, text: str) -> Any:
    return folder.wanted("location/a", f"locations: {{a: {{name: A, description: '{text}'}}}}")["description"]


def refused(folder: Folder, text: str) -> str:
    (line,) = folder.told(f"locations: {{a: {{name: A, description: '{text}'}}}}")
    return line.removeprefix("main.yaml:1:39: description: ")


def secret(folder: Folder, text: str) -> Any:
    return folder.wanted("account/a", f"accounts: {{a: {{password: '{text}'}}}}")["password"]


def secret_refused(folder: Folder, text: str) -> str:
    (line,) = folder.told(f"accounts: {{a: {{password: '{text}'}}}}")
    return line.removeprefix("main.yaml:1:26: ")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${var:CITY}", "Los Ángeles"),
        ("in ${var:CITY}, ${var:CITY}!", "in Los Ángeles, Los Ángeles!"),
        ("${var:CITY|slug}", "los-angeles"),
        ("${var:CITY|upper}", "LOS ÁNGELES"),
        ("${var:CITY | slug | upper}", "LOS-ANGELES"),
        ("$${var:CITY}", "${var:CITY}"),
        ("$$${var:CITY}", "$${var:CITY}"),
        ("costs $5 {net} $", "costs $5 {net} $"),
    ],
)
def test_variables_are_looked_up_in_texts(folder: Folder, text: str, result: str) -> None:
    folder.options["variables"] = {"CITY": "Los Ángeles"}
    assert described(folder, text) == result


def test_a_variable_of_the_environment_counts_and_a_given_one_wins(folder: Folder) -> None:
    folder.environ |= {"PROVISIONER_VAR_A": "one", "PROVISIONER_VAR_B": "two"}
    folder.options["variables"] = {"B": "given"}
    assert described(folder, "${var:A} ${var:B}") == "one given"


def test_what_is_brought_in_is_not_looked_at_again(folder: Folder) -> None:
    folder.options["variables"] = {"X": "${var:Y} {a: b}\n- c"}
    assert described(folder, "${var:X}") == "${var:Y} {a: b}\n- c"


def test_an_escape_in_double_quotes_spells_a_reference_too(folder: Folder) -> None:
    folder.options["variables"] = {"X": "x"}
    assert folder.wanted("location/a", 'locations: {a: {name: "\\x24{var:X}"}}') == {"name": "x"}


def test_references_work_in_lists_links_scopes_and_defaults(folder: Folder) -> None:
    folder.accounts().settings("defaults: {locations: {city: '${var:X}'}}")
    folder.options["variables"] = {"X": "x", "WHO": "acme-west"}
    text = """
        account: ${var:WHO}
        locations: {x: {name: X}}
        services: {x: {name: X, duration: 15 min}}
        employees: {e: {email: e@x.example, first_name: E, last_name: E, at: {x: {services: ["${var:X}"]}}}}
        links: [{employees: e, locations: "${var:X}", services: all}]
        """
    assert folder.wanted("acme-west/location/x", text)["city"] == "x"
    assert "acme-west/link/e/x/x" in folder.addresses()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${var:CITI}", "the variable CITI is not set: did you mean CITY?"),
        ("${var:X}", "the variable X is not set: pass --var X=VALUE or export PROVISIONER_VAR_X"),
        (
            "${env:HOME}",
            "${env:HOME} is allowed only in credentials and sensitive fields: an ordinary value comes from ${var:NAME}",
        ),
        ("${var:CITY|slugg}", "${var:CITY|slugg} has the unknown filter 'slugg': did you mean slug?"),
        ("${var:CITY|md5}", "${var:CITY|md5} has the unknown filter 'md5': there are slug, lower, upper"),
        ("${var:}", "${var:} has no proper name: write letters, digits and _, as in ${var:NAME}"),
    ],
)
def test_what_cannot_be_looked_up_is_an_error(folder: Folder, text: str, message: str) -> None:
    folder.options["variables"] = {"CITY": "Rome"}
    folder.environ["HOME"] = "x"
    assert refused(folder, text) == message


@pytest.mark.parametrize("text", ["${store.city}", "${CITY}", "${}", "${vault:X}"])
def test_an_unknown_source_is_an_error_that_names_the_known_ones(folder: Folder, text: str) -> None:
    known = "write ${var:NAME}, ${file:PATH} or ${env:NAME}, or $${ for the characters themselves"
    assert refused(folder, text) == f"{text} refers to nothing known: {known}"


def test_a_reference_needs_its_end(folder: Folder) -> None:
    assert refused(folder, "a ${var:X").startswith("'${var:X' has no end: write ${var:NAME}")


def test_a_reference_in_a_key_is_refused_with_the_reason(folder: Folder) -> None:
    reason = "a reference is not allowed in a key, which must stay the same from run to run: write it out"
    assert folder.told("locations:\n  ${var:X}: {name: A}\n  b: {name: B, '${var:Y}': c}") == [
        f"main.yaml:2:3: {reason}",
        f"main.yaml:3:16: {reason}",
    ]


# --- files


def test_a_file_brings_its_text_without_one_final_line_break(folder: Folder) -> None:
    (folder.root / "texts").mkdir()
    (folder.root / "texts" / "about.txt").write_bytes("Liv Ås\r\n".encode())
    assert described(folder, "${file:texts/about.txt}") == "Liv Ås"
    folder.write("plain.txt", "one\ntwo\n\n")
    assert described(folder, "${file:plain.txt}") == "one\ntwo\n"


def test_a_file_stays_inside_the_workspace(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret_file = tmp_path_factory.mktemp("outside") / "secret"
    secret_file.write_text("secret", "utf-8")
    (folder.root / "link").symlink_to(secret_file)
    for name in ("link", f"../{secret_file.parent.name}/secret", str(secret_file)):
        assert refused(folder, f"${{file:{name}}}").endswith("is outside the workspace: name a file below its root")


def test_a_file_is_utf8_text_of_bounded_size(folder: Folder) -> None:
    (folder.root / "latin").write_bytes(b"\xe5")
    (folder.root / "large").write_bytes(b"x" * (1024 * 1024 + 1))
    assert refused(folder, "${file:latin}") == "latin is not UTF-8: save it as UTF-8"
    assert refused(folder, "${file:large}").startswith("large is larger than 1 MiB")
    assert refused(folder, "${file:none}") == "none is no file of the workspace: the path starts at its root"


# --- secrets


def test_a_secret_comes_from_the_environment_or_a_file(folder: Folder) -> None:
    folder.environ["P"] = "hunter2"
    assert secret(folder, "${env:P}") == SecretStr("hunter2")
    folder.write("pass", "hunter3\n")
    assert secret(folder, "${file:pass}") == SecretStr("hunter3")
    assert folder.wanted("account/a", "accounts: {a: {password: null}}") == {"password": None}


def test_no_secret_shows_in_a_repr(folder: Folder) -> None:
    folder.environ["P"] = "hunter2"
    folder.settings("credentials: {email: plain@x.example, api_key: 'hunter4${env:K}'}")
    shown = repr(folder.load("accounts: {a: {password: '${env:P}'}}"))
    assert "hunter" not in shown
    assert "plain@" not in shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hunter2", "password is a secret: write ${env:NAME}, and put the value in that variable"),
        ("${var:P}", "password is a secret, which a ${var:...} would not keep: write ${env:NAME}"),
        ("${env:Q}", "password: the environment variable Q is not set: export it"),
        ("${env:EMPTY}", "password: the environment variable EMPTY is empty: export it"),
        ("${env:KEY}", "KEY holds a credential of this tool: use another variable for password"),
        (
            "hunter${2",
            "password holds a ${ that begins no known reference: write ${env:NAME}, or $${ for the two characters",
        ),
    ],
)
def test_what_is_no_secret_is_refused_without_repeating_it(folder: Folder, text: str, message: str) -> None:
    folder.settings("credentials: {email: e@x.example, api_key: '${env:KEY}'}")
    folder.environ |= {"KEY": "k", "P": "p", "EMPTY": ""}
    assert secret_refused(folder, text) == message


def test_a_credential_cannot_pass_as_a_variable(folder: Folder) -> None:
    folder.settings("credentials: {api_key: '${env:PROVISIONER_VAR_KEY}'}")
    folder.environ["PROVISIONER_VAR_KEY"] = "k"
    assert "holds a credential" in refused(folder, "${var:KEY}")


def test_placeholders_stand_in_for_secrets_that_are_not_set(folder: Folder) -> None:
    folder.options["secrets"] = "placeholder"
    assert secret(folder, "${env:P}").get_secret_value() == "(placeholder for P)"
    folder.environ["P"] = "set"
    assert secret(folder, "${env:P}").get_secret_value() == "set"


# --- credentials


def test_a_credential_is_looked_up_when_it_is_needed(folder: Folder) -> None:
    folder.settings("credentials: {email: plain-text, api_key: 'own-${env:WHO}'}")
    credentials = folder.load().settings.credentials
    assert credentials["api_key"].resolve({"WHO": "er"}) == "own-er"
    assert credentials["email"].resolve({}) == "plain-text"
    with pytest.raises(ManifestError) as caught:
        credentials["api_key"].resolve({})
    message = "api_key: the environment variable WHO is not set: export it"
    assert str(caught.value) == f"provisioner.yaml:5:43: {message}"


@pytest.mark.parametrize("value", ["key\n", "key\r\n", " key", "a\tb", "a\x00b", "a\udcffb", ""])
def test_a_credential_that_cannot_be_sent_as_it_is_is_refused(folder: Folder, value: str) -> None:
    folder.settings("credentials: {api_key: '${env:KEY}'}")
    with pytest.raises(ManifestError) as caught:
        folder.load().settings.credentials["api_key"].resolve({"KEY": value})
    (line,) = str(caught.value).splitlines()
    assert line.startswith("provisioner.yaml:5:24: api_key: ")
    assert "key" not in line.removeprefix("provisioner.yaml:5:24: api_key: ").replace("${env:KEY}", "")


def test_a_credential_takes_nothing_but_the_environment(folder: Folder) -> None:
    folder.settings("credentials: {email: '${var:X}', api_key: '${env:X|lower}', token: x}")
    reason = "only the environment is asked for a credential: write ${env:NAME}, without a filter"
    assert folder.told() == [
        f"provisioner.yaml:5:22: email: {reason}",
        f"provisioner.yaml:5:43: api_key: {reason}",
        "provisioner.yaml:5:61: unknown key 'token' in credentials: there are email, api_key",
    ]


def test_a_key_is_not_written_into_the_settings(folder: Folder) -> None:
    """Who sees the file would have it. What is no secret may stand there, and what opens the sandbox alone."""
    folder.settings("credentials: {email: owner@x.example, api_key: hunter2}")
    said = "it is a secret: write ${env:SETSTER_API_KEY}, put the value in that variable, and change it if the file was"
    assert folder.told() == [f"provisioner.yaml:5:48: api_key: {said} ever shared"]
    for fine in ("sandbox-key", "'${env:KEY}'", "'x${env:KEY}'"):
        folder.settings(f"credentials: {{email: owner@x.example, api_key: {fine}}}").load()


def test_the_environment_is_the_processs_own_unless_given(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVISIONER_VAR_CITY", "Oslo")
    folder.write("main.yaml", "locations: {a: {name: '${var:CITY}'}}")
    assert [d.resource.wanted() for d in load_workspace(folder.root, BY_NAME).desired.resources.values()] == [
        {"name": "Oslo"}
    ]


def test_the_usual_variables_are_held_whatever_the_settings_say(folder: Folder) -> None:
    """An edit of the settings makes no ordinary secret of a credential."""
    folder.environ |= {"SETSTER_API_KEY": "k", "SETSTER_EMAIL": "e"}
    message = "holds a credential of this tool: use another variable for password"
    for settings in ("", "credentials: {email: own, api_key: '${env:OWN}'}"):
        folder.settings(settings)
        for name in ("SETSTER_API_KEY", "SETSTER_EMAIL"):
            assert secret_refused(folder, f"${{env:{name}}}") == f"{name} {message}"


def test_all_missing_credentials_are_told_together(folder: Folder) -> None:
    settings = folder.settings("credentials: {api_key: 'x${env:KEY}'}").load().settings
    with pytest.raises(ManifestError) as caught:
        resolve_credentials(settings, ("email", "api_key"), {})
    assert str(caught.value).splitlines() == [
        'provisioner.yaml:5:14: setster needs the credential email: add `email: "${env:SETSTER_EMAIL}"` to credentials',
        "provisioner.yaml:5:24: api_key: the environment variable KEY is not set: export it",
    ]
    settings = folder.settings("credentials: {api_key: 'x${env:KEY}', email: e@x.example}").load().settings
    found = resolve_credentials(settings, ("email", "api_key"), {"KEY": "y"})
    assert found == {"email": "e@x.example", "api_key": "xy"}
