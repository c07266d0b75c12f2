"""Runs a page: its commands in order in one folder, with its files written and its edits made on the way."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

from tests.cli.command import FORKER, PATIENCE
from tests.docs.pages import Block

BIN = Path(sys.executable).parent
PORT = "8787"
_SERVE = "provisioner sandbox serve"
_PLAIN = re.compile(r"provisioner [^|&;<>()$`*?~#\n]*")
"""A command in which a shell would see nothing but words."""
_NORMAL = (
    (re.compile(r"\bid \d+"), "id N"),
    (re.compile(r'"id": ?"?\d+"?'), '"id": N'),
    (re.compile(r"(?<=about )\d+ (s|min)\b"), "N s"),
    (re.compile(r"(?<= in )\d+ s\."), "N s."),
    (re.compile(r"(?<=Digest: )[0-9a-f]{10}"), "X"),
    (re.compile(r"[0-9a-f]{26}"), "TOKEN"),
    (re.compile(r"(?<=hash_code=)[0-9a-f]{16}"), "CODE"),
    (re.compile(r'"ms":[0-9.]+,"at":"[^"]*"'), '"ms":N,"at":T'),
    (re.compile(r'"now":"[^".]*\.\d+\+00:00"'), '"now":T'),  # the real time has fractions, a frozen one has none
    (re.compile(r"(?<=passed in )[0-9.]+s"), "Ns"),
)
_CURL = """#!{python}
import sys, time, urllib.error, urllib.request
said, url, rest = {{}}, "", iter(sys.argv[1:])
for word in rest:
    if word in ("-X", "-d", "-H", "--retry", "--retry-delay"):
        said[word] = next(rest)
    elif not word.startswith("-"):
        url = word
data = said.get("-d")
data = open(data[1:], "rb").read() if data and data[0] == "@" else data and data.encode()
headers = dict([said["-H"].split(": ", 1)]) if "-H" in said else {{}}
for left in reversed(range(int(said.get("--retry", 0)) + 1)):
    try:
        answer = urllib.request.urlopen(urllib.request.Request(url, data, headers, method=said.get("-X")))
    except urllib.error.HTTPError as refused:
        answer = refused
    except urllib.error.URLError:
        if not left:
            raise
        time.sleep(1)
        continue
    break
sys.stdout.write(answer.read().decode())
sys.exit(22 if "-sf" in sys.argv and answer.status >= 400 else 0)
"""


class Step(NamedTuple):
    """One command of a block, what the page shows of its output, and what it exits with."""

    command: str
    shown: str
    code: int


def steps(block: Block) -> list[Step]:
    """The commands of a console block."""
    found = re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]
    codes = [0] * (len(found) - 1) + [int(block.option("exit", "0"))]
    return [Step(*_parted(text), code) for text, code in zip(found, codes, strict=True)]


def _parted(text: str) -> tuple[str, str]:
    command, _, shown = text.partition("\n")
    while command.endswith("\\"):
        more, _, shown = shown.partition("\n")
        command = f"{command[:-1].rstrip()} {more.strip()}"
    return command, shown


def normal(text: str) -> list[str]:
    """Output as it is compared: without ids, times, digests, tokens and blanks at the end of lines."""
    for pattern, stand_in in _NORMAL:
        text = pattern.sub(stand_in, text)
    return [line.rstrip() for line in text.strip().splitlines()]


def fits(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed; a line `...` stands for any number of lines."""
    parts = [re.escape(line) + "\n" if line != "..." else r"(?:.*\n)*?" for line in normal(shown)]
    return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in normal(printed))) is not None


