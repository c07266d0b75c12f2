"""The command without the half second that Python takes to begin: a process that has imported everything and forks.

Each run is a process of its own, with its own arguments, folder, environment and output, and it ends as any other. Only
the start is not the installed script's. `command.run` takes that one where the start matters.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

LAZY = ("aiohttp", "deepdiff", "httpx_aiohttp", "httptools", "openpyxl", "uvloop", "holidays", "email.mime.text")
"""What the command imports only where it is needed: imported beforehand when it is there."""
_LARGEST = 1 << 20
Ended = tuple[int, bytes, bytes]


# -- the side that runs tests


class Forker:
    """A process to fork from, started when it is first asked, and ended with the tests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ours: socket.socket | None = None

    def run(self, arguments: tuple[str, ...], cwd: Path, env: Mapping[str, str], patience: float) -> Ended:
        """The exit code and the output of a run; a signal's number as a negative code, as subprocess has it."""
        told, theirs = socket.socketpair()
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        request = json.dumps([arguments, str(cwd), dict(env)]).encode()
        with told, theirs:
            told.settimeout(patience)
            with self._lock:
                socket.send_fds(self._started(), [b"."], [theirs.fileno(), out_end, err_end])
            theirs.close()
            os.close(out_end)
            os.close(err_end)
            told.sendall(len(request).to_bytes(8) + request)
            with ThreadPoolExecutor(1) as beside:
                errors = beside.submit(_all, err)
                output = _all(out)
            code = int(told.recv(16))
        return code, output, errors.result()

    def _started(self) -> socket.socket:
        if self._ours is None:
            self._ours, theirs = socket.socketpair()
            command = [sys.executable, __file__, str(theirs.fileno())]
            environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
            process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,  # of the same sort as the command's will be
                stderr=subprocess.PIPE,
            )
            theirs.close()
            atexit.register(_end, self._ours, process)
        return self._ours


def _all(descriptor: int) -> bytes:
    with open(descriptor, "rb") as file:
        return file.read()


def _end(ours: socket.socket, process: subprocess.Popen[bytes]) -> None:
    ours.close()
    process.communicate(timeout=10)


# -- the side that forks


def _import_all() -> None:
    import provisioner

    for module in pkgutil.walk_packages(provisioner.__path__, "provisioner."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in LAZY:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    _compute_once()


def _compute_once() -> None:
    """What a process works out of its own code and keeps."""
    from provisioner.cli.commands.schema import schema_texts

    schema_texts()


def _serve(asked: socket.socket) -> tuple[list[str], dict[str, str]]:
    """Fork for every request; only the process that is to be the command comes back from here."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        data, descriptors, *_ = socket.recv_fds(asked, 1, 3)
        if not data:
            os._exit(0)
        if os.fork() == 0:
            asked.close()
            return _beside(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _beside(report: int, out: int, err: int) -> tuple[list[str], dict[str, str]]:
    """Wait for the command and tell how it ended; in the command itself, return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection = socket.socket(fileno=report)
    size = int.from_bytes(connection.recv(8, socket.MSG_WAITALL))
    assert size < _LARGEST
    arguments, cwd, env = json.loads(connection.recv(size, socket.MSG_WAITALL))
    child = os.fork()
    if child:
        os.close(out)
        os.close(err)
        _, status = os.waitpid(child, 0)
        connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    connection.close()
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    os.chdir(cwd)
    return arguments, env


def _become(arguments: list[str], env: Mapping[str, Any]) -> NoReturn:
    from provisioner.cli.main import main

    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["provisioner", *arguments]
    code: Any = 1
    try:
        main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 -- shown as the interpreter shows it
        sys.excepthook(*sys.exc_info())
    _leave(code)


def _leave(code: Any) -> NoReturn:
    """End as the interpreter does, but for taking down what it shares with the process that it came from."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).parent))  # `tests/cli` would hide libraries that are called like its files
    _import_all()
    gc.freeze()
    _become(*_serve(socket.socket(fileno=int(sys.argv[1]))))
