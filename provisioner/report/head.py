"""The first line of every report: whose tenant this is, and what the plan costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from provisioner.kinds.values import plain
from provisioner.report.layout import columns, counted


@dataclass(frozen=True, slots=True)
class Banner:
    """Which tenant is spoken of, and whether anything real can happen to it."""

    sandbox: bool
    host: str
    company_id: str
    name: str = ""
    embedded: bool = False
    """The sandbox runs inside this process: its host says nothing."""

    def __str__(self) -> str:
        lead = "SANDBOX (nothing real changes)" if self.sandbox else "LIVE"
        host = "" if self.embedded else f" {plain(self.host)}"
        name = f" ({plain(self.name)})" if self.name else ""
        return f"{lead}{host} company {plain(self.company_id)}{name}"


@dataclass(frozen=True, slots=True)
class Effort:
    """What the plan cost to make and will cost to apply."""

    reads: int
    """Requests that were made to read the tenant."""
    writes: int
    """Calls that will be made, looks (`discover`) left out."""
    one_by_one: int
    """Calls it would take with one for each change."""
    discover: int = 0
    """Looks between the writes, at what came into being with them."""
    seconds: float = 0.0
    """How long the apply is expected to take; 0 when nothing is known."""

    def more(self, reads: int) -> Effort:
        """The same with so many reads more."""
        return replace(self, reads=self.reads + reads)

    def __str__(self) -> str:
        if not self.writes:
            return counted(self.reads, "read")
        looks = f" and {counted(self.discover, 'look')}" if self.discover else ""
        single = f", one by one {self.one_by_one}" if self.one_by_one != self.writes else ""
        time = f"; about {spelled_time(self.seconds)}" if self.seconds else ""
        return f"{counted(self.reads, 'read')}; {counted(self.writes, 'write')}{looks} planned{single}{time}"


def spelled_time(seconds: float) -> str:
    """A time for people, in the unit that fits."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def head_lines(banner: Banner, effort: Effort, width: int) -> list[str]:
    """The first line, in two when it is too long for one."""
    who, what = str(banner), str(effort)
    return [f"{who}   {what}"] if columns(who) + 3 + len(what) <= width else [who, f"  {what}"]
