"""Who is said to be at work, on a laptop and in pipelines."""

from __future__ import annotations

import getpass
import socket

import pytest

from provisioner.state.who import user, who

HERE = f"{getpass.getuser()}@{socket.gethostname()}"
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "ana", "GITHUB_RUN_ID": "123"}
GITLAB = {"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "zoe.k", "CI_JOB_ID": "77"}


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, HERE),
        (GITHUB, "ana (GitHub run 123)"),
        (GITHUB | {"GITHUB_TRIGGERING_ACTOR": "ben"}, "ben (GitHub run 123)"),
        (GITHUB | {"GITHUB_ACTOR": "dependabot[bot]"}, "dependabot[bot] (GitHub run 123)"),
        (GITLAB, "zoe.k (GitLab job 77)"),
        (GITLAB | {"CI_JOB_ID": ""}, "zoe.k"),
        (GITHUB | {"GITHUB_ACTIONS": ""}, HERE),
        ({"GITHUB_ACTIONS": "true"}, HERE),
    ],
)
def test_in_a_pipeline_it_is_who_started_it_and_where_that_is_to_be_read(environ: dict[str, str], said: str) -> None:
    assert who(environ) == said
    assert user(environ) == said.partition("@")[0].partition(" ")[0]


@pytest.mark.parametrize("name", ["a\x1b[31m", "a\nb", "<b>", "a b", "x" * 101, "`a`", "[bot]", "\u202eana"])
def test_what_is_no_name_is_not_taken_for_one(name: str) -> None:
    assert who(GITHUB | {"GITHUB_ACTOR": name}) == HERE
    assert who(GITHUB | {"GITHUB_RUN_ID": name}) == "ana"
