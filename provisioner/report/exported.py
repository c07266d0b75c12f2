"""What came of an export: the files, what needs a look, the variables to set, and what was taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from provisioner.export.entry import Drawn, Sort
from provisioner.export.files import Written
from provisioner.export.looks import look_lines
from provisioner.kinds import Address
from provisioner.report.head import Banner
from provisioner.report.layout import counted

_FEW = 20


class Exported(NamedTuple):
    """One export."""

    banner: Banner
    reads: int
    drawn: Drawn
    files: Sequence[Written]
    paths: Sequence[str]
    """Every file that was written, as a person would name it."""
    addresses: Iterable[Address]
    """What the state remembers."""
    clients: bool
    """Whether people who booked were taken in."""
    stateless: bool
    """Whether no state was written."""


def exported_lines(made: Exported) -> Iterator[str]:
    """All of it; what stands beneath something is indented."""
    yield f"{made.banner}   {counted(made.reads, 'read')}"
    yield ""
    yield from (f"wrote {path}" for path in made.paths[:_FEW])
    if len(made.paths) > _FEW:
        yield f"wrote {len(made.paths) - _FEW} more files"
    yield ""
    if lines := [*look_lines(made.drawn, made.files)]:
        yield from (*lines, *_odd(made.drawn), "")
    yield from _variables("Set these before the next plan:", made.drawn.variables)
    yield from _variables("Needed only to make an account anew, and commented out:", made.drawn.later)
    if not made.clients:
        yield "Clients are left out: bookings make and change them. --clients takes them in."
    yield _last(made)


def _odd(drawn: Drawn) -> Iterator[str]:
    """An update sends back all that an object has, and so what is odd about it."""
    odd = sum(any(look.sort in (Sort.INVALID, Sort.UNMANAGED) for look in each.looks) for each in drawn.entries)
    if odd:
        those = "this object and what it is" if odd == 1 else f"these {odd} objects and what they are"
        yield f"Until this is mended, the vendor may refuse changes to {those} linked to:"
        yield "what is odd is sent back with every change."


def _variables(title: str, variables: Mapping[str, str]) -> Iterator[str]:
    if variables:
        yield title
        shown = list(variables.items())[:_FEW]
        yield from (f"  {name}   {whose}" for name, whose in shown)
        if len(variables) > _FEW:
            yield f"  and {len(variables) - _FEW} more"
        yield ""


def _last(made: Exported) -> str:
    counts = Counter(address.kind for address in made.addresses)
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing"
    there = " No state: the embedded sandbox belongs to this workspace." if made.stateless else ""
    missing = f" {len(made.drawn.missing)} left out." if made.drawn.missing else ""
    return f"Exported {counted(counts.total(), 'resource')} ({listed}).{missing}{there}"
