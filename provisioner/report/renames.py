"""The renames that a plan suggests, as the table that `renames:` reads; made to be looked through first."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from provisioner.plan.change import Action, Change, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = ("from", "to", "because")


class _Lines(list[str]):
    """What the writer of CSV takes for a file."""

    write = list.append


def suggested(plan: Plan) -> list[Change]:
    """The changes that go and look like others that come; what no state has cannot be renamed."""
    going = (change for change in plan.changes if change.resembles and change.action is not Action.CREATE)
    return [change for change in going if not change.address.key[0].startswith("id:")]


def renames_csv(plan: Plan) -> str:
    """The whole table. Where it cannot be told which of several one became, `to` is left for a person to write.

    A spreadsheet takes nothing in it for a formula: addresses begin with a letter or a digit, and what is in the
    last column is made of words of ours and of addresses.
    """
    lines = _Lines()
    csv.writer(lines, lineterminator="\n").writerows([HEADER, *_rows(plan)])
    return "".join(lines)


def _rows(plan: Plan) -> Iterator[tuple[str, str, str]]:
    others = {change.address: change.resembles for change in plan.changes}
    for change in suggested(plan):
        certain = len(change.resembles) == 1 and len(others[change.resembles[0]]) == 1
        yield str(change.address), str(change.resembles[0]) if certain else "", change.hint.partition(": ")[0]
