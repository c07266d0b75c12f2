"""The files of a workspace as they were read, opened as pages and sheets where something in them is to change."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import normpath
from typing import NamedTuple

from provisioner.kinds.values import escape
from provisioner.layout.order import spliced
from provisioner.manifest.files import SETTINGS, inside, read_file
from provisioner.manifest.yaml import BUDGET
from provisioner.pull.edit import Edit, Swap, edited
from provisioner.pull.page import Page, read_page
from provisioner.pull.sheet import Sheet, read_sheet
from provisioner.pull.unfit import UnfitError


class Rewrite(NamedTuple):
    """A file before and after."""

    name: str
    path: Path
    before: bytes
    after: bytes


@dataclass(slots=True)
class Book:
    """Every file is read once; `texts` has those that were there from the start, by path from the root."""

    root: Path
    texts: dict[str, bytes]
    _pages: dict[str, Page] = field(default_factory=dict)
    _sheets: dict[str, Sheet] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shown = {escape(name): name for name in self.texts}

    def page(self, shown: str) -> Page:
        """A YAML file, by the name that places have. Raises UnfitError when it may not be written."""
        name = normpath(self._shown.get(shown, shown))
        if name not in self._pages:
            self._pages[name] = read_page(name, self._data(name))
        return self._pages[name]

    def sheet(self, written: str, encoding: str = "") -> Sheet:
        """Any other text, by the path that a manifest has. Raises UnfitError."""
        name = normpath(written)
        if name not in self._sheets:
            self._sheets[name] = read_sheet(name, self._data(name), encoding)
        return self._sheets[name]

    def manifests(self) -> Iterable[Page]:
        """Every manifest as a page; the settings are none."""
        return [self.page(escape(name)) for name in self.texts if name != SETTINGS and name.endswith((".yaml", ".yml"))]

    def _data(self, name: str) -> bytes:
        if name not in self.texts:
            try:
                self.texts[name] = read_file(self.root, name, BUDGET.size)
            except (OSError, ValueError) as error:
                raise UnfitError(f"{escape(name)} cannot be read: {error}") from None
        return self.texts[name]

    def check_writable(self, name: str) -> None:
        """Raises UnfitError for a file that its owner keeps from being written."""
        path = inside(self.root, name)
        if not stat.S_IMODE(path.stat().st_mode) & 0o222 or not os.access(path, os.W_OK):
            raise UnfitError(f"{escape(name)} is read-only: make it writable, then pull again")

    def written(self, edits: Iterable[Edit]) -> dict[str, bytes]:
        """The files that some edits change, as they will be. Raises UnfitError."""
        by_file: dict[str, list[Edit]] = {}
        for each in edits:
            by_file.setdefault(each.file, []).append(each)
        return {name: self._written(name, own) for name, own in by_file.items()}

    def _written(self, name: str, edits: list[Edit]) -> bytes:
        self.check_writable(name)
        if name in self._sheets:
            sheet = self._sheets[name]
            stretches = {(each.start, each.end, each.new) for each in edits if isinstance(each, Swap)}
            starts = {start for start, _, _ in stretches}
            if len(starts) < len(stretches):
                raise UnfitError("two live values would stand in one place: take them one by one")
            return sheet.encoded(spliced(sheet.text, stretches))
        page = self._pages[name]
        return page.encoded(edited(page, edits))

    def keeps_lines(self, edit: Edit) -> bool:
        """Whether all that stands below an edit stays on its line."""
        if not isinstance(edit, Swap):
            return False
        text = self._sheets[edit.file].text if edit.file in self._sheets else self._pages[edit.file].text
        return text.count("\n", edit.start, edit.end) == edit.new.count("\n")

    def rewrites(self, edits: Iterable[Edit]) -> list[Rewrite]:
        """The files that change, before and after, in the order of their names."""
        after = self.written(edits)
        return [
            Rewrite(escape(name), inside(self.root, name), self.texts[name], after[name])
            for name in sorted(after)
            if after[name] != self.texts[name]
        ]
