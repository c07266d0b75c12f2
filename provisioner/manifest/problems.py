"""What is wrong with a workspace, collected so that one run reports everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from provisioner.errors import ManifestError, Problem
from provisioner.kinds.values import escape
from provisioner.manifest.alike import and_more, cause, likeness
from provisioner.manifest.rows.row import RowPlace

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from provisioner.kinds.desired import Place


MOST = 1_000
"""Problems after which looking for more helps nobody, and would take minutes in a hostile file."""
MOST_ROWS = 10_000
"""The same for those of all rows together, of which many are one problem."""
LONGEST = 500
"""Characters of a message."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A problem in the words of its first row, and the line of each row that has it."""

    first: Problem
    lines: dict[Hashable, int] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[int, ...]:
        """The lines, where it is about rows at all."""
        return tuple(line for row, line in self.lines.items() if row is not None)


class Problems:
    """The problems found so far: the same sentence at the same place counts once, one cause in many rows, too."""

    def __init__(self) -> None:
        self._found: dict[Hashable, _Told] = {}
        self._once: set[object] = set()
        self._rows = 0

    def add(self, place: Place, message: str) -> None:
        """Remember one thing that is wrong. Raises ManifestError when it is one too many.

        Whatever a message repeats of a file, it is one line of bounded length that a terminal can show.
        """
        alike = likeness(place, message)
        self._add(place, message, alike, place.origin.row if alike and isinstance(place, RowPlace) else None)

    def add_in_table(self, place: Place, message: str) -> None:
        """The same for what is wrong with a row by itself, whatever is made of it."""
        self._add(place, message, (place.file, cause(message)), place.line)

    def _add(self, place: Place, message: str, alike: Hashable, row: Hashable) -> None:
        at, text = _told(place, message)
        problem = Problem(*at, _shown(text))
        told = self._found.setdefault(alike or problem, _Told(problem))
        self._rows += row not in told.lines
        told.lines.setdefault(row, place.line)
        if len(self._found) == MOST or self._rows == MOST_ROWS:
            raise ManifestError(self._all(), more=True)

    def add_once(self, things: tuple[str, ...], place: Place, message: str, again: object = None) -> None:
        """Remember what is wrong between some things unless it was told already, or for the same reason `again`."""
        reasons = {things, (place.file, again)} if again else {things}
        if self._once.isdisjoint(reasons):
            self.add(place, message)
        self._once |= reasons

    def stop(self, place: Place, message: str) -> NoReturn:
        """Raise everything as one ManifestError, with a reason why nothing more is looked at."""
        place, message = _told(place, message)
        raise ManifestError((*self._all(), Problem(*place, message)))

    def raise_any(self) -> None:
        """Raise everything as one ManifestError, or do nothing when nothing was found."""
        if self._found:
            raise ManifestError(self._all())

    def _all(self) -> tuple[Problem, ...]:
        """Every problem; of those that rows share, the first with the lines of the others."""
        return tuple(
            told.first._replace(message=f"{told.first.message}{and_more([*told.lines.values()])}", rows=told.rows)
            for told in self._found.values()
        )


def _told(place: Place, message: str) -> tuple[Place, str]:
    """A problem of a generated text is told where its template is written, with its row."""
    return place.told(message) if isinstance(place, RowPlace) else (place, message)


def _shown(message: str) -> str:
    if len(message) > LONGEST:
        message = f"{message[:LONGEST]}..."
    if message.isprintable():
        return message
    return "".join(char if char.isprintable() else escape(char) for char in message)


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant, if one is near."""
    folded = {choice.lower(): choice for choice in choices}
    found = get_close_matches(name.lower(), folded, n=1, cutoff=0.65)
    return folded[found[0]] if found else None


def meant(name: str, choices: Iterable[str], otherwise: str) -> str:
    """The end of a message about an unknown name: the nearest one as a question, or another remedy."""
    near = nearest(name, choices)
    return f"did you mean {near}?" if near else otherwise
