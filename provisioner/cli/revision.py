"""Which commit of which repository a workspace is, where there is one. Nothing fails where there is none."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

PATIENCE = 5.0
"""Seconds that git may take: a repository of any size is no reason to wait."""
_COMMIT = re.compile("[0-9a-f]{40,64}")
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
"""Nothing that a repository's own settings name is run."""


class Revision(NamedTuple):
    """A commit, and whether the workspace was as it is there."""

    commit: str = ""
    dirty: bool = False


def revision(root: Path) -> Revision:
    """The commit that is checked out; without git, or a repository, or a first commit, none."""
    commit = _git(root, "rev-parse", "--verify", "HEAD")
    if commit is None or not _COMMIT.fullmatch(commit.strip()):
        return Revision()
    return Revision(commit.strip(), bool(_git(root, "status", "--porcelain", "--", ".")))


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 -- words of ours, and a folder
            ["git", "-C", str(root), *_QUIET, *words],  # noqa: S607 -- whichever git the user has
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")
