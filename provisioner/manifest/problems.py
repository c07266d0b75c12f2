"""What is wrong with a workspace, collected so that one run reports everything."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from provisioner.errors import ManifestError, Problem
from provisioner.kinds.values import escape
from provisioner.manifest.rows.row import RowPlace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.kinds.desired import Place


MOST = 1_000
"""Problems after which looking for more helps nobody, and would take minutes in a hostile file."""
LONGEST = 500
"""Characters of a message."""


class Problems:
    """The problems found so far; the same sentence at the same place counts once."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._once: set[object] = set()
        self._rows: dict[tuple[Place, str], list[Problem]] = {}

    def add(self, place: Place, message: str) -> None:
        """Remember one thing that is wrong. Raises ManifestError when it is one too many.

        Whatever a message repeats of a file, it is one line of bounded length that a terminal can show.
        """
        shared = (place.written, message) if isinstance(place, RowPlace) and place.shared else None
        place, message = _told(place, message)
        problem = Problem(*place, _shown(message))
        if shared and self._rows.setdefault(shared, [problem])[0] != problem:
            self._rows[shared].append(problem)
            return
        self._found[problem] = None
        if len(self._found) == MOST:
            self.stop(place, f"{MOST:,} problems up to here, and no more are looked for: mend these first")

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
        """Every problem; of those that rows share, the first with the number of the others."""
        more = {rows[0]: len(set(rows)) - 1 for rows in self._rows.values()}
        return tuple(
            each._replace(message=f"{each.message} (and {_rows(more[each])})") if more.get(each) else each
            for each in self._found
        )


def _rows(count: int) -> str:
    return f"{count:,} more row{'s' if count > 1 else ''}"


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
