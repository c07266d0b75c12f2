"""The journal beside a state: what was about to be sent and what became of it, fsynced line by line.

Each line is JSON with its number and a crc32 over itself and all lines before it; the first one names the state that
the journal goes on from. A torn last line is what a crash leaves and is dropped; damage anywhere else is an error.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Protocol, TypeVar

from provisioner.errors import StateError
from provisioner.state.codec import canonical, decode_tenant, encode_tenant
from provisioner.state.disk import Disk, replace_file
from provisioner.state.entries import Entry, decode_entry, encode_entry
from provisioner.state.fold import fold
from provisioner.state.model import State, Tenant

REPLACED = "was replaced by another run: plan again when that has ended"
_LINE = re.compile(rb'(\{.*),"crc":"([0-9a-f]{8})"\}', re.DOTALL)


class Log(Protocol):
    """Where an apply writes down what it does, before and after."""

    def append(self, *entries: Entry) -> None:
        """Return once the entries are durable. Raises StateError, and from then on always."""


class OpenLog(Log, Protocol):
    """One that is closed at the end of its run."""

    @property
    def ahead(self) -> int:
        """Of how many more creates it would know before they are sent, for each append costs it much."""

    def close(self) -> None:
        """Let go of it; what was appended is durable already."""


class Base(NamedTuple):
    """The state that a journal goes on from."""

    tenant: Tenant
    lineage: str
    serial: int


class Written(NamedTuple):
    """What a journal file holds."""

    base: Base
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Journal:
    """An open journal; the writer has the tenant's lock."""

    path: Path
    disk: Disk
    _file: int
    _crc: int
    _number: int = 1
    _broken: str = ""
    ahead: int = 0

    def append(self, *entries: Entry) -> None:
        """Return once the entries are durable: one write and one fsync. Raises StateError, and from then on always."""
        if self._broken:
            raise StateError(self._broken)
        lines, crc = spelled(entries, self._number, self._crc)
        try:
            if self.disk.is_gone(self._file):
                self._break(f"{self.path}: {REPLACED}")
            self.disk.write(self._file, b"".join(lines))
            self.disk.sync(self._file)
        except OSError as error:
            self._break(f"{self.path}: cannot be written: {error.strerror or error}")
        self._number += len(entries)
        self._crc = crc

    def _break(self, why: str) -> NoReturn:
        """What may be half written must never be written after."""
        self._broken = why
        raise StateError(why) from None

    def close(self) -> None:
        """Free the file; what was appended is durable already."""
        if self._file >= 0:
            with suppress(OSError):
                self.disk.close(self._file)
            self._file = -1


def start(path: Path, disk: Disk, state: State) -> int:
    """Put a journal there with nothing in it but the state it goes on from; its crc so far. Raises OSError."""
    line, crc = first_line(state)
    replace_file(disk, path, line)
    return crc


def begin(path: Path, disk: Disk, state: State) -> Journal:
    """A new journal, open to be written: this very file, whatever may be put in its place. Raises OSError."""
    crc = start(path, disk, state)
    return Journal(path, disk, disk.extend(path), crc)


def first_line(state: State) -> tuple[bytes, int]:
    """The line that says which state a journal goes on from, and its crc."""
    base = {
        "type": "base",
        "tenant": encode_tenant(state.tenant),
        "lineage": state.lineage,
        "serial": state.serial,
    }
    return _line(0, base, 0)


def spelled(entries: Iterable[Entry], number: int, crc: int) -> tuple[list[bytes], int]:
    """The lines of entries, the first of which has this number and goes on from this crc; and the crc after them."""
    lines = []
    for each, entry in enumerate(entries, number):
        line, crc = _line(each, encode_entry(entry), crc)
        lines.append(line)
    return lines, crc


def _line(number: int, body: Mapping[str, Any], before: int) -> tuple[bytes, int]:
    """A line and its crc, which goes on from that of the line before: a line of another journal does not fit in."""
    text = canonical({"n": number, **body})
    crc = zlib.crc32(text, before)
    return b'%s,"crc":"%08x"}\n' % (text[:-1], crc), crc


class Files(NamedTuple):
    """Where a journal and the state lie that go together: what errors name."""

    journal: Path | str
    state: Path | str
    copy: str = ""
    """What to push to take an older copy on purpose, where that is not the state itself."""

    @property
    def remedy(self) -> str:
        """How to go on with what there is."""
        return "Go on with all of it that can be trusted: provisioner state restore"


def parse(data: bytes, files: Files) -> Written:
    """What a journal's bytes say. Raises StateError for anything but a torn tail."""
    base, entries = follow(data, files)
    return Written(base, tuple(entries))


