"""JSON Schemas of what the command writes for other tools: the plan's document, and the lines of `--events`.

A reader passes over keys that it does not know: they come with a minor version. So the schemas let them be. `closed`
ones do not, which is how the tests see that no key is written that no schema speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.kinds import KINDS

PLAN, EVENTS = "plan.schema.json", "events.schema.json"
Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_MAYBE: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": "number"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_YES: Schema = {"type": "boolean"}
_TIME: Schema = {"type": "string", "description": "ISO 8601, with its offset."}
_KIND: Schema = {"enum": [kind.kind for kind in KINDS]}
_ACTION: Schema = {"enum": ["create", "update", "delete", "adopt", "forget"]}
_VALUE: Schema = {
    "description": "In the manifest's spelling; {sensitive: true} and {personal: true} stand for what is not shown."
}
_VERSION: Schema = {"type": "string", "pattern": r"^1\.[0-9]+$"}


def plan_schema(*, closed: bool = False) -> Schema:
    """Of `plan --json`, `show --json`, `drift --json` and `--report json=FILE`."""
    made = _Made(closed=closed)
    plan, failure = (
        made.plan(),
        made.object(format_version=_VERSION, error=made.error()),
    )
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A plan, or why there is none",
        "anyOf": [plan, failure],
    }


def events_schema(*, closed: bool = False) -> Schema:
    """Of one line of `apply --events`."""
    made = _Made(closed=closed)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "One line of the events of an apply",
        "anyOf": [*made.events()],
    }


class _Made:
    """Builds objects that all have the same attitude to keys they do not know."""

    def __init__(self, *, closed: bool) -> None:
        self.closed = closed

    def object(self, optional: Mapping[str, Any] | None = None, **properties: Any) -> Schema:
        """An object with these keys, all of which are there but the optional ones."""
        return {
            "type": "object",
            "properties": {**properties, **(optional or {})},
            "required": [*properties],
            **({"additionalProperties": False} if self.closed else {}),
        }

    def plan(self) -> Schema:
        """The document."""
        optional = {
            "outcome": self.outcome(),
            "error": self.error(),
            "undo": self.undo(),
            "unmanaged": _list(self.object(account=_TEXT, kind=_KIND, id=_TEXT, name=_MAYBE)),
            "unlisted": _list(_KIND, "Kinds that the vendor has no list of: what is unmanaged of them is not known."),
            "rehearsal": {"description": "What came of it on a copy."},
        }
        return self.object(
            optional,
            format_version=_VERSION,
            tenant=self.object(sandbox=_YES, host=_TEXT, company_id=_TEXT, name=_TEXT, embedded=_YES),
            effort=self.object(reads=_COUNT, writes=_COUNT, one_by_one=_COUNT, discover=_COUNT, seconds=_NUMBER),
            counts=self.object(**dict.fromkeys((*_ACTION["enum"], "blocked"), _COUNT)),
            managed=_COUNT,
            digest={**_TEXT, "description": "Ten hex digits; empty where nothing can be applied."},
            changes=_list(self.change()),
            drift=_list(_TEXT, "Addresses of changes that put back what moved outside."),
            not_put_back=_list(self.object(address=_TEXT, id=_TEXT, gone=_YES, fields=_list(_TEXT), reason=_TEXT)),
            appointments=_nullable(self.appointments()),
            messages={"type": ["integer", "null"], "description": "How many go out; null where none could."},
            more_messages=_list(_TEXT, "Messages that may go out as well, of which nobody can tell how many."),
            perhaps_messages=_list(
                self.object(to={"enum": ["webhook", "clients"]}, host=_MAYBE, at_most=_COUNT),
                "What goes out if the vendor cancels the appointments of what is deleted. It does not say.",
            ),
            outlook={"type": "object", "additionalProperties": _list(_TEXT)},
            blocked=_list(self.object(address=_TEXT, reason=_TEXT)),
            notes=_list(_TEXT),
            calls=_list(self.call()),
        )

    def change(self) -> Schema:
        """One of its changes."""
        place = _nullable(self.object(file=_TEXT, line=_COUNT, column=_COUNT))
        field = self.object(
            name=_TEXT, before=_VALUE, after=_VALUE, outside=_YES, both=_YES, applied=_VALUE, default=_YES, place=place
        )
        return self.object(
            address=_TEXT,
            account={**_TEXT, "description": "Empty for the parent."},
            kind=_KIND,
            name={
                **_MAYBE,
                "description": "What something live is known by; null where it has no name to tell.",
            },
            action=_ACTION,
            reason=_TEXT,
            id=_MAYBE,
            place=place,
            moved_from=_MAYBE,
            goes_with=_MAYBE,
            blocked=_MAYBE,
            hint=_MAYBE,
            resembles=_list(_TEXT),
            unchanged=_COUNT,
            fields=_list(field),
        )

    def call(self) -> Schema:
        """One request, with what it waits for."""
        part = self.object(address=_TEXT, name=_TEXT)
        return self.object(id=_TEXT, effect=_EFFECT, parts=_list(part), needs=_list(_TEXT))

    def appointments(self) -> Schema:
        """What would be stranded, by ids and times."""
        booking = self.object(id=_TEXT, start=_MAYBE, end=_MAYBE, unreadable=_list(_TEXT))
        by_change = self.object(address=_TEXT, count=_COUNT, allowed=_YES, ids=_list(_TEXT))
        return self.object(read_at=_TIME, stranded=_list(booking), by_change=_list(by_change))

    def outcome(self, **more: Schema) -> Schema:
        """What became of it."""
        failed = self.object(address=_TEXT, reason=_TEXT)
        skipped = self.object(address=_TEXT, because=_MAYBE)
        return self.object(
            complete=_YES,
            writes=_COUNT,
            done=_list(_TEXT),
            failed=_list(failed),
            not_attempted=_list(skipped),
            pending=_list(_TEXT, "Addresses of which nobody knows yet whether they were made."),
            **more,
        )

    def undo(self) -> Schema:
        """Where it takes a run back."""
        cannot = self.object(address=_TEXT, fields=_list(_TEXT), reason=_TEXT)
        kept = self.object(address=_TEXT, fields=_list(_TEXT), reason=_TEXT, goes=_YES)
        asked = _list(_TEXT)
        return self.object(run=_COUNT, commit=_MAYBE, kept=_list(kept), cannot=_list(cannot), manifests_still_ask=asked)

    def error(self) -> Schema:
        """What a failure says."""
        problem = self.object(file=_TEXT, line=_COUNT, column=_COUNT, message=_TEXT)
        return self.object(exit_code=_COUNT, message=_TEXT, problems=_list(problem), moved=_list(_TEXT))

    def events(self) -> list[Schema]:
        """One schema for each event."""
        part = {"address": _TEXT, "part": _MAYBE}
        became = {"outcome": {"enum": ["done", "absent", "not_executed", "unknown"]}, "id": _MAYBE, "reason": _MAYBE}
        call = {"call": _TEXT, "effect": _EFFECT}
        tenant = self.object(host=_TEXT, company_id=_TEXT, sandbox=_YES)
        outcome = _nullable(self.outcome(seconds=_NUMBER))
        return [
            self._event(
                "run_started", run=_TEXT, number=_COUNT, tenant=tenant, digest=_TEXT, changes=_COUNT, calls=_COUNT
            ),
            self._event("call_started", **call, parts=_list(self.object(**part))),
            self._event("call_done", **call, parts=_list(self.object(**part, **became))),
            self._event("waiting", seconds=_NUMBER, **{"for": _COUNT}),
            self._event("finished", exit=_COUNT, error=_MAYBE, outcome=outcome),
        ]

    def _event(self, name: str, **properties: Any) -> Schema:
        return self.object(format_version=_VERSION, at=_TIME, event={"const": name}, **properties)


_EFFECT: Schema = {"enum": ["create", "replace", "action", "discover"]}


def _list(items: Schema, description: str = "") -> Schema:
    return {"type": "array", **({"description": description} if description else {}), "items": items}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}
