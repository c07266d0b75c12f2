"""The state of one tenant as one document at a server of the HTTP state protocol.

The protocol knows no append: the journal is a part of the document, which is sent whole. So it is sent as seldom as the
promise allows: before a create leaves, with the intents of those that come next, and every few seconds.
"""

from __future__ import annotations

import json
import secrets
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from provisioner import __version__
from provisioner.errors import ProvisionerError, StateError
from provisioner.kinds import Resource
from provisioner.state.contents import Contents
from provisioner.state.document import Document, decode, encode
from provisioner.state.entries import Begin, Entry, Intent
from provisioner.state.journal import Files, first_line, spelled
from provisioner.state.lock import at_work, myself, words
from provisioner.state.model import State, Tenant
from provisioner.state.remote import Put
from provisioner.state.wire import PAUSES, TAKEN, Wire, holder_of

AHEAD = 100
"""Creates that are written down before they are sent: one document for all of them."""
SOMETIMES = 2.0
"""Seconds after which is sent what nothing waits for."""
_PARTS = ("previous", "taken_in")


@dataclass(slots=True)
class HttpDocument:
    """The document of one tenant."""

    wire: Wire
    tenant: Tenant
    kinds: tuple[type[Resource], ...] = ()
    """What can be in it: some of it may be lost with it."""
    _lock: str = ""
    """The id of the lock that we have."""
    _doing: str = ""
    _last: Document | None = None
    """What is there, while we have the lock: nobody else sends anything."""
    _unsent: bool = False
    """Something was put on the shelf that goes with the next document."""

    @property
    def name(self) -> str:
        """The address."""
        return self.wire.address

    @property
    def shelf(self) -> Pages:
        """Where the runs lie."""
        return Pages(self)

    @property
    def _files(self) -> Files:
        return Files(f"{self.name}: the journal", self.name, "FILE")

    # -- the document

    def read(self) -> Contents:
        """All of one document."""
        return self._contents(self.document())

    def _contents(self, found: Document) -> Contents:
        previous, taken_in = map(found.part, _PARTS)
        return Contents(self.tenant, self._files, found.state, found.journal, previous, taken_in, self.kinds)

    def document(self) -> Document:
        """What is there. Raises StateError for what is none of ours: it would be overwritten."""
        if self._last is not None:
            return self._last
        data = self.wire.get()
        try:
            found = Document() if data is None else decode(data, self.tenant)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
            raise StateError(
                f"{self.name}: holds something that is no state of this provisioner, and is left alone: give an "
                "address of its own, or update this one"
            ) from None
        if self._lock:
            self._last = found
        return found

    def send(self, document: Document) -> None:
        """Return once it is there. Raises StateError, and from then on nothing is known of what is there."""
        fresh = replace(document, serial=document.serial + 1, id=secrets.token_hex(8))
        body = encode(fresh, self.tenant)
        self._last = None
        for pause in (*PAUSES, None):
            answer = self.wire.ask("POST", self.wire.address, body, self._lock)
            if answer.status in (200, 201, 204):
                self._last, self._unsent = fresh, False
                return
            if not answer.unsure or pause is None:
                break
            time.sleep(pause)
            with suppress(StateError):
                found, self._last = self.document(), None
                if found.id == fresh.id:
                    self._last, self._unsent = fresh, False
                    return
        raise self.wire.refused("cannot be written", answer)

    @contextmanager
    def changing(self) -> Iterator[tuple[Contents, Put]]:
        """The protocol compares nothing: what makes it safe is the lock, which the server asks every document for."""
        with nullcontext() if self._lock else self.locked("provisioner"):
            before = self.document()
            contents = self._contents(before)

            def put(after: Contents, state: State) -> None:
                now = self.document()  # with what was written to the shelf meanwhile
                parts = {
                    each: getattr(after, each) for each in _PARTS if getattr(after, each) != getattr(contents, each)
                }
                fresh = replace(now, lineage=state.lineage, holder="", state=after.state, journal=after.journal)
                self.send(fresh.keeping(parts))

            yield contents, put

    def keep_damaged(self) -> None:
        """In the same document, where nothing reads it."""
        now = self.document()
        self.shelve(now.keeping({"damaged/state": now.state, "damaged/journal": now.journal}))

    def shelve(self, document: Document) -> None:
        """What goes with the next document, or with the lock."""
        if not self._lock:
            raise StateError(f"{self.name}: cannot be written: the lock is not held")
        self._last, self._unsent = document, True

    def forget(self) -> None:
        """The document goes."""
        answer = self.wire.ask("DELETE", self.wire.address, lock=self._lock)
        self._last = None
        if answer.status not in (200, 202, 204, 404):
            raise self.wire.refused("cannot be removed", answer)

    # -- the journal

    def log(self, state: State) -> Lines:
        """The journal that was just put."""
        return Lines(self, first_line(state)[1])

    def extend(self, lines: list[bytes]) -> None:
        """Send the document with more lines. Raises StateError."""
        if not self._lock or self._last is None:
            raise StateError(f"{self.name}: cannot be written: the lock is not held")
        now = self._last
        self.send(replace(now, holder=words(myself(self._doing)), journal=(now.journal or b"") + b"".join(lines)))

    # -- the lock

    @contextmanager
    def locked(self, doing: str) -> Iterator[None]:
        """Hold the lock. Raises LockedError, naming the holder."""
        info, refused = self._info(doing), False
        try:
            try:
                self._take(info)
            except ProvisionerError:
                refused = True
                raise
            self._lock, self._doing = str(info["ID"]), doing
            yield
            if self._unsent and self._last is not None:
                self.send(self._last)
        except BaseException:  # a signal, too, which may come before the answer does
            if not refused:
                with suppress(StateError):  # what went wrong first counts for more
                    self._let_go(info)
            raise
        self._let_go(info)

    def _let_go(self, info: Mapping[str, str]) -> None:
        self._lock, self._doing, self._last, self._unsent = "", "", None, False
        self._free(info, f"to unlock it: provisioner state unlock {info['ID']}", "somebody broke it meanwhile")

    def _info(self, doing: str) -> dict[str, str]:
        me = myself(doing)
        created = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return {"ID": str(uuid.uuid4()), "Operation": doing, "Info": f"process {me['pid']}",
                "Who": f"{me['user']}@{me['host']}", "Version": __version__, "Created": created,
                "Path": f"{self.tenant.host}/{self.tenant.company_id}"}  # fmt: skip

    def _take(self, info: Mapping[str, str]) -> None:
        body = json.dumps(info).encode()
        for pause in (*PAUSES, None):
            answer = self.wire.ask(self.wire.lock_method, self.wire.lock, body)
            there = holder_of(answer.body)
            if answer.status in (200, 201, 204) or (answer.status in TAKEN and there.get("ID") == info["ID"]):
                return
            if answer.status in TAKEN:
                raise at_work(_told(there), _remedy(there))
            if not answer.unsure or pause is None:
                break
            time.sleep(pause)
        raise self.wire.refused("cannot be locked", answer)

    def _free(self, info: Mapping[str, str], remedy: str, not_it: str) -> None:
        tried = False
        for pause in (*PAUSES, None):
            answer = self.wire.ask(self.wire.unlock_method, self.wire.unlock, json.dumps(info).encode(), info["ID"])
            if answer.status in (200, 202, 204) or (tried and answer.status in TAKEN):
                return
            if answer.status in TAKEN:
                raise StateError(f"{self.name}: cannot be unlocked: this is not the lock that is on it: {not_it}")
            if not answer.unsure or pause is None:
                break
            tried = True
            time.sleep(pause)
        raise StateError(f"{self.wire.refused('cannot be unlocked', answer)}; {remedy}")

    def unlock(self, id_: str) -> None:
        """Break the lock of a run that is dead, and see that nobody is said to be at work."""
        info = {**self._info("provisioner state unlock"), "ID": id_}
        self._free(info, "try again", "an apply that is refused names it")
        with self.locked("provisioner state unlock"):
            now = self.document()
            if now.holder:
                self.send(replace(now, holder=""))

    def holder(self) -> str:
        """Who began a run and did not end it: the protocol tells of a lock only who wants it."""
        return self.document().holder