def follow(data: bytes, files: Files) -> tuple[Base, Iterator[Entry]]:
    """What `parse` gives, entry by entry: a run's journal is larger than its state. The iterator raises StateError."""
    *whole, tail = data.split(b"\n")
    if _LINE.match(tail):
        whole.append(tail)  # only its newline is missing
    if not whole:
        raise _damaged(files, 0)
    first, crc = _body(whole[0], 0, 0, files)
    return _decoded(_base, first, files), _entries(whole, crc, files)


def _entries(lines: Sequence[bytes], crc: int, files: Files) -> Iterator[Entry]:
    for number, line in enumerate(lines[1:], start=1):
        body, crc = _body(line, number, crc, files)
        yield _decoded(decode_entry, body, files)


def run_of(data: bytes) -> str:
    """The id of the run that a journal tells of; "" where none began."""
    with suppress(ValueError, KeyError, TypeError, IndexError, RecursionError):
        begin = json.loads(data.split(b"\n", 2)[1])
        return str(begin["run"]) if begin["type"] == "begin" else ""
    return ""


class Salvaged(NamedTuple):
    """What can be trusted of a damaged journal."""

    base: Base | None
    entries: tuple[Entry, ...]
    whole: bool
    """Nothing of it was lost but a torn tail."""


def salvage(data: bytes, files: Files) -> Salvaged:
    """Every line that its own crc and the line before vouch for; what is damaged is left out.

    A line's crc goes on from the one that the line before it says: after a damaged line that says none, two are lost.
    """
    try:
        return Salvaged(*parse(data, files), whole=True)
    except StateError:
        pass
    base, entries, before = None, list[Entry](), 0
    for number, line in enumerate(data.split(b"\n")):
        with suppress(StateError):
            body, _ = _body(line, number, before, files)
            if number:
                entries.append(_decoded(decode_entry, body, files))
            else:
                base = _decoded(_base, body, files)
        found = _LINE.fullmatch(line)
        before = int(found[2], 16) if found else 0
    return Salvaged(base, tuple(entries), whole=False)


def _body(line: bytes, number: int, before: int, files: Files) -> tuple[dict[str, Any], int]:
    found = _LINE.fullmatch(line)
    text = found[1] + b"}" if found else b""
    crc = zlib.crc32(text, before)
    if found is None or crc != int(found[2], 16):
        raise _damaged(files, number)
    try:
        body: dict[str, Any] = json.loads(text)
    except (ValueError, RecursionError):
        raise _damaged(files, number) from None
    if body.pop("n", None) != number:
        raise _damaged(files, number)
    return body, crc


_T = TypeVar("_T")


def _decoded(decode: Callable[[Mapping[str, Any]], _T], body: Mapping[str, Any], files: Files) -> _T:
    try:
        return decode(body)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise StateError(f"{files.journal}: written by a newer provisioner: update this one") from None


def _base(body: Mapping[str, Any]) -> Base:
    if body["type"] != "base":
        raise ValueError("no base")
    return Base(decode_tenant(body["tenant"]), body["lineage"], int(body["serial"]))


def _damaged(files: Files, number: int) -> StateError:
    return StateError(f"{files.journal}:{number + 1}: damaged or edited by hand. {files.remedy}")


def entries_since(state: State, told: bytes, taken_in: str | None, files: Files) -> Sequence[Entry]:
    """What a journal adds to a state, which says which journal it took in: nothing when it is that one.

    Raises StateError when they do not go together.
    """
    base, entries = parse(told, files)
    if base.tenant != state.tenant:
        raise StateError(f"{files.journal}: belongs to {base.tenant}, not to {state.tenant}: put the right one there")
    if base.lineage != state.lineage:
        raise StateError(
            f"{files.journal}: belongs to another state (lineage {base.lineage}): put the one there that goes with "
            f"{files.state}, or go on without it: provisioner state push --force {files.copy or files.state}"
        )
    if base.serial > state.serial:
        raise StateError(
            f"{files.journal}: goes on from serial {base.serial}, and {files.state} has {state.serial}: that is an "
            "older copy. Put the newer one back, or take it on purpose: provisioner state push --force "
            f"{files.copy or files.state}"
        )
    if base.serial == state.serial:
        return entries
    if digest(told) != taken_in:
        raise StateError(
            f"{files.journal}: is older than {files.state} (serial {base.serial}, and that has {state.serial}): put "
            f"the newer one back. {files.remedy}"
        )
    return ()


def leads_to(state: State, base: Base | None, entries: Iterable[Entry]) -> State | None:
    """The state that a run's entries led to; None when they do not go on from this one."""
    if base != Base(state.tenant, state.lineage, state.serial):
        return None
    return replace(fold(state, entries), serial=state.serial + 1)


def digest(told: bytes) -> str:
    """What a state knows the journal by that it took in."""
    return hashlib.sha256(told).hexdigest()
