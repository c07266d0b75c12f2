"""A tenant in memory: manifests' resources go in at one end, what the sandbox holds comes out at the other.

Nothing of ours is replaced: desired, survey, plan, calls and executor are the real ones, and only the vendor is the
sandbox, called in process. Each step signs in anew, as each command does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from provisioner.apply.executor import Executor, Observe
from provisioner.apply.outcome import Applied
from provisioner.errors import ManifestError
from provisioner.kinds import BY_NAME, Address, read_address
from provisioner.kinds.desired import PLAIN, Declared, Desired, Lifecycle, Place, Removal
from provisioner.kinds.live import Evidence
from provisioner.kinds.picture import Picture
from provisioner.plan.change import Action, Plan
from provisioner.plan.draft import Request
from provisioner.plan.guard import Policy
from provisioner.plan.match import Matches
from provisioner.plan.planner import make_plan
from provisioner.providers.base import Call, Effect, Surroundings, forbidden
from provisioner.providers.http import Client
from provisioner.providers.setster.provider import Setster
from provisioner.providers.setster.session import Credentials, Session
from provisioner.reading.survey import Survey
from provisioner.sandbox.app import create_app
from provisioner.sandbox.dialect import CHOICES
from provisioner.sandbox.setster.zones import ZONES
from provisioner.sandbox.tables import hours, objects
from provisioner.state.codec import secret_digest
from provisioner.state.entries import Entry
from provisioner.state.model import State
from provisioner.state.model import Tenant as Owner

COMPANY = 2345
API = "http://sandbox/api/v2"
HERE = Place("m.yaml", 1, 1)
WRITING = {name: CHOICES[name] for name in ("put", "links", "hours")}
DIALECTS = tuple(dict(zip(WRITING, answers, strict=True)) for answers in product(*WRITING.values()))
ZONES_HELD = tuple(map(ZoneInfo, ZONES.values()))
"""Python forgets a zone that nobody holds, and the sandbox describes all of them for every list."""
NO_BOUNDS = Policy(allow_destroy=10**6, allow_update=10**6)

Json = dict[str, Any]
Dialect = Mapping[str, str]
Wrap = Callable[[Any], Any]
"""Puts something between the client and the sandbox: an ASGI application around another."""


def spoken(dialect: Dialect) -> str:
    """A dialect's name in a test's id, such as `full-merge-replace`."""
    return "-".join(dialect.values())


# -- what is wanted

PICTURES: dict[str, bytes] = {}
"""The pictures that any test made, by path."""


def picture(path: str, content: bytes = b"") -> Picture:
    """A picture of the workspace as the manifests would find it; the same path may have other content later."""
    PICTURES[path] = b"\x89PNG\r\n\x1a\n" + content
    return Picture(path, len(PICTURES[path]), sha256(PICTURES[path]).hexdigest())


def at(address: str) -> Address:
    """An address from its text."""
    return read_address(address)


def declare(address: str, /, lifecycle: Lifecycle = PLAIN, **fields: Any) -> Declared:
    """One resource as the manifests would declare it; a group such as `options` is a mapping."""
    where = at(address)
    return Declared(where, BY_NAME[where.kind](**fields), HERE, {}, lifecycle)


def change(declared: Declared, **fields: Any) -> Declared:
    """The same resource with other values in some fields."""
    named = {name: getattr(declared.resource, name) for name in declared.resource.model_fields_set}
    resource = type(declared.resource)(**(named | fields))
    return Declared(declared.address, resource, declared.place, declared.fields, declared.lifecycle)


def manifests(
    *declared: Declared,
    pairs: Iterable[str] = (),
    removed: Mapping[str, Removal] | None = None,
    accounts: Iterable[str] = (),
) -> Desired:
    """Resources as one wish. Each link names its pair as a whole set; `pairs` are those named with no service."""
    resources = {each.address: each for each in declared}
    links = (a for a in resources if a.kind == "link")
    whole = dict.fromkeys((a._replace(key=a.key[:2]) for a in links), HERE)
    for pair in pairs:
        account, _, keys = pair.rpartition("link/")
        whole[Address(account.rstrip("/"), "link", tuple(keys.split("/")))] = HERE
    scopes = {"", *accounts, *(a.account for a in resources)}
    scopes |= {a.key[0] for a, each in resources.items() if a.kind == "account" and not each.resource.claims()}
    return Desired(resources, whole, {at(text): each for text, each in (removed or {}).items()}, frozenset(scopes))


def without(desired: Desired, *gone: str) -> Desired:
    """The same wish with some resources left out; accounts and named pairs stay."""
    left = {a: each for a, each in desired.resources.items() if str(a) not in gone}
    assert len(left) == len(desired.resources) - len(gone), "what is left out must have been in"
    return Desired(left, desired.whole, desired.removed, desired.accounts)


def replaced(desired: Desired, *declared: Declared) -> Desired:
    """The same wish with some resources declared otherwise, or added."""
    return Desired(
        {**desired.resources, **{d.address: d for d in declared}}, desired.whole, desired.removed, desired.accounts
    )


# -- what comes of it


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, the calls it takes, and what it was computed from."""

    plan: Plan
    calls: Sequence[Call]
    evidence: Evidence
    matches: Matches
    provider: Setster = field(repr=False)
    state: State

    @property
    def writes(self) -> list[Call]:
        """The calls that write."""
        return [call for call in self.calls if call.effect is not Effect.DISCOVER]

    def summary(self) -> list[str]:
        """Every change as `action address`, in the plan's order."""
        return [f"{c.action} {c.address}" for c in self.plan.changes]

    def fields(self, address: str) -> list[str]:
        """The names of the fields that one change changes."""
        return [f.name for c in self.plan.changes if c.address == at(address) for f in c.fields]

    def of(self, action: Action) -> list[str]:
        """The addresses with one action."""
        return [str(c.address) for c in self.plan.changes if c.action is action]

    def reason(self, address: str) -> str:
        """Why one change is made."""
        return next(c.reason for c in self.plan.changes if c.address == at(address))