@dataclass(slots=True)
class Lines:
    """An open journal, a part of the document."""

    of: HttpDocument
    _crc: int
    _number: int = 1
    _broken: str = ""
    _unsent: list[bytes] = field(default_factory=list)
    _sent_at: float = field(default_factory=time.monotonic)
    ahead: int = AHEAD

    def append(self, *entries: Entry) -> None:
        """Return once what may be made is durable; the rest is sent with it, or soon. Raises StateError."""
        if self._broken:
            raise StateError(self._broken)
        lines, self._crc = spelled(entries, self._number, self._crc)
        self._number += len(lines)
        self._unsent += lines
        if any(map(_urgent, entries)) or time.monotonic() - self._sent_at > SOMETIMES:
            self._send()

    def _send(self) -> None:
        try:
            self.of.extend(self._unsent)
        except StateError as error:
            self._broken = str(error)
            raise
        self._unsent, self._sent_at = [], time.monotonic()

    def close(self) -> None:
        """Send what is left."""
        if self._unsent and not self._broken:
            with suppress(StateError):
                self._send()


@dataclass(frozen=True, slots=True)
class Pages:
    """The runs of one tenant, in its document: few, for they go along each time."""

    of: HttpDocument
    kept: int = 10
    room: int = 4 * 1024 * 1024

    def called(self, name: str) -> str:
        """As an error names it."""
        return f"{self.of.name}: {name}"

    def sizes(self) -> dict[str, int]:
        """Names and sizes."""
        kept = self.of.document().kept
        return {name.removeprefix("runs/"): len(kept[name]) for name in kept if name.startswith("runs/")}

    def read(self, name: str) -> bytes | None:
        """One of them."""
        return self.of.document().part(f"runs/{name}")

    def first_line(self, name: str) -> bytes | None:
        """Its head."""
        data = self.read(name)
        return None if data is None else data.partition(b"\n")[0] + b"\n"

    def write(self, name: str, data: bytes) -> None:
        """With the rest of the document."""
        self.of.shelve(self.of.document().keeping({f"runs/{name}": data}))

    def remove(self, name: str) -> None:
        """It goes with the next document."""
        now = self.of.document()
        if f"runs/{name}" in now.kept:
            self.of.shelve(replace(now, kept={key: data for key, data in now.kept.items() if key != f"runs/{name}"}))


def _urgent(entry: Entry) -> bool:
    """Whether it must be there before what comes next: nothing but the journal would tell of it."""
    return isinstance(entry, Begin) or (isinstance(entry, Intent) and bool(entry.making or entry.touching))


def _told(info: Mapping[str, Any]) -> str:
    if not info.get("Operation"):
        return "another run"
    return f"{info['Operation']} ({info.get('Who', 'somebody')}, since {info.get('Created', 'some time')})"


def _remedy(info: Mapping[str, Any]) -> str:
    return f"; if it is dead: provisioner state unlock {info['ID']}" if info.get("ID") else ""
