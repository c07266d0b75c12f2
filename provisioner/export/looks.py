"""What needs a look, as a list for a person: by sort, each with its place, many alike as one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from provisioner.export.entry import Drawn, Look, Sort
from provisioner.export.files import Written

FEW = 5
"""Up to so many that are alike are named one by one."""
_SHOWN = 3


def all_looks(drawn: Drawn) -> list[Look]:
    """Everything that needs a look, in the order in which it is written."""
    own = [look for entry in drawn.entries for look in entry.looks]
    return [*own, *(missing.look for missing in drawn.missing), *drawn.looks]


def look_lines(drawn: Drawn, files: Iterable[Written]) -> Iterator[str]:
    """The list; nothing when nothing needs a look."""
    looks, places = all_looks(drawn), _places(files)
    if not looks:
        return
    yield f"Needs a look ({len(looks)}), also as comments in the files:"
    for sort in Sort:
        groups: dict[tuple[str, str], list[Look]] = {}
        for look in looks:
            if look.sort is sort:
                groups.setdefault((look.field, look.group or look.reason), []).append(look)
        if groups:
            yield f"  {sort.value}"
        for (field, reason), alike in groups.items():
            if len(alike) == 1 or (len(alike) <= FEW and not alike[0].group):
                yield from (f"    {_line(look, places)}" for look in alike)
            else:
                named = ", ".join(look.about for look in alike[:_SHOWN])
                more = f" and {len(alike) - _SHOWN} more" if len(alike) > _SHOWN else ""
                yield f"    {places.get(alike[0], '')}{named}{more}: {_field(field)}{reason}"


def _line(look: Look, places: Mapping[Look, str]) -> str:
    return f"{places.get(look, '')}{look.about}: {_field(look.field)}{look.reason}"


def _field(field: str) -> str:
    return f"{field}: " if field not in ("", "lifecycle") else ""


def _places(files: Iterable[Written]) -> dict[Look, str]:
    """Where each remark stands."""
    return {
        line.tag: f"{file.name}:{number}: "
        for file in files
        for number, line in enumerate(file.lines, 1)
        if isinstance(line.tag, Look)
    }