@dataclass(frozen=True, slots=True)
class Ran:
    """One apply: the plan, and what became of it."""

    planned: Planned
    applied: Applied

    @property
    def failed(self) -> dict[str, str]:
        """Address -> the vendor's words."""
        return {str(change.address): why for change, why in self.applied.failed}

    @property
    def skipped(self) -> dict[str, str]:
        """Address -> the address whose failure it waited for."""
        return {str(change.address): str(cause) for change, cause in self.applied.skipped}

    @property
    def done(self) -> list[str]:
        """Every change that was carried out, as `action address`."""
        return [f"{c.action} {c.address}" for c in self.applied.done]


class Memory(list[Entry]):
    """A journal that nothing survives."""

    def append(self, *entries: Entry) -> None:
        """Take the entries in."""
        self.extend(entries)


def known(evidence: Evidence) -> dict[tuple[str, str], frozenset[str]]:
    """The ids that were read, by place."""
    return {place: frozenset(live.id for live in pool) for place, pool in evidence.objects.items()}


@dataclass
class Tenant:
    """One sandbox, one state. `state` is what the last apply left; `wrap` may stand in the wire."""

    dialect: Dialect = field(default_factory=dict)
    wrap: Wrap = lambda app: app
    policy: Policy = NO_BOUNDS
    concurrency: int = 16
    files: dict[str, bytes] = field(default_factory=lambda: PICTURES)
    """The workspace's pictures."""

    def __post_init__(self) -> None:
        self.app = create_app(":memory:", company_id=COMPANY, dialect=self.dialect)
        self.store = self.app.state.store
        self.forget()

    def forget(self) -> None:
        """Lose the state."""
        self.state = State(Owner("sandbox", str(COMPANY)), "lineage")

    def close(self) -> None:
        """Free the sandbox."""
        self.store.close()

    # -- our side

    def provider(self) -> Setster:
        """A provider of its own, not signed in yet."""
        client = Client(API, self.concurrency, app=self.wrap(self.app))
        session = Session(client, str(COMPANY), Credentials("owner@example.com", "sandbox-key"))
        return Setster(session, files=self.files.__getitem__)

    async def plan(self, desired: Desired, **options: Any) -> Planned:
        """Plan without applying; `options` are those of a `Request`. Raises ManifestError."""
        provider = self.provider()
        try:
            return await self._plan(provider, desired, options)
        finally:
            await provider.close()

    async def apply(self, desired: Desired, *, observe: Observe = lambda _call, _outcome: None, **options: Any) -> Ran:
        """Plan and apply, whatever fails; the state is what was remembered."""
        provider = self.provider()
        try:
            planned = await self._plan(provider, desired, options)
            assert not planned.plan.blocked
            executor = self.executor(planned, provider, observe)
            ran = Ran(planned, await executor.run())
            self.state = executor.result
            return ran
        finally:
            await provider.close()

    def executor(self, planned: Planned, provider: Any, observe: Observe = lambda _call, _outcome: None) -> Executor:
        """What carries out a plan; `provider` may be anything that sends."""
        live = planned.matches.live
        ids = {a: each.id for a, each in live.items() if not BY_NAME[a.kind].key_kinds}
        return Executor(
            provider,
            planned.plan,
            planned.calls,
            planned.state,
            ids,
            dict(live),
            Memory(),
            known(planned.evidence),
            observe,
            concurrency=self.concurrency,
        )

    async def settle(self, desired: Desired, **options: Any) -> Ran:
        """Apply, with everything done and nothing left to do."""
        ran = await self.apply(desired, **options)
        assert ran.applied.complete, (ran.failed, ran.skipped)
        await self.assert_settled(desired)
        return ran

    async def assert_settled(self, desired: Desired) -> None:
        """The next plan has nothing to say, and the state nothing to learn."""
        again = await self.plan(desired)
        assert again.summary() == [], [(str(c.address), c.reason, c.fields) for c in again.plan.changes]
        assert again.plan.refreshed == {}, {
            str(a): (self.state.records.get(a), r) for a, r in again.plan.refreshed.items()
        }
        assert not again.calls, again.calls

    async def _plan(self, provider: Setster, desired: Desired, options: Mapping[str, Any]) -> Planned:
        await provider.sign_in()
        survey = Survey(provider, desired, self.state, str(COMPANY), options.get("selected", lambda _: True))
        evidence, matches, accounts, state = await survey.run()
        given: dict[str, Any] = {"policy": self.policy, "cannot": forbidden(provider.capabilities), **options}
        plan, problems = make_plan(Request(desired, state, evidence, matches, self.digest, **given))
        if problems:
            raise ManifestError(problems)
        around = Surroundings(evidence, matches.address, accounts, desired.resources)
        return Planned(plan, provider.calls(plan.changes, around), evidence, matches, provider, state)

    def digest(self, secret: str) -> str:
        """A secret's digest in this state."""
        return secret_digest(self.state.lineage, secret)

    # -- the vendor's side

    async def control(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Ask the sandbox about itself, or change its rules."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://sandbox") as client:
            answer = await client.request(method, f"/_sandbox{path}", params=query, json=body or {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def dump(self, company: int | str | None = None) -> Json:
        """Everything that is held, what reads do not show included; of one account or of all."""
        held: Json = await self.control("GET", "/dump", **({"company_id": company} if company else {}))
        return held

    async def calls(self) -> list[Json]:
        """Every request that reached the sandbox since the last `clear_calls`, signing in left out."""
        log: list[Json] = await self.control("GET", "/calls")
        return [call for call in log if not call["path"].endswith("/authenticate")]

    async def logins(self) -> int:
        """How many times someone signed in since the last `clear_calls`."""
        log: list[Json] = await self.control("GET", "/calls")
        return sum(call["path"].endswith("/authenticate") for call in log)

    async def clear_calls(self) -> None:
        """Forget the log."""
        await self.control("DELETE", "/calls")

    async def vendor(
        self, method: str, path: str, body: Any = None, company: int | str = COMPANY, **query: object
    ) -> Any:
        """A request that someone else makes behind our back, which goes well; answers its data."""
        session = self.provider().session
        params = {"company_id": str(company)} | {name: str(value) for name, value in query.items()}
        try:
            envelope = await session._signed(method, path, params, body)
        finally:
            await session.client.close()
        assert envelope.ok, str(envelope)
        return envelope.data

    def id(self, address: str) -> int:
        """The live id that the state has for an object."""
        return int(self.state.records[at(address)].id)

    def company(self, account: str) -> int:
        """The id of a sub-account; "" is the account that is acted as."""
        return self.id(f"account/{account}") if account else COMPANY

    def held(self, address: str) -> Json:
        """One object as the sandbox stores it."""
        where = at(address)
        found = objects.get(self.store, where.kind, self.company(where.account), self.id(address))
        assert found is not None, f"{address} is not held"
        return found

    def tamper(self, address: str, **raw: Any) -> None:
        """Change what is stored to anything at all, past the sandbox's own checks."""
        where = at(address)
        with self.store.transaction():
            objects.save(self.store, where.kind, self.id(address), self.held(address) | raw)

    def entries(self, employee: str) -> list[Json]:
        """An employee's list of availability as stored, in its order."""
        return hours.listed(self.store, self.id(employee))

    def tamper_entries(self, employee: str, entries: Sequence[Json]) -> None:
        """Store a list of availability, readable or not."""
        with self.store.transaction():
            located = [(each.get("location_id") or None, dict(each)) for each in entries]
            hours.replace(self.store, self.id(employee), located)

    async def links(self, company: int | str | None = None) -> set[tuple[int, int, int]]:
        """Every (employee, location, service) that is linked."""
        return {(e, l, s) for e, l, s in (await self.dump(company))["links"]}  # noqa: E741


def tell(
    story: Callable[[Tenant], Awaitable[None]],
    dialect: Dialect | None = None,
    wrap: Wrap = lambda app: app,
    **more: Any,
) -> None:
    """Run one story in a tenant of its own."""
    tenant = Tenant(dialect or {}, wrap, **more)
    try:
        asyncio.run(_await(story(tenant)))
    finally:
        tenant.close()


async def _await(waited: Awaitable[None]) -> None:
    await waited


def canned(status: int, body: Any) -> Callable[[Any], Awaitable[None]]:
    """The `send` half of an ASGI application that answers one thing, JSON or bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def answer(send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": content})

    return answer


def intercept(matching: Callable[[str, str, str], Any]) -> Wrap:
    """Stand in the wire: `matching(method, path, query)` gives what to answer instead, or None to let it pass."""

    def wrap(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            instead = matching(scope["method"], scope["path"].removeprefix("/api/v2"), scope["query_string"].decode())
            if instead is None:
                await app(scope, receive, send)
            else:
                await canned(*instead)(send)

        return between

    return wrap


def ok(data: Any) -> tuple[int, Json]:
    """The envelope of a request that went well, for `intercept`."""
    return 200, {"statusCode": 0, "statusDescriptions": "OK", "data": data}


def refusal(words: str = "no", code: int = 1, status: int = 200) -> tuple[int, Json]:
    """The envelope of a refusal, for `intercept`."""
    return status, {"statusCode": code, "statusDescriptions": words, "data": None}
