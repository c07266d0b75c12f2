"""Serving over HTTP, on loopback only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from provisioner.sandbox.serve import run

if TYPE_CHECKING:
    from pathlib import Path

SERVER = """
import sys
from provisioner.sandbox.serve import run
run(sys.argv[1], "127.0.0.1", 0, dialect={"put": "full"}, on_ready=lambda url: print(url, flush=True))
print("closed", flush=True)
"""


@pytest.mark.parametrize("host", ["0.0.0.0", "example.com", ""])
def test_other_hosts_are_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match="this computer only"):
        run(tmp_path / "sandbox.db", host, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent the POSIX way")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_ends_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path / "sandbox.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        assert httpx.get(f"{url}/_sandbox/dialect", trust_env=False).json()["put"] == "full"
        os.kill(server.pid, how)
        out, err = server.communicate(timeout=20)
        assert (server.returncode, out.strip(), err) == (0, "closed", "")
