"""What came of a rehearsal, as text and as JSON: the outcome, what remains, the requests and their time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.values import escape
from provisioner.report.blocks import SYMBOLS
from provisioner.report.head import spelled_time
from provisioner.report.json import outcome_json
from provisioner.report.layout import counted, wrapped
from provisioner.report.outcome import outcome_text
from provisioner.report.summary import nothing_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from provisioner.plan.change import Change, Plan
    from provisioner.rehearsal.result import Rehearsal, Rehearsed

FEW = 20
"""Up to so many changes that remain are named."""


def rehearsal_lines(rehearsal: Rehearsal, width: int = 80) -> Iterator[str]:
    """The text below the plan, without a line break at its end."""
    held = ", ".join(_count(kind, count) for kind, count in rehearsal.counts.items())
    yield from wrapped("", f"Rehearsed on a copy of {held or 'nothing'}. Nothing live was written.", width)
    first = rehearsal.first
    if first.asked or first.applied.done or first.applied.failed:
        outcome = outcome_text(replace(first.applied, writes=0), width)  # the requests are told below
        yield from ("", outcome.replace(" complete! ", " would be complete: ", 1))
    yield from ("", *_afterwards(first, width))
    if first.asked:
        yield from ("", *_requests(rehearsal, width), "")
        if first.dialect:
            yield from _assumed(rehearsal, width)
    yield from wrapped("Unlike the original: ", "; ".join(rehearsal.lacking) or "nothing that was read", width, "  ")


def _count(kind: str, count: int) -> str:
    if kind in BY_NAME:
        return counted(count, BY_NAME[kind].title)
    return counted(count, kind)


def _afterwards(rehearsed: Rehearsed, width: int) -> Iterator[str]:
    plan = rehearsed.afterwards
    if plan is None:
        yield from wrapped("The plan after it: ", f"none can be made: {rehearsed.wrong}", width)
    elif not plan.writes:
        yield from wrapped("The plan after it: ", nothing_line(plan), width)
    else:
        yield f"The plan after it would still have {counted(len(plan.writes), 'change')}"
        yield from (line for change in plan.writes[:FEW] for line in _left(change, width))
        if len(plan.writes) > FEW:
            yield f"  and {len(plan.writes) - FEW} more"


def _left(change: Change, width: int) -> list[str]:
    fields = f" ({', '.join(field.name for field in change.fields)})" if change.fields else ""
    return [
        f"  {SYMBOLS[change.action]} {escape(str(change.address))}{escape(fields)}",
        *wrapped("      ", change.reason, width),
    ]


def _requests(rehearsal: Rehearsal, width: int) -> Iterator[str]:
    first = rehearsal.first
    total = sum(each.times for each in first.asked)
    pace = f", at most {rehearsal.pace:g} a second" if rehearsal.pace else ""
    how = (
        f"counted with {rehearsal.seconds_each * 1000:.0f} ms for each, as a read took, up to {rehearsal.at_once} at "
        f"once{pace}; before them {counted(rehearsal.planning, 'read')} to plan"
    )
    yield from wrapped(f"Requests: {total} in about {spelled_time(first.applied.seconds)}: ", how, width, "  ")
    pad = max(len(f"{each.method:<6} {each.path}") for each in first.asked)
    for each in first.asked:
        named = f"{each.method:<6} {each.path}"
        yield f"  {named:<{pad}}  {each.times:>5}"


def _assumed(rehearsal: Rehearsal, width: int) -> Iterator[str]:
    dialect = rehearsal.first.dialect
    if rehearsal.tried > 1:
        if not rehearsal.others:
            yield from wrapped("Assumed of the vendor: ", f"nothing: {rehearsal.tried} dialects end the same", width)
            return
        yield from wrapped("Assumed of the vendor: ", f"{_spoken(dialect)}. It ends otherwise with", width, "  ")
        for other in rehearsal.others:
            yield f"  {_spoken(other.dialect)}"
            yield from wrapped("      ", _ends(other), width)
        return
    known = {question: answer for question, answer in dialect.items() if rehearsal.probed.get(question) == answer}
    if known:
        yield from wrapped("Found out by doctor: ", f"{_spoken(known)}.", width, "  ")
    if assumed := {question: answer for question, answer in dialect.items() if question not in known}:
        yield from wrapped("Assumed of the vendor: ", f"{_spoken(assumed)}. To try others: --dialect any", width, "  ")


def _spoken(dialect: Mapping[str, str]) -> str:
    return ", ".join(f"{question}={answer}" for question, answer in dialect.items())


def _ends(rehearsed: Rehearsed) -> str:
    applied, after = rehearsed.applied, rehearsed.afterwards
    failed = [f"{change.address}: {why}" for change, why in applied.failed[:2]]
    more = f" and {len(applied.failed) - 2} more" if len(applied.failed) > 2 else ""
    left = f"{len(after.writes)} left to do" if after else f"no plan: {rehearsed.wrong}"
    failures = f"{len(applied.failed)} failed ({'; '.join(failed)}{more}), " if failed else ""
    return f"{len(applied.done)} done, {failures}{left}"


# -- as JSON


def rehearsal_json(rehearsal: Rehearsal) -> dict[str, Any]:
    """The keys that a rehearsal adds to the document of its plan."""
    return {
        "rehearsal": {
            **_rehearsed(rehearsal.first),
            "requests": [each._asdict() for each in rehearsal.first.asked],
            "seconds": round(rehearsal.first.applied.seconds, 3),
            "seconds_each": round(rehearsal.seconds_each, 4),
            "reads": rehearsal.reads,
            "copied": dict(rehearsal.counts),
            "not_copied": list(rehearsal.lacking),
            "dialects_tried": rehearsal.tried,
            "otherwise": [_rehearsed(other) for other in rehearsal.others],
        }
    }


def _rehearsed(rehearsed: Rehearsed) -> dict[str, Any]:
    return {
        "dialect": dict(rehearsed.dialect),
        "outcome": outcome_json(rehearsed.applied),
        "afterwards": _plan(rehearsed.afterwards),
        "problem": rehearsed.wrong or None,
    }


def _plan(plan: Plan | None) -> list[dict[str, Any]] | None:
    if plan is None:
        return None
    return [
        {
            "address": str(change.address),
            "action": change.action.value,
            "reason": change.reason,
            "fields": [field.name for field in change.fields],
        }
        for change in plan.writes
    ]