@dataclass(slots=True)
class Shell:
    """One folder and one environment; a served sandbox runs beside it until the end."""

    root: Path
    port: int = 0
    _servers: list[subprocess.Popen[str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.port = _free_port()
        bin_ = self.root / "bin"
        bin_.mkdir(parents=True)
        (self.root / "work").mkdir()
        (self.root / "cwd").write_text(str(self.root / "work"), "utf-8")
        (self.root / "env").write_text("", "utf-8")
        if shutil.which("curl") is None:  # a small machine has none, and its few options are easily had
            (bin_ / "curl").write_text(_CURL.format(python=sys.executable), "utf-8")
            (bin_ / "curl").chmod(0o755)
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.terminate()
            server.communicate(timeout=20)

    @property
    def folder(self) -> Path:
        """Where the page has gone with `cd`."""
        return Path((self.root / "cwd").read_text("utf-8").strip())

    def run(self, step: Step) -> tuple[str, int]:
        """What a command prints (with stderr where it fails) and its exit code."""
        if step.command == _SERVE:
            return self._serve(len(step.shown.strip().splitlines())), 0
        if _PLAIN.fullmatch(step.command):
            return self._forked(shlex.split(self.ported(step.command))[1:])
        env, cwd = self.root / "env", self.root / "cwd"
        script = (
            f'set -a\n. "{env}"\ncd "$(cat "{cwd}")"\n{self.ported(step.command)}\n'
            f'status=$?\npwd > "{cwd}"\nexport -p > "{env}"\nexit $status\n'
        )
        done = subprocess.run(["sh", "-c", script], env=self.environment(), capture_output=True, text=True, check=False)
        printed = done.stdout + (done.stderr if done.returncode else "")
        return printed.replace(f":{self.port}", f":{PORT}"), done.returncode

    def _forked(self, arguments: list[str]) -> tuple[str, int]:
        """The command by itself, which needs no shell; its environment is what the page has exported."""
        exported = shlex.split((self.root / "env").read_text("utf-8"))
        env = self.environment() | dict(word.split("=", 1) for word in exported if "=" in word)
        code, out, err = FORKER.run(tuple(arguments), self.folder, env, PATIENCE)
        printed = (out + (err if code else b"")).decode()
        return printed.replace(f":{self.port}", f":{PORT}"), code

    def write(self, block: Block) -> None:
        """Write the file that a block shows."""
        path = self.folder / block.option("file")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, "utf-8")

    def edit(self, block: Block) -> None:
        """Make the edit that a block shows; it must fit in exactly one place."""
        path = self.folder / block.option("file")
        lines = block.body.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in "- ")
        after = "".join(line[1:] for line in lines if line[0] in "+ ")
        text = path.read_text("utf-8")
        assert text.count(before) == 1, f"{block.where}: the edit fits in {text.count(before)} places of {path.name}"
        path.write_text(text.replace(before, after), "utf-8")

    def _serve(self, lines: int) -> str:
        command = [str(BIN / "provisioner"), "sandbox", "serve", "--port", str(self.port)]
        server = subprocess.Popen(command, cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, text=True)
        self._servers.append(server)
        assert server.stdout is not None
        printed = "".join(server.stdout.readline() for _ in range(max(1, lines)))
        return printed.replace(f":{self.port}", f":{PORT}")

    def ported(self, command: str) -> str:
        """A text with the port of this shell's served sandbox in place of the pages'."""
        return command.replace(f":{PORT}", f":{self.port}")

    def environment(self) -> dict[str, str]:
        """The variables of every command."""
        path = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath), str(self.root / "bin")])
        return {"PATH": path, "HOME": str(self.root), "LANG": "C.UTF-8", "NO_COLOR": "1", "no_proxy": "127.0.0.1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def page_runs(shell: Shell, blocks: Iterator[Block]) -> Iterator[tuple[Block, Step, str, int]]:
    """Go through a page; answers each command with what it printed and its exit code."""
    for block in blocks:
        if block.language == "console":
            for step in steps(block):
                yield block, step, *shell.run(step)
        elif block.language == "diff" and block.option("file"):
            shell.edit(block)
        elif block.option("file"):
            shell.write(block)
