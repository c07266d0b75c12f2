"""The command as a build server runs it, where its log may hold commands: those that we were asked for."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.cli.command import COMMAND, PATIENCE, environment


def plainly(*arguments: str, cwd: Path, env: Mapping[str, str]) -> tuple[int, str, str]:
    """How it ended, and what it said; nothing is asked of what it says but that it is no traceback."""
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=cwd,
        env=environment(cwd, env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr
