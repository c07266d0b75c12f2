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
from provisioner.providers.timetap.fields import CANCELLED, FIELDS, ID, REQUIRED, Body, encode, mail
from provisioner.providers.timetap.read import KIND, live_of, series
from provisioner.providers.timetap.session import Reply, Session
from provisioner.providers.verdict import Errand, Purpose, Verdict

NOT_FOUND = "(404)"
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
                return await self._put(call, payload.id, {"status": CANCELLED}, raw, payload.manner)
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
        if isinstance(id_, bool) or not str(id_).isdigit():
            return Unknown(f"it answered no {ID}")
        return Done(str(id_), live_of(reply.body))

    async def _put(self, call: Call, id_: str, changed: Mapping[str, Any], raw: Body, manner: Manner) -> PartOutcome:
        """A change of the series, over what every write has to carry as it is now."""
        body = {**_carried(raw), **changed, **mail(manner.told)}
        selected = str(manner.since) if manner.since else str(raw["startDate"])
        return await self._write(call, id_, "", body, selected, manner)

    async def _occur(self, call: Call, payload: Occur) -> PartOutcome:
        id_ = self.ids[payload.address]
        raw = await self._now(id_)
        changed = _appointment(payload, raw)
        body = {"recurringAppt": _carried(raw) | mail(payload.manner.told), "updatedAppt": changed}
        outcome = await self._write(call, id_, "/updateByAppt", body, str(payload.day), payload.manner)
        if not payload.parts and isinstance(outcome, NotExecuted) and NOT_FOUND in outcome.why:
            return Done(id_)  # the series has no such date any more, and so nothing of its own on it
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
        return Done(id_, live_of(reply.body)) if reply.ok and isinstance(reply.body, Mapping) else _failed(reply)


def _carried(raw: Body) -> dict[str, Any]:
    return {ID: raw[ID], **{name: raw.get(name) for name in REQUIRED}}


def _appointment(payload: Occur, raw: Body) -> dict[str, Any]:
    """The occurrence as it is to be. Assumption: what is left out of it stays as it is."""
    body: dict[str, Any] = {"startDate": str(payload.day), **mail(payload.manner.told)}
    own = {name: raw.get(name) for each in payload.restored if each in FIELDS for name in FIELDS[each].names}
    body |= own | encode({name: payload.values[name] for name in payload.restored if name in payload.values})
    if "cancelled" in payload.restored:
        body["status"] = _OPEN
    body |= encode({name: value for name, value in payload.parts.items() if name in FIELDS})
    if "date" in payload.parts:
        body["startDate"] = str(payload.parts["date"])
    if "cancelled" in payload.parts:
        body["status"] = CANCELLED
    return body


def _failed(reply: Reply) -> PartOutcome:
    if reply.verdict is Verdict.UNKNOWN or reply.doubtful or reply.ok:
        return Unknown(reply.why or "it answered nothing that can be read")
    return NotExecuted(reply.why)
