"""One run as it is remembered: who began it on what, what would reverse each change, and what became of it.

Values stand in the manifest's own spelling. Of a secret only its field's name is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from provisioner.kinds import BY_NAME, Address, read_address
from provisioner.kinds.base import specs
from provisioner.state.codec import decode_record, decode_tenant, encode_record, encode_tenant
from provisioner.state.entries import Entry, Outcome
from provisioner.state.model import Record, Tenant

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run before its first write."""

    number: int
    """What a person calls it: one more than the newest that is kept."""
    id: str
    """What the journal calls it."""
    command: str
    at: str
    """When it began: ISO 8601, UTC."""
    who: str
    tool: str
    tenant: Tenant
    digest: str
    """The plan's."""
    commit: str = ""
    """The workspace's, where it is in a repository."""
    dirty: bool = False
    """Something in the workspace was not committed."""
    targets: tuple[str, ...] = ()
    undoes: int | None = None
    """The run that it takes back."""
    planned: Mapping[str, int] = field(default_factory=dict)
    """How many changes of each action."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """The ids of the accounts that it worked in, by their names then."""


class Field(NamedTuple):
    """One field of a change, both sides as a manifest would spell them."""

    name: str
    before: Any
    after: Any
    lost: str = ""
    """Why what was before cannot be brought back, in a word of `LOST`; "" when it can."""
    tied: bool = False
    """It was not written itself: what the vendor made of it, when another was, is not known."""


LOST = {
    "secret": "a secret, which is never kept",
    "picture": "a picture, whose content is not kept",
    "unreadable": "a value that could not be read",
    "unseen": "a value that the vendor never shows",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a run, with what reverses it."""

    address: Address
    action: str
    """As in a plan; `move` where only what is remembered of a relation moved."""
    id: str = ""
    """The live object's; "" of one that was to be made, and of relations."""
    fields: tuple[Field, ...] = ()
    """What an update wrote, all that was live of what was deleted, and what a create was to be."""
    record: Record | None = None
    """What was remembered before, digests of secrets left out."""
    moved_from: Address | None = None
    refs: tuple[str, ...] = ()
    """The ids of what a relation joins, "" of what was to be made; those of an order's entries."""
    instead: str = ""
    """The id that it had before, of what an undo makes again."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a run."""

    at: str = ""
    """When it ended; "" when it died."""
    exit: int | None = None
    """Its exit code; None when it died."""
    done: Mapping[Address, str] = field(default_factory=dict)
    """What was carried out, each with its id, "" where there is none."""
    maybe: frozenset[Address] = frozenset()
    """What was begun and may have been carried out, or in part."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many changes of each action were carried out, and how many `failed` or were `left`."""
    run: str = ""
    """The id of the run that it is the ending of."""


def outcomes(entries: Iterable[Entry]) -> dict[Address, str]:
    """What a journal says was carried out, each with its id."""
    done: dict[Address, str] = {}
    for entry in entries:
        if isinstance(entry, Outcome):
            done |= entry.ids
            done |= {a: r.id if r else "" for a, r in entry.records.items()}
    return done


def died(steps: Iterable[Step], entries: Iterable[Entry]) -> Ending:
    """The ending of a run that did not come to its own: the journal knows what is done, and only a look the rest."""
    every, told = list(steps), outcomes(entries)
    done = {step.address: told[step.address] for step in every if step.address in told}
    counts: dict[str, int] = {}
    for step in every:
        if step.address in done:
            counts[step.action] = counts.get(step.action, 0) + 1
    rest = frozenset(step.address for step in every if step.address not in done)
    return Ending(done=done, maybe=rest, counts=counts | ({"unknown": len(rest)} if rest else {}))


# -- as JSON


def encode_run(run: Run) -> Json:
    """A run's head as a JSON object."""
    return {**asdict(run), "tenant": encode_tenant(run.tenant), "targets": list(run.targets)}


def decode_run(body: Mapping[str, Any]) -> Run:
    """Raises KeyError, TypeError or ValueError for what is none of this version."""
    return Run(**{**body, "tenant": decode_tenant(body["tenant"]), "targets": tuple(body["targets"])})


def encode_step(step: Step) -> Json:
    """A step as a JSON object; what is usual is left out."""
    body: Json = {"address": str(step.address), "action": step.action}
    if step.id:
        body["id"] = step.id
    if step.fields:
        body["fields"] = [each if each.tied else each[:4] if each.lost else each[:3] for each in step.fields]
    if step.record:
        body["record"] = encode_record(step.record)
    if step.moved_from:
        body["moved_from"] = str(step.moved_from)
    if any(step.refs):
        body["refs"] = step.refs
    if step.instead:
        body["instead"] = step.instead
    return body


def decode_step(body: Mapping[str, Any]) -> Step:
    """Raises KeyError, TypeError or ValueError for what is none of this version."""
    address = read_address(body["address"])
    known = specs(BY_NAME[address.kind])
    found = tuple(Field(*each) for each in body.get("fields", ()))
    if any(each.name not in known or each.lost not in ("", *LOST) for each in found):
        raise ValueError("a field that this version does not know")
    return Step(
        address,
        body["action"],
        body.get("id", ""),
        found,
        decode_record(body["record"]) if "record" in body else None,
        read_address(body["moved_from"]) if "moved_from" in body else None,
        tuple(body.get("refs", ())),
        body.get("instead", ""),
    )


def encode_ending(ending: Ending) -> tuple[Json, Iterator[Json]]:
    """An ending as a head, and a line for each change."""
    head = {"run": ending.run, "at": ending.at, "exit": ending.exit, "counts": dict(ending.counts)}
    done: Iterator[Json] = ({"address": str(a), "id": id_} for a, id_ in ending.done.items())
    maybe: Iterator[Json] = ({"address": str(a), "maybe": True} for a in sorted(ending.maybe))
    return head, (each for part in (done, maybe) for each in part)


def decode_ending(head: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> Ending:
    """Raises KeyError, TypeError or ValueError for what is none of this version."""
    done: dict[Address, str] = {}
    maybe: set[Address] = set()
    for line in lines:
        if line.get("maybe"):
            maybe.add(read_address(line["address"]))
        else:
            done[read_address(line["address"])] = line["id"]
    return Ending(head["at"], head["exit"], done, frozenset(maybe), head["counts"], head.get("run", ""))
