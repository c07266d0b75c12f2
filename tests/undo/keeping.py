"""A tenant in memory whose runs are kept, as the command keeps them: written as JSON, read again, taken back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from provisioner.errors import ManifestError
from provisioner.kinds import Address
from provisioner.kinds.desired import Desired
from provisioner.plan.draft import Request
from provisioner.plan.followed import again, follow
from provisioner.plan.planner import make_plan
from provisioner.plan.steps import steps_of
from provisioner.plan.undo import reversal
from provisioner.plan.undone import finished
from provisioner.providers.base import Surroundings, forbidden
from provisioner.providers.setster.provider import Setster
from provisioner.reading.survey import Survey
from provisioner.state.run import Run, Step, decode_step, encode_step
from tests.support import COMPANY, NO_BOUNDS, Json, Planned, Ran, Tenant


@dataclass(frozen=True)
class Did:
    """A run that was kept."""

    run: Run
    steps: tuple[Step, ...]
    done: Mapping[Address, str]


@dataclass
class Keeping(Tenant):
    """A tenant that keeps its runs."""

    number: int = field(default=0, init=False)
    kept: list[Did] = field(default_factory=list, init=False)

    async def run(self, desired: Desired) -> Did:
        """Apply and keep, with everything done."""
        planned = await self.plan(desired)
        others = frozenset(change.address for change in planned.plan.changes if change.hint)
        ran = await self.apply(desired, policy=replace(NO_BOUNDS, not_renamed=others))
        assert ran.applied.complete, (ran.failed, ran.skipped)
        return self._kept(planned, ran)

    def _kept(self, planned: Planned, ran: Ran) -> Did:
        self.number += 1
        accounts = {a.key[0]: live.id for a, live in planned.matches.live.items() if a.kind == "account"}
        run = Run(self.number, "id", "apply", "2026-01-01T00:00", "ana@host", "0", self.state.tenant, "digest",
                  accounts=accounts)  # fmt: skip
        lines = [json.dumps(encode_step(s)) for s in steps_of(planned.plan, planned.state, planned.matches)]
        steps = tuple(decode_step(json.loads(line)) for line in lines)
        ids = {c.address: r.id for c in ran.applied.done if (r := self.state.records.get(c.address))}
        self.kept.append(Did(run, steps, {c.address: ids.get(c.address, "") for c in ran.applied.done}))
        return self.kept[-1]

    async def undoing(self, did: Did, manifests: Desired, *, overwrite: bool = False) -> Planned:
        """The plan that takes a run back."""
        provider = self.provider()
        try:
            return await self._undoing(provider, did, manifests, overwrite)
        finally:
            await provider.close()

    async def _undoing(self, provider: Setster, did: Did, manifests: Desired, overwrite: bool) -> Planned:
        await provider.sign_in()
        moves = {s.address for s in did.steps if s.action == "move"}
        steps = [step for step in did.steps if step.address in did.done or step.address in moves]
        back = {pair: id_ for each in self.kept for pair, id_ in again(each.steps, each.done).items()}
        followed = follow(did.run, steps, did.done, self.state, back)
        found = reversal(did.run, followed, lambda _: True, lambda _: overwrite)
        found, sought = found.state(self.state)
        survey = Survey(provider, found.desired, sought, str(COMPANY), found.selection())
        evidence, matches, accounts, moved = await survey.run()
        wish, all_of_it = found.desired, found.selection()
        cannot = forbidden(provider.capabilities)
        asked = Request(wish, moved, evidence, matches, self.digest, NO_BOUNDS, all_of_it, cannot=cannot)
        real = found.without_added(moved)
        found, request = found.asking(asked)
        plan, problems = make_plan(request)
        if problems:
            raise ManifestError(problems)
        plan = finished(found, plan, real, manifests)
        around = Surroundings(evidence, matches.address, accounts, found.managed(real, request.desired))
        return Planned(plan, provider.calls(plan.changes, around), evidence, matches, provider, real)

    async def undo(self, did: Did, manifests: Desired, *, overwrite: bool = False) -> tuple[Planned, Did]:
        """Take a run back, with everything done."""
        provider = self.provider()
        try:
            planned = await self._undoing(provider, did, manifests, overwrite)
            executor = self.executor(planned, provider)
            ran = Ran(planned, await executor.run())
            self.state = executor.result
        finally:
            await provider.close()
        assert ran.applied.complete, (ran.failed, ran.skipped)
        return planned, self._kept(planned, ran)


def seen(held: Json) -> Json:
    """A dump by names: without ids, places in lists, and times."""
    names = {a["id"]: a["nick_name"] for a in held["accounts"]}
    own: dict[Any, str] = {each["id"]: each["name"] for kind in ("locations", "services") for each in held[kind]}
    own |= {each["id"]: each["email"] for each in held["employees"]}
    kinds = ("accounts", "locations", "services", "employees", "holidays", "custom_fields", "webhooks", "clients")
    found: Json = {kind: sorted((_object(each, names) for each in held[kind]), key=str) for kind in kinds}
    found["links"] = sorted([own.get(ref, ref) for ref in triple] for triple in held["links"])
    found["availability"] = {
        own.get(int(who), who): sorted((_entry(each, own) for each in entries), key=str)
        for who, entries in held["availability"].items() if entries
    }  # fmt: skip
    return found


_ASIDE = {"id", "ord", "created_at", "updated_at", "timestamp", "verification_key", "links", "caption",
          "photo", "photo_url", "logo", "password", "client_id", "date_created", "api_key",
          "update_lat_lng"}  # fmt: skip


def _object(each: Json, names: Mapping[Any, str]) -> Json:
    plain = {n: v for n, v in each.items() if n not in _ASIDE}
    plain["company_id"] = names.get(each.get("company_id"), each.get("company_id"))
    if "events" in plain:
        plain["events"] = sorted(event["event"] for event in plain["events"] if event["active"])
    return plain


def _entry(each: Json, own: Mapping[Any, str]) -> Json:
    return each | {"location_id": own.get(each.get("location_id"), "")}
