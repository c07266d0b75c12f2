"""The runs of one tenant, beside its state: for each what would reverse it, and how it ended.

A text's first line is its head, with a digest of the lines below, which are lists of changes: a list of runs reads no
more than the heads.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

from provisioner.errors import StateError
from provisioner.state.codec import canonical, checksum
from provisioner.state.entries import Entry
from provisioner.state.run import (
    Ending,
    Run,
    Step,
    decode_ending,
    decode_run,
    decode_step,
    died,
    encode_ending,
    encode_run,
    encode_step,
)
from provisioner.state.shelf import Shelf

FORMAT = 1
BLOCK = 500
"""Entries on one line: each line costs time of its own, and all of them at once cost memory."""
_NAME = re.compile(r"([1-9][0-9]{0,8})(\.ended)?\.ndjson")


class Listed(NamedTuple):
    """One run in a list."""

    number: int
    run: Run | None
    """None where what is kept of it cannot be trusted."""
    ending: Ending | None
    """Without its addresses. None when the run is at work, or died and nobody took in yet what it did."""


class Kept(NamedTuple):
    """All that is known of a run."""

    run: Run
    steps: tuple[Step, ...]
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class Runs:
    """All that are kept. Every method raises StateError."""

    shelf: Shelf

    def numbers(self) -> list[int]:
        """Those that are kept, newest first."""
        return _numbers(self.shelf.sizes())

    def next_number(self) -> int:
        """The number of the next: none that anything is left of."""
        return max((number for number, _ in _named(self.shelf.sizes())), default=0) + 1

    def listed(self) -> Iterator[Listed]:
        """Every run, newest first."""
        for number in self.numbers():
            try:
                run = self._head(number)
                yield Listed(number, run, self._ending(run, whole=False))
            except StateError:
                yield Listed(number, None, None)

    def read(self, number: int) -> Kept:
        """All of one run. Raises StateError when it is not there, or cannot be trusted."""
        name = _steps(number)
        data = self.shelf.read(name)
        if data is None:
            raise StateError(f"{self.shelf.called(name)}: is not there: see what is with provisioner history")
        head, lines = self._whole(name, data)
        try:
            run, steps = decode_run(head), tuple(map(decode_step, lines))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self._newer(name) from None
        return Kept(run, steps, self._ending(run, whole=True))

    def begin(self, run: Run, steps: Iterable[Step]) -> None:
        """Remember a run before its first write, durably; the oldest go."""
        self.shelf.remove(_ended(run.number))  # of one that was there before it
        self._write(_steps(run.number), encode_run(run), map(encode_step, steps))
        self._prune()

    def end(self, run: Run, ending: Ending) -> None:
        """Remember how it ended."""
        self._write(_ended(run.number), *encode_ending(replace(ending, run=run.id)))

    def take_in(self, run_id: str, entries: Callable[[], Iterable[Entry]]) -> None:
        """Before the journal of a run is given up: keep what it says of one that died."""
        number = next(iter(self.numbers()), 0)  # what a journal tells of is the newest
        if not number:
            return
        try:
            kept = self.read(number)
        except StateError:
            return  # history says that it cannot be trusted
        if kept.run.id == run_id and kept.ending is None:
            self.end(kept.run, died(kept.steps, entries()))

    def remove(self) -> None:
        """Forget all of them."""
        for number in {number for number, _ in _named(self.shelf.sizes())}:
            self._remove(number)

    # -- one text

    def _write(self, name: str, head: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> None:
        below = b"".join(canonical(block) + b"\n" for block in _blocks(lines))
        body = {"format_version": FORMAT, **head, "below": hashlib.sha256(below).hexdigest()}
        self.shelf.write(name, canonical(body | {"sha256": checksum(body)}) + b"\n" + below)

    def _ending(self, run: Run, *, whole: bool) -> Ending | None:
        """How a run ended; None where no ending is kept, or that of another run of its number."""
        name = _ended(run.number)
        data = self.shelf.read(name) if whole else self.shelf.first_line(name)
        if data is None:
            return None
        try:
            ending = decode_ending(*(self._whole(name, data) if whole else (self._checked(name, data), ())))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self._newer(name) from None
        return ending if ending.run in ("", run.id) else None

    def _head(self, number: int) -> Run:
        name = _steps(number)
        head = self._checked(name, self.shelf.first_line(name) or b"")
        head.pop("below")
        try:
            return decode_run(head)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self._newer(name) from None

    def _whole(self, name: str, data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A text's head and lines."""
        first, _, below = data.partition(b"\n")
        head = self._checked(name, first)
        if head.pop("below") != hashlib.sha256(below).hexdigest():
            raise self._damaged(name)
        return head, [entry for line in below.splitlines() for entry in json.loads(line)]

    def _checked(self, name: str, line: bytes) -> dict[str, Any]:
        try:
            document: dict[str, Any] = json.loads(line)
            given, version = document.pop("sha256"), document["format_version"]
            if given != checksum(document):
                raise self._damaged(name)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise self._damaged(name) from None
        if version != FORMAT:
            raise self._newer(name)
        del document["format_version"]
        return document

    def _prune(self) -> None:
        """Leave the newest, as many as are kept. What cannot be removed is tried again after the next run."""
        sizes, left = self.shelf.sizes(), self.shelf.room
        for count, number in enumerate(_numbers(sizes)):
            left -= sizes[_steps(number)] + sizes.get(_ended(number), 0)
            if count and (count >= self.shelf.kept or left < 0):
                with suppress(StateError):
                    self._remove(number)

    def _remove(self, number: int) -> None:
        self.shelf.remove(_ended(number))
        self.shelf.remove(_steps(number))

    def _newer(self, name: str) -> StateError:
        return StateError(f"{self.shelf.called(name)}: written by a newer provisioner: update this one")

    def _damaged(self, name: str) -> StateError:
        what = "damaged or edited by hand (its checksum does not fit)"
        return StateError(f"{self.shelf.called(name)}: {what}: this run cannot be taken back")


def _steps(number: int) -> str:
    return f"{number}.ndjson"


def _ended(number: int) -> str:
    return f"{number}.ended.ndjson"


def _named(names: Iterable[str]) -> list[tuple[int, bool]]:
    """The number in each name, and whether it is that of an ending."""
    return [(int(found[1]), bool(found[2])) for name in names if (found := _NAME.fullmatch(name))]


def _numbers(names: Iterable[str]) -> list[int]:
    """The runs that are kept under these, newest first."""
    return sorted((number for number, ended in _named(names) if not ended), reverse=True)


def _blocks(entries: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """As many entries as stand on one line."""
    left = iter(entries)
    while block := list(islice(left, BLOCK)):
        yield block
