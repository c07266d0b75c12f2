"""One call becomes one request: the body is rendered, the answer is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.errors import ProvisionerError, StateError
from provisioner.kinds import Address
from provisioner.providers.base import Call, Done, NotExecuted, Outcome, PartOutcome, Replay, Unknown
from provisioner.providers.decided import ChangedError, check
from provisioner.providers.timetap.calls import Cancel, Make, Manner, Occur, Save
from provisioner.providers.timetap.fields import (
    CANCELLED,
    FIELDS,
    ID,
    Body,
    carried,
    encode,
    mail,
    of_one,
    spelled,
)
from provisioner.providers.timetap.read import KIND, is_id, live_of, series
from provisioner.providers.timetap.session import Reply, Session
from provisioner.providers.verdict import Errand, Purpose, Verdict

NOT_FOUND = "(404)"
_OURS = ("businessId",)
_OPEN = "Open"


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends the calls of one apply. Raises nothing that a vendor or a network can cause."""

    session: Session
    company_id: str
    ids: Mapping[Address, str]
    sending: Callable[[], None]

    async def send(self, call: Call) -> Outcome:
        """The outcome of the call's one part. Passes on the StateError with which `sending` holds a request back."""
        try:
            return dict.fromkeys(call.parts, await self._dispatch(call))
        except StateError:
            raise
        except ProvisionerError as error:
            return dict.fromkeys(call.parts, NotExecuted(str(error)))

    async def _dispatch(self, call: Call) -> PartOutcome:
        match call.payload:
            case Make() as payload:
                return await self._make(payload)
            case Save() as payload:
                raw = await self._now(payload.id)
                check(KIND, payload.decided, live_of(raw).fields)
                return await self._put(call, payload.id, encode(payload.values, raw), raw, payload.manner)
            case Cancel() as payload:
                raw = await self._now(payload.id)
                return await self._put(call, payload.id, {"status": CANCELLED}, raw, payload.manner, strange=False)
            case Occur() as payload:
                return await self._occur(call, payload)
            case _:
                raise TypeError(f"no such payload: {type(call.payload).__name__}")

    async def _now(self, id_: str) -> Body:
        """The series as it is right before it is written over: what was read for the plan may be long ago."""
        raw = await series(self.session, id_, self.company_id)
        if raw.get("status") == CANCELLED:
            raise ChangedError("it was cancelled since the plan was made: plan again")
        return raw

    async def _make(self, payload: Make) -> PartOutcome:
        """The business is named, so that another one's keys cannot make it elsewhere (seed: businessId, writable)."""
        body = {"businessId": int(self.company_id), **encode(payload.values), **mail(payload.manner.told)}
        reply = await self.session.write("POST", "", body, errand=Errand(Purpose.CREATE), sending=self.sending)
        if not reply.ok:
            return _failed(reply)
        id_ = reply.body.get(ID) if isinstance(reply.body, Mapping) else None
        if isinstance(id_, bool) or not is_id(str(id_)):
            return Unknown(f"it answered no {ID}")
        return Done(str(id_), live_of(reply.body))

    async def _put(
        self, call: Call, id_: str, changed: Mapping[str, Any], raw: Body, manner: Manner, *, strange: bool = True
    ) -> PartOutcome:
        """A change of the series, over all of it that can be read and written."""
        body = {**_whole(raw, strange=strange), **changed, **mail(manner.told)}
        selected = str(manner.since) if manner.since else str(raw["startDate"])
        return await self._write(call, id_, "", body, selected, manner)

    async def _occur(self, call: Call, payload: Occur) -> PartOutcome:
        id_, step = self.ids[payload.address], payload.step
        raw = await self._now(id_)
        body = {"recurringAppt": _whole(raw) | mail(payload.manner.told), "updatedAppt": _appointment(payload, raw)}
        outcome = await self._write(call, id_, "/updateByAppt", body, str(step.day), payload.manner)
        if isinstance(outcome, NotExecuted) and NOT_FOUND in outcome.why:
            if not step.parts:
                return Done(id_)  # the series has no such date any more, and so nothing of its own on it
            return NotExecuted(f"{step.day}: {outcome.why}: was it cancelled or moved since the plan was made?")
        return outcome

    async def _write(self, call: Call, id_: str, path: str, body: Body, selected: str, manner: Manner) -> PartOutcome:
        """Assumption: `effectiveFollowingThisDate` 1 is from `dateSelected` on, 0 the whole series, or the one date."""
        purpose = Purpose.UPDATE if call.replay is Replay.SAFE else Purpose.ACTION
        params = {
            "dateSelected": selected,
            "effectiveFollowingThisDate": str(int(manner.since is not None)),
            "sendWaitListInvites": "true" if manner.invites else "false",
        }
        errand = Errand(purpose, call.replay)
        reply = await self.session.write(
            "PUT", f"/{id_}{path}", body, errand=errand, sending=self.sending, params=params
        )
        if not reply.ok:
            return _failed(reply)
        return Done(id_, live_of(reply.body) if isinstance(reply.body, Mapping) else None)


def _whole(raw: Body, *, strange: bool = True) -> dict[str, Any]:
    ours = {name: raw[name] for name in _OURS if raw.get(name) is not None}
    return {ID: raw[ID], **ours, **carried(raw, strange=strange)}


def _appointment(payload: Occur, raw: Body) -> dict[str, Any]:
    """The occurrence as it is to be, whole: what its series has then, and over it what is other.

    What is its series' again is written also where its series has nothing.
    """
    step, terms = payload.step, carried(raw) if payload.terms is None else payload.terms
    body = {**of_one(terms), **spelled(step.restored, terms), **mail(payload.manner.told), "startDate": str(step.day)}
    body |= encode({name: value for name, value in step.parts.items() if name in FIELDS})
    if "cancelled" in step.restored:
        body.setdefault("status", _OPEN)
    if "date" in step.parts:
        body["startDate"] = str(step.parts["date"])
    if "cancelled" in step.parts:
        body["status"] = CANCELLED
    return body


def _failed(reply: Reply) -> PartOutcome:
    if reply.verdict is Verdict.UNKNOWN or reply.doubtful or reply.ok:
        return Unknown(reply.why or "it answered nothing that can be read")
    return NotExecuted(reply.why)
