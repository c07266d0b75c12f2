"""The runs of one tenant as files beside its state: for each what would reverse it, and how it ended.

A file's first line is its head, with a digest of the lines below, which are lists of changes: a list of runs reads no
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
from pathlib import Path
from typing import Any, NamedTuple

from provisioner.errors import StateError
from provisioner.state.codec import canonical, checksum
from provisioner.state.disk import Disk, replace_file
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

FORMAT = 1
KEPT = 50
"""Runs that are kept; the oldest go first."""
BYTES = 256 * 1024 * 1024
"""What all their files may take together; the newest stays whatever it takes."""
BLOCK = 500
"""Entries on one line: each line costs time of its own, and all of them at once cost memory."""
_NAME = re.compile(r"([1-9][0-9]{0,8})(\.ended)?\.ndjson")


class Listed(NamedTuple):
    """One run in a list."""

    number: int
    run: Run | None
    """None where its file cannot be trusted."""
    ending: Ending | None
    """Without its addresses. None when the run is at work, or died and nobody took in yet what it did."""


class Kept(NamedTuple):
    """All that is known of a run."""

    run: Run
    steps: tuple[Step, ...]
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class Runs:
    """The folder that they lie in."""

    path: Path
    disk: Disk

    def numbers(self) -> list[int]:
        """Those that are kept, newest first. Raises StateError."""
        return sorted({number for number, ended in self._named() if not ended}, reverse=True)

    def next_number(self) -> int:
        """The number of the next: none that anything is left of. Raises StateError."""
        return max((number for number, _ in self._named()), default=0) + 1

    def _named(self) -> list[tuple[int, bool]]:
        """The number in each file's name, and whether it is an ending. Raises StateError."""
        try:
            names = [each.name for each in self.path.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._failed(self.path, error) from None
        return [(int(found[1]), bool(found[2])) for name in names if (found := _NAME.fullmatch(name))]

    def listed(self) -> Iterator[Listed]:
        """Every run, newest first. Raises StateError."""
        for number in self.numbers():
            try:
                run = self._head(number)
                yield Listed(number, run, self._ending(run, whole=False))
            except StateError:
                yield Listed(number, None, None)

    def read(self, number: int) -> Kept:
        """All of one run. Raises StateError when it is not there, or cannot be trusted."""
        path = self._steps_file(number)
        head, lines = self._whole(path)
        try:
            run, steps = decode_run(head), tuple(map(decode_step, lines))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise StateError(f"{path}: written by a newer provisioner: update this one") from None
        return Kept(run, steps, self._ending(run, whole=True))

    def begin(self, run: Run, steps: Iterable[Step]) -> None:
        """Remember a run before its first write, durably; the oldest go. Raises StateError."""
        try:
            self.disk.make_folder(self.path)
            self._ending_file(run.number).unlink(missing_ok=True)  # of one that was there before it
            self._write(self._steps_file(run.number), encode_run(run), map(encode_step, steps))
        except OSError as error:
            raise self._failed(self._steps_file(run.number), error) from None
        self._prune()

    def end(self, run: Run, ending: Ending) -> None:
        """Remember how it ended. Raises StateError."""
        number = run.number
        head, lines = encode_ending(replace(ending, run=run.id))
        try:
            self._write(self._ending_file(number), head, lines)
        except OSError as error:
            raise self._failed(self._ending_file(number), error) from None

    def take_in(self, run_id: str, entries: Callable[[], Iterable[Entry]]) -> None:
        """Before the journal of a run is given up: keep what it says of one that died. Raises StateError."""
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
        """Forget all of them. Raises OSError."""
        for number in {number for number, _ in self._named()}:
            self._remove(number)

    # -- files

    def _steps_file(self, number: int) -> Path:
        return self.path / f"{number}.ndjson"

    def _ending_file(self, number: int) -> Path:
        return self.path / f"{number}.ended.ndjson"

    def _write(self, path: Path, head: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> None:
        below = b"".join(canonical(block) + b"\n" for block in _blocks(lines))
        body = {"format_version": FORMAT, **head, "below": hashlib.sha256(below).hexdigest()}
        replace_file(self.disk, path, canonical(body | {"sha256": checksum(body)}) + b"\n" + below)

    def _ending(self, run: Run, *, whole: bool) -> Ending | None:
        """How a run ended; None where no ending is kept, or that of another run of its number."""
        path = self._ending_file(run.number)
        if not path.exists():
            return None
        try:
            told = self._whole(path) if whole else (self._checked(path, self._first_line(path)), ())
            ending = decode_ending(*told)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise StateError(f"{path}: written by a newer provisioner: update this one") from None
        return ending if ending.run in ("", run.id) else None

    def _head(self, number: int) -> Run:
        path = self._steps_file(number)
        head = self._checked(path, self._first_line(path))
        head.pop("below")
        try:
            return decode_run(head)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise StateError(f"{path}: written by a newer provisioner: update this one") from None

    def _first_line(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.readline()
        except OSError as error:
            raise self._failed(path, error) from None

    def _whole(self, path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A file's head and lines. Raises StateError."""
        try:
            data = self.disk.read(path)
        except OSError as error:
            raise self._failed(path, error) from None
        if data is None:
            raise StateError(f"{path}: is not there: see what is with provisioner history")
        first, _, below = data.partition(b"\n")
        head = self._checked(path, first)
        if head.pop("below") != hashlib.sha256(below).hexdigest():
            raise _damaged(path)
        return head, [entry for line in below.splitlines() for entry in json.loads(line)]

    def _checked(self, path: Path, line: bytes) -> dict[str, Any]:
        try:
            document: dict[str, Any] = json.loads(line)
            given, version = document.pop("sha256"), document["format_version"]
            if given != checksum(document):
                raise _damaged(path)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise _damaged(path) from None
        if version != FORMAT:
            raise StateError(f"{path}: written by a newer provisioner: update this one")
        del document["format_version"]
        return document

    def _prune(self) -> None:
        """Leave the newest, as many as are kept. What cannot be removed is tried again after the next run."""
        left = BYTES
        for count, number in enumerate(self.numbers()):
            with suppress(OSError):
                files = (self._steps_file(number), self._ending_file(number))
                left -= sum(path.stat().st_size for path in files if path.exists())
                if count and (count >= KEPT or left < 0):
                    self._remove(number)

    def _remove(self, number: int) -> None:
        self._ending_file(number).unlink(missing_ok=True)
        self._steps_file(number).unlink(missing_ok=True)

    def _failed(self, path: Path, error: OSError) -> StateError:
        return StateError(f"{path}: cannot be read or written: {error.strerror or error}")


def _blocks(entries: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """As many entries as stand on one line."""
    left = iter(entries)
    while block := list(islice(left, BLOCK)):
        yield block


def _damaged(path: Path) -> StateError:
    return StateError(f"{path}: damaged or edited by hand (its checksum does not fit): this run cannot be taken back")
