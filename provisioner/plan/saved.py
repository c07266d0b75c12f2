"""A plan as a file: what was decided, from what, and how each live object looked that it touches.

A saved plan is no script. It is planned again when it is applied, and goes on only when the same comes out, of the same
files, state, tenant and live objects: so it holds no secret, nothing about a person, and no value that could be sent
instead of the manifests'.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from provisioner.errors import UsageError
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import specs
from provisioner.kinds.live import Live
from provisioner.plan.change import Plan
from provisioner.state.codec import checksum
from provisioner.state.model import State

FORMAT = 3
_MAGIC = "provisioner plan"

Prints = Mapping[str, Mapping[str, str]]
"""address -> field -> digest of its live value."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan was made of. Two plans of one basis with the same changes do the same."""

    host: str
    company_id: str
    files: Mapping[str, str]
    """Everything that was read, pictures and tables as well: path from the workspace's root -> sha256."""
    lineage: str = ""
    serial: int = 0
    """Of the state it was planned on; 0, with no lineage, when nothing was recorded yet."""
    changes: tuple[Mapping[str, Any], ...] = ()
    """In the plan's order and in JSON's types, without what is about a person."""
    live: Prints = field(default_factory=dict)
    """How the live objects looked that the changes touch."""
    digest: str = ""
    """The plan's own, which covers what is about a person, too."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What the file holds."""

    made: str
    """When it was planned: ISO 8601, UTC."""
    options: Mapping[str, Any]
    """What the command line narrowed it to or allowed: planned with again."""
    variables: tuple[str, ...]
    """The names of the variables that the command line gave; their values are not kept."""
    basis: Basis
    text: str
    """The plan as it was printed."""
    document: Mapping[str, Any]
    """The plan as `--json` prints it."""


def dump(saved: Saved) -> str:
    """A saved plan as the text of its file, with a checksum."""
    body = {"type": _MAGIC, "format_version": FORMAT, **asdict(saved)}
    return json.dumps(body | {"sha256": checksum(body)}, separators=(",", ":"))


def read(data: bytes, name: str) -> Saved:
    """What a file's bytes say. Raises UsageError, which calls the file `name`, when it is no plan or was changed."""
    try:
        document = json.loads(data)
        kind, version = document["type"], document["format_version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{name}: is no saved plan: make one with provisioner plan --save FILE") from None
    if kind != _MAGIC or version != FORMAT:
        raise UsageError(f"{name}: was saved by another version: plan again, with --save {name}")
    body = {key: value for key, value in document.items() if key != "sha256"}
    if document.get("sha256") != checksum(body):
        raise UsageError(f"{name}: damaged or edited (its checksum does not fit): plan again")
    try:
        return _saved(body)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError(f"{name}: damaged or edited (it lacks a part): plan again") from None


def _saved(body: Mapping[str, Any]) -> Saved:
    """Raises KeyError, TypeError and ValueError where something is missing or of another type."""
    values = {each.name: body[each.name] for each in fields(Saved)}
    basis = Basis(**{**values["basis"], "changes": tuple(values["basis"]["changes"])})
    texts = (values["made"], values["text"], basis.host, basis.company_id, basis.lineage, basis.digest)
    mappings = (values["options"], values["document"], basis.files, basis.live, *basis.changes)
    if not (all(isinstance(each, str) for each in texts) and all(isinstance(each, dict) for each in mappings)):
        raise TypeError("a part of another type")
    return Saved(**{**values, "variables": tuple(values["variables"]), "basis": basis})


# -- what a plan was made of


def basis(
    state: State,
    files: Mapping[str, str],
    plan: Plan,
    live: Mapping[Address, Live],
    changes: Any,
    also: Collection[str] = (),
) -> Basis:
    """What this plan is made of; `state` is what is on disk, `changes` are those of the JSON document that is kept.

    `also` are addresses whose live objects count although this plan may not touch them.
    """
    told = json.loads(json.dumps(changes, sort_keys=True, default=str))
    lineage = state.lineage if state.serial else ""
    touched = _touched(plan)
    prints = {str(a): _prints(each) for a, each in sorted(live.items()) if a in touched or str(a) in also}
    return Basis(
        state.tenant.host, state.tenant.company_id, files, lineage, state.serial, tuple(told), prints, plan.digest
    )


def _touched(plan: Plan) -> set[Address]:
    """What the plan changes, adopts, forgets or hangs something on."""
    addresses = {change.address for change in plan.changes}
    for address in tuple(addresses):
        pairs = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
        addresses |= {Address(address.account, kind, (key,)) for kind, key in pairs}
    return addresses


def _prints(live: Live) -> dict[str, str]:
    """Without what is about a person: a digest of an e-mail address is soon guessed. Effects are compared anyway."""
    known = specs(BY_NAME[live.kind]) if live.kind in BY_NAME else {}
    told = {name: value for name, value in live.fields.items() if name in known and not known[name].personal}
    prints = {name: _print(known[name].text(value)) for name, value in told.items()}
    return {"id": _print([live.id, *live.refs]), **prints}


def _print(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]
