"""One call becomes one request: ids are filled in, the body is rendered, the answer is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from provisioner.errors import ProvisionerError, StateError
from provisioner.kinds import Address
from provisioner.kinds.live import Live
from provisioner.providers.base import (
    Absent,
    Call,
    Done,
    Files,
    NotExecuted,
    Outcome,
    Part,
    PartOutcome,
    Unknown,
    no_files,
)
from provisioner.providers.decided import check
from provisioner.providers.setster import account, hours, pictures, sorting
from provisioner.providers.setster.codec import Zones
from provisioner.providers.setster.listing import in_order
from provisioner.providers.setster.many import came_along, saved
from provisioner.providers.setster.newest import Newest, check_hours
from provisioner.providers.setster.payload import (
    CreateAccount,
    DeleteMany,
    DeleteObject,
    Discover,
    LinkMap,
    Ref,
    SaveAspect,
    SaveHours,
    SaveMany,
    SaveObject,
    SaveOne,
    SaveOrder,
    SavePicture,
)
from provisioner.providers.setster.read import employee_entries, read_list
from provisioner.providers.setster.session import Reply
from provisioner.providers.setster.sought import listed_objects
from provisioner.providers.verdict import Errand, Purpose, Verdict

Ids = Mapping[Address, str]


class Sender:
    """Sends the calls of one apply. Raises nothing that a vendor or a network can cause."""

    def __init__(
        self,
        newest: Newest,
        zones: Zones,
        ids: Ids,
        live: Mapping[Address, Live],
        sending: Callable[[], None],
        files: Files = no_files,
    ) -> None:
        self._session = newest.session
        self._newest = newest
        self._zones = zones
        self._ids = ids
        self._live = live
        self._sending = sending
        self._files = files

    async def send(self, call: Call) -> Outcome:
        """The outcome of every part of a call. Passes on the StateError with which `sending` holds a request back."""
        try:
            return await self._dispatch(call)
        except StateError:
            raise
        except ProvisionerError as error:
            return _all(call, NotExecuted(str(error)))

    async def _dispatch(self, call: Call) -> Outcome:
        match call.payload:
            case CreateAccount() as payload:
                return await self._create_account(call, payload)
            case SaveAspect() as payload:
                return await self._save_aspect(call, payload)
            case SaveObject() as payload:
                return await self._save_object(call, payload)
            case SaveOrder() as payload:
                return await self._save_order(call, payload)
            case SavePicture() as payload:
                return await self._save_picture(call, payload)
            case DeleteObject() as payload:
                return await self._delete(call, payload)
            case SaveMany() as payload:
                return await self._save_many(call, payload)
            case DeleteMany() as payload:
                return await self._delete_many(call, payload)
            case SaveHours() as payload:
                return await self._save_hours(call, payload)
            case Discover() as payload:
                return await self._discover(payload)
            case _:
                raise TypeError(f"no such payload: {type(call.payload).__name__}")

    async def _write(
        self, call: Call, purpose: Purpose, method: str, path: str, company_id: str, body: Any = None, **params: str
    ) -> Reply:
        errand = Errand(purpose, parts=len(call.parts))
        return await self._session.write(
            method, path, company_id, body, errand=errand, sending=self._sending, params=params
        )

    def _account(self, scope: str) -> str:
        return self._ids[Address("", "account", (scope,))] if scope else self._session.company_id

    def _id(self, ref: Ref) -> str:
        return self._ids[ref] if isinstance(ref, Address) else ref

    async def _create_account(self, call: Call, payload: CreateAccount) -> Outcome:
        company = self._session.company_id
        reply = await self._write(call, Purpose.CREATE, "POST", "/account", company, dict(payload.changed))
        return _made(call, reply, "company_id")

    async def _save_aspect(self, call: Call, payload: SaveAspect) -> Outcome:
        id_ = self._id(payload.account)
        path = account.ASPECTS[payload.aspect][0]
        raw = None
        if payload.decided is not None:
            live = await self._newest.account(id_, payload.aspect, self._zones)
            check("account", payload.decided, live.fields)
            raw = live.raw
        body = account.body_over(payload.aspect, raw, payload.changed)
        if payload.aspect == "options":
            body["company_id"] = int(id_)
        return _written(call, await self._write(call, Purpose.UPDATE, "POST", path, id_, body), id_)

    async def _save_object(self, call: Call, payload: SaveObject) -> Outcome:
        company = self._account(payload.scope)
        id_ = payload.target if isinstance(payload.target, str) else self._ids.get(payload.target)
        raw = await self._base(payload, company, id_)
        body = payload.table.body_over(raw, payload.changed) | {"company_id": int(company)}
        if payload.links is not None:
            body["links"] = self._links(payload.links)
        path = payload.table.saved or payload.table.path
        if id_ is None:
            return _made(call, await self._write(call, Purpose.CREATE, "POST", path, company, body), payload.table.id)
        body.pop("send_invite_email", None)  # only at creation (seed: Create an Employee)
        reply = await self._write(call, Purpose.UPDATE, payload.table.modify, f"{path}/{id_}", company, body)
        return _written(call, reply, id_)

    async def _base(self, payload: SaveObject, company: str, id_: str | None) -> Any:
        """What the body is written over: the object as it is now, if there is one."""
        if payload.decided is not None and id_ is not None:
            live = await self._newest.object(payload.table, company, id_, self._zones)
            check(payload.table.kind, payload.decided, live.fields)
            return live.raw
        if payload.discovered and isinstance(payload.target, Address) and payload.target in self._live:
            return self._live[payload.target].raw
        return None

    def _links(self, map_: LinkMap) -> dict[str, dict[str, int]]:
        body: dict[str, dict[str, int]] = {}
        for outer, inner, linked in map_.triples:
            body.setdefault(self._id(outer), {})[self._id(inner)] = int(linked)
        return body

    async def _save_order(self, call: Call, payload: SaveOrder) -> Outcome:
        company = self._account(payload.scope)
        wanted, behind = (tuple(map(self._id, refs)) for refs in (payload.wanted, payload.behind))
        now = in_order((await self._newest.objects(payload.table, company, self._zones)).values())
        if payload.seen is not None:
            sorting.check_order(payload.seen, wanted, now)
        body = sorting.places(wanted, behind, now, payload.gone)
        path = f"{payload.table.path}/updateOrder"
        return _written(call, await self._write(call, Purpose.UPDATE, "POST", path, company, body), payload.name)

    async def _save_picture(self, call: Call, payload: SavePicture) -> Outcome:
        spot, id_ = pictures.SPOTS[payload.target.kind], self._id(payload.target)
        company = self._account(payload.target.account) if spot.object else id_
        named = {spot.object: id_} if spot.object else {}
        body: Any
        if payload.picture is None:
            path, body = spot.removed, pictures.removal(spot, payload.live, id_)
        else:
            path, body = spot.path, pictures.attachment(payload.picture, spot.field, self._files)
        return _written(call, await self._write(call, Purpose.UPDATE, "POST", path, company, body, **named), id_)

    async def _delete(self, call: Call, payload: DeleteObject) -> Outcome:
        company = self._account(payload.scope)
        path = f"{payload.table.path}/{payload.id}"
        return _written(call, await self._write(call, Purpose.DELETE, "DELETE", path, company), payload.id)

    async def _save_many(self, call: Call, payload: SaveMany) -> Outcome:
        company = self._account(payload.scope)
        outcome: dict[Part, PartOutcome] = {}
        bodies: dict[Part, dict[str, Any]] = {}
        there = await read_list(self._session, payload.table, company, self._zones) if payload.new_account else {}
        for part, one in zip(call.parts, payload.each, strict=True):
            try:
                bodies[part] = await self._body_of(payload, one, company, there.values())
            except ProvisionerError as error:  # only this one moved: the others go on
                outcome[part] = NotExecuted(str(error))
        if not bodies:
            return outcome
        purpose = Purpose.UPDATE if all("id" in body for body in bodies.values()) else Purpose.CREATE
        sent = [*bodies.values()]
        reply = await self._write(call, purpose, "POST", payload.table.save_many, company, sent)
        if not reply.ok:
            return _failed(call, reply) | outcome
        return outcome | dict(zip(bodies, saved(payload.table, sent, reply.data, self._zones), strict=True))

    async def _body_of(self, payload: SaveMany, one: SaveOne, company: str, there: Iterable[Live]) -> dict[str, Any]:
        id_ = one.target if isinstance(one.target, str) else self._ids.get(one.target)
        raw = None
        if id_ is None and (live := came_along(payload.table, dict(one.changed), there, self._zones)):
            id_, raw = live.id, live.raw
        if one.decided is not None and id_ is not None:
            live = await self._newest.object(payload.table, company, id_, self._zones)
            check(payload.table.kind, one.decided, live.fields)
            raw = live.raw
        body = payload.table.body_over(raw, one.changed) | {"company_id": int(company)}
        return body if id_ is None else {"id": _number(id_), **body}

    async def _delete_many(self, call: Call, payload: DeleteMany) -> Outcome:
        """Where one of several is gone already, or no answer came, the list says what became of each."""
        company, single = self._account(payload.scope), len(payload.ids) == 1
        path = f"{payload.table.delete_many}/{','.join(payload.ids)}"
        reply = await self._write(call, Purpose.DELETE if single else Purpose.UPDATE, "POST", path, company)
        if reply.ok or single:
            return _written(call, reply, payload.ids[0])
        try:
            left = await read_list(self._session, payload.table, company, self._zones)
        except ProvisionerError:
            return _failed(call, reply)
        return {
            part: NotExecuted(reply.why) if id_ in left else Done(id_)
            for part, id_ in zip(call.parts, payload.ids, strict=True)
        }

    async def _save_hours(self, call: Call, payload: SaveHours) -> Outcome:
        company, employee = self._account(payload.scope), self._id(payload.employee)
        found = await self._newest.entries(company, employee) if payload.decided is not None else ()
        decided = {tuple(map(self._id, slot)): values for slot, values in (payload.decided or {}).items()}
        check_hours(employee, found, decided)
        kept = [entry for entry in found if hours.slot_of(entry) not in decided]
        entries = [*kept, *map(self._located, payload.added)]
        body = {"company_id": int(company), "availabilities": entries}
        path = f"/employee/{employee}/assignAvailability"
        reply = await self._write(call, Purpose.UPDATE, "PUT", path, company, body)
        if reply.ok and len(kept) < len(found):
            return _all(call, await self._read_back(company, employee, entries))
        return _written(call, reply, employee)

    async def _read_back(self, company: str, employee: str, entries: Iterable[Mapping[str, Any]]) -> PartOutcome:
        """Whether the vendor replaced what was there, or only added to it."""
        try:
            stored = await employee_entries(self._session, company, employee)
        except ProvisionerError as error:
            return Unknown(f"it was written, and could not be read back: {error}")
        if _spans(employee, stored) == _spans(employee, entries):
            return Done(employee)
        return NotExecuted(
            "the vendor kept hours that the write left out: it merges instead of replacing, and offers no "
            "way to remove them. Remove them by hand, then plan again"
        )

    def _located(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        where = entry.get("location_id")
        return {**entry, "location_id": _number(self._id(where))} if where is not None else entry

    async def _discover(self, payload: Discover) -> Outcome:
        company = self._account(payload.scope)
        query = dict(payload.table.query)
        if "default" in payload.roles:
            query["tmp_default"] = "1"
        found = await self._session.get(payload.table.path, company, **query)
        outcome: dict[Part, PartOutcome] = {}
        for role, address in payload.roles.items():
            live = _holder([payload.table.decode(raw, self._zones) for raw in listed_objects(found)], role)
            outcome[Part(address, "discovered")] = Done(live.id, live) if live else Absent()
        return outcome


def _holder(found: Sequence[Live], role: str) -> Live | None:
    """Who has a role; the default service shows it only by being found with `tmp_default`."""
    return next((live for live in found if role in live.roles or role == "default"), None)


def _spans(employee: str, entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {live.id: live.fields for live in hours.decode(employee, list(entries)) if any(live.fields.values())}


def _number(id_: str) -> int | str:
    return int(id_) if id_.isdigit() else id_


def _all(call: Call, outcome: PartOutcome) -> Outcome:
    return dict.fromkeys(call.parts, outcome)


def _made(call: Call, reply: Reply, key: str) -> Outcome:
    """The answer to a create, whose id is the server's: an object, or a list of one."""
    if not reply.ok:
        return _failed(call, reply)
    body = reply.data[0] if isinstance(reply.data, list) and reply.data else reply.data
    id_ = body.get(key) if isinstance(body, Mapping) else None
    return _all(call, Done(str(id_)) if str(id_).isdigit() else Unknown(f"it answered no {key}"))


def _written(call: Call, reply: Reply, id_: str) -> Outcome:
    return _all(call, Done(id_)) if reply.ok else _failed(call, reply)


def _failed(call: Call, reply: Reply) -> dict[Part, PartOutcome]:
    unknown = reply.verdict is Verdict.UNKNOWN or reply.doubtful
    return dict.fromkeys(call.parts, Unknown(reply.why) if unknown else NotExecuted(reply.why))
