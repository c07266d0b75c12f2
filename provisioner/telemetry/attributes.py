"""What of a stage is told, and under which name. What does not stand here is told to nobody.

Names are those of OpenTelemetry's semantic conventions where they have one; ours begin with `provisioner.`. Of a URL
there are the host and the path, without ids, and no query: `url.full`, which the conventions ask for, may hold a token.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from provisioner.kinds import BY_NAME, Address
from provisioner.providers.base import Absent, Done, NotExecuted
from provisioner.stage import Facts

if TYPE_CHECKING:
    from provisioner.apply.outcome import Applied
    from provisioner.plan.change import Change, Plan
    from provisioner.providers.base import Call, Outcome, PartOutcome

Value = str | int | float | Sequence[str]
Attributes = dict[str, Value]
MANY = 100
"""Parts of a call that are named; all are counted."""
PERSONAL = "(personal)"
"""Instead of the key of somebody who books."""
_WORD = re.compile("[A-Za-z][A-Za-z_-]{0,39}|v[0-9]{1,2}", re.ASCII)


def attributes(facts: Facts) -> Attributes:
    """What is told of these facts."""
    told: Attributes = {}
    for name, value in facts.items():
        if rule := _RULES.get(name):
            told |= rule(value)
    return told


def title(stage: str, told: Mapping[str, Value]) -> str:
    """What a span is called: few names, so that spans of one sort can be put together."""
    match stage:
        case "command":
            return f"provisioner {told.get('provisioner.command', '')}".rstrip()
        case "request":
            return f"{told['http.request.method']} {told['url.template']}"
        case "read":
            return f"read {told['provisioner.kind']}"
        case "change":
            return f"{told['provisioner.call.effect']} {told['provisioner.kind']}"
        case _:
            return stage


def template(path: str) -> str:
    """A path with `{id}` for what is no word in it."""
    return "/".join(part if not part or _WORD.fullmatch(part) else "{id}" for part in path.split("/"))


def _named(address: Address) -> str:
    """An address, without the keys of people who book."""
    kind = BY_NAME[address.kind]
    personal = [BY_NAME[each].personal for each in kind.key_kinds] or [kind.personal]
    if not any(personal):
        return str(address)
    keys = (PERSONAL if hidden else key for key, hidden in zip(address.key, personal, strict=False))
    return str(address._replace(key=tuple(keys)))


def _url(url: str) -> Attributes:
    parts = urlsplit(url)
    port = {"server.port": parts.port} if parts.port else {}
    return {
        "url.scheme": parts.scheme,
        "server.address": parts.hostname or "",
        **port,
        "url.template": template(parts.path),
    }


def _status(status: int) -> Attributes:
    return {"http.response.status_code": status, **({"error.type": str(status)} if status >= 400 else {})}


def _call(call: Call) -> Attributes:
    return {
        "provisioner.call.effect": call.effect.value,
        "provisioner.kind": call.parts[0].address.kind,
        "provisioner.change.count": len(call.parts),
        "provisioner.change.addresses": [_named(part.address) for part in call.parts[:MANY]],
    }


def _actions(found: tuple[Call, Mapping[Address, Change]]) -> Attributes:
    call, changes = found
    known = (changes.get(part.address) for part in call.parts[:MANY])
    return {"provisioner.change.actions": [change.action.value if change else "" for change in known]}


def _outcome(found: tuple[Call, Outcome]) -> Attributes:
    call, outcome = found
    became = [_became(outcome.get(part)) for part in call.parts]
    worst = next((each for each in ("unknown", "not_executed") if each in became), "")
    return {"provisioner.change.outcomes": became[:MANY], **({"error.type": worst} if worst else {})}


def _became(result: PartOutcome | None) -> str:
    match result:
        case Done():
            return "done"
        case Absent():
            return "absent"
        case NotExecuted():
            return "not_executed"
        case _:
            return "unknown"


def _plan(plan: Plan) -> Attributes:
    counts = Counter(change.action.value for change in plan.changes)
    numbers: Attributes = {f"provisioner.plan.{action}": count for action, count in sorted(counts.items())}
    return {"provisioner.plan.digest": plan.digest, "provisioner.plan.blocked": len(plan.blocked), **numbers}


def _applied(applied: Applied) -> Attributes:
    numbers: Mapping[str, Collection[Any]] = {
        "done": applied.done,
        "failed": applied.failed,
        "skipped": applied.skipped,
        "cancelled": applied.cancelled,
    }
    failed: Attributes = {"error.type": "failed"} if applied.failed else {}
    return {f"provisioner.apply.{name}": len(each) for name, each in numbers.items()} | failed


def _exit(code: int) -> Attributes:
    """2 is an answer: there are changes, or there is drift."""
    failed: Attributes = {} if code in (0, 2) else {"error.type": str(code)}
    return {"process.exit.code": code, **failed}


def _as(name: str, spelled: Callable[[Any], Value]) -> Callable[[Any], Attributes]:
    return lambda value: {name: spelled(value)}


_RULES: Mapping[str, Callable[[Any], Attributes]] = {
    "account": lambda key: {"provisioner.account": key} if key else {},
    "actions": _actions,
    "again": lambda times: {"http.request.resend_count": times} if times else {},
    "applied": _applied,
    "call": _call,
    "command": _as("provisioner.command", str),
    "exit": _exit,
    "kind": _as("provisioner.kind", str),
    "method": _as("http.request.method", str),
    "outcome": _outcome,
    "plan": _plan,
    "reason": _as("provisioner.wait.reason", str),
    "resources": _as("provisioner.resources", int),
    "run": _as("provisioner.run.id", str),
    "run_number": _as("provisioner.run.number", int),
    "seconds": _as("provisioner.wait.seconds", lambda seconds: round(float(seconds), 3)),
    "status": _status,
    "url": _url,
}
