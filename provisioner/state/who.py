"""Who is at work: the user of this computer, or the person for whom a pipeline of GitHub or GitLab runs."""

from __future__ import annotations

import getpass
import os
import re
import socket
from collections.abc import Mapping

_NAME = re.compile(r"[\w.@+-]+(?:\[bot\])?", re.ASCII)
_LONGEST = 100


def who(environ: Mapping[str, str] = os.environ) -> str:
    """As the history says it: `ana@laptop`, or `ana (GitHub run 123)`, which can be looked up there."""
    run, number = _run(environ)
    actor = _actor(environ)
    if not actor:
        return f"{user(environ)}@{socket.gethostname()}"
    return f"{actor} ({run} {number})" if number else actor


def user(environ: Mapping[str, str] = os.environ) -> str:
    """Their name alone."""
    try:
        return _actor(environ) or getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _actor(environ: Mapping[str, str]) -> str:
    """Whoever started the run, last; "" where there is no pipeline, or it does not say so plainly."""
    if environ.get("GITHUB_ACTIONS") == "true":
        return _plain(environ, "GITHUB_TRIGGERING_ACTOR") or _plain(environ, "GITHUB_ACTOR")
    return _plain(environ, "GITLAB_USER_LOGIN") if environ.get("GITLAB_CI") == "true" else ""


def _run(environ: Mapping[str, str]) -> tuple[str, str]:
    if environ.get("GITHUB_ACTIONS") == "true":
        return "GitHub run", _plain(environ, "GITHUB_RUN_ID")
    return "GitLab job", _plain(environ, "CI_JOB_ID")


def _plain(environ: Mapping[str, str], name: str) -> str:
    """A value that is a name or a number; the forge's names are no more than that."""
    value = environ.get(name, "")
    return value if len(value) <= _LONGEST and _NAME.fullmatch(value) else ""
