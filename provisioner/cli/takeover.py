"""One export: read all, write it where nobody looks yet, see that it loads and plans nothing, put it in its place."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from provisioner.census import Census, Counted, Scopes
from provisioner.cli.progress import Reading
from provisioner.cli.stores import state_store
from provisioner.cli.tenant import DATA, Place
from provisioner.errors import ManifestError, Problem, ProvisionerError, RefusedError
from provisioner.export.draw import draw, parent_key
from provisioner.export.entry import Drawn, Mended
from provisioner.export.fields import Usual
from provisioner.export.files import Layout, Written, usual_layout, written
from provisioner.export.keys import keyed
from provisioner.export.looks import look_lines
from provisioner.export.mend import by_changes, by_problems, joined
from provisioner.kinds import BY_SECTION
from provisioner.kinds.live import Live
from provisioner.manifest import SETTINGS, Settings, load_workspace
from provisioner.manifest.files import UnreadableFolderError, manifest_files
from provisioner.plan.change import Action, Plan
from provisioner.plan.draft import Request
from provisioner.plan.guard import Policy
from provisioner.plan.match import match
from provisioner.plan.planner import make_plan
from provisioner.providers import BY_NAME as VENDORS
from provisioner.providers.base import Capability, Provider, forbidden
from provisioner.report.head import Banner
from provisioner.state.codec import secret_digest
from provisioner.state.disk import Disk, replace_file
from provisioner.state.model import State
from provisioner.state.store import Store

ROUNDS = 8
"""How often what does not load or would change something is mended, before this is a mistake of ours."""
CLIENTS = "client"
_IGNORED = ".gitignore"


@dataclass(frozen=True, slots=True)
class Found:
    """All that was read of a tenant."""

    counted: Counted
    capabilities: Mapping[str, Capability]
    name: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What will be written."""

    drawn: Drawn
    files: list[Written]
    state: State


@dataclass(frozen=True, slots=True)
class Takeover:
    """The export of one tenant into one folder."""

    root: Path
    out: Path | None
    settings: Settings
    place: Place
    layout: str | None
    clients: bool = False
    disk: Disk = field(default_factory=Disk)

    @property
    def target(self) -> Path:
        """The workspace that is written."""
        return self.out or self.root

    @property
    def _keeps_state(self) -> bool:
        """The embedded sandbox belongs to its workspace: in another one, the same state would speak of another."""
        return self.out is None or not self.place.embedded

    # -- before anything is read

    def check(self) -> None:
        """See that nothing would be written over. Raises RefusedError."""
        if self.out is not None:
            self._check_out(self.out)
        there = self._manifests()
        if there:
            some = ", ".join(there[:3]) + (f" and {len(there) - 3} more" if len(there) > 3 else "")
            remedy = "move them away, or write elsewhere with --out DIR"
            raise RefusedError(f"{self.target} holds manifests ({some}), and nothing is written over: {remedy}")
        if self.settings.policy.prune == "all":
            where = self.settings.place("policy")
            message = "prune: all destroys what is live and not in the manifests, and an export may leave things out"
            raise RefusedError(str(Problem(*where, f"{message}: write prune: owned")))
        if self._keeps_state:
            stored = self._state_file().load().state
            if stored.records or stored.pending:
                count = len(stored.records) + len(stored.pending)
                remedy = "put the manifests back that it belongs to, or write elsewhere with --out DIR"
                raise RefusedError(f"{count} addresses of {self.place.tenant} are managed from here: {remedy}")

    def _check_out(self, out: Path) -> None:
        root, target = self.root.resolve(), out.resolve()
        if target == root or not target.is_relative_to(root):
            return
        inner = target.relative_to(root).parts
        if not any(part.startswith(".") for part in inner):
            raise RefusedError(
                f"{out} is in this workspace, which would read its manifests too: name a folder beside it"
            )

    def _manifests(self) -> list[str]:
        if not self.target.exists():
            return []
        try:
            found = manifest_files(self.target)
        except UnreadableFolderError as error:
            raise ProvisionerError(f"{error.folder}: it cannot be read: {error.reason}") from None
        return [SETTINGS, *found] if self.out is not None and os.path.lexists(self.out / SETTINGS) else found

    def _state_file(self) -> Store:
        return state_store(self.target, self.settings, self.place)

    # -- reading

    async def read(self, provider: Provider) -> Found:
        """Everything that is live, with a word of progress where it takes long."""
        without = () if self.clients else (CLIENTS,)
        with Reading() as reading:
            census = Census(provider, self.place.tenant.company_id, self._scopes, without, observe=reading)
            return Found(await census.run(), provider.capabilities, provider.name)

    def _scopes(self, accounts: Sequence[Live]) -> Scopes:
        own = self.place.tenant.company_id
        subs = [live for live in accounts if live.id != own]
        return {"": own, **{key: id_ for id_, key in keyed("account", subs).items()}}

    # -- writing

    def finish(self, found: Found) -> Iterator[str]:
        """Write everything; the lines that say what came of it."""
        taken = self._taken(found)
        file = self._state_file()
        with file.locked("provisioner export") if self._keeps_state else _nobody():
            self.check()
            self._write(taken.files)
            if self._keeps_state:
                file.save(taken.state)
        yield from self._said(found, taken)

    def _taken(self, found: Found) -> Taken:
        """What is written, mended until it loads and plans nothing."""
        state = State(self.place.tenant, self._lineage())
        usual = self._usual(found.capabilities)
        mended: Mended = {}
        head = (f"Exported from {self._banner(found)}; yours from now on.",)
        layout: Layout = self.layout or usual_layout(found.counted.accounts)  # type: ignore[assignment]
        for _ in range(ROUNDS):
            drawn = draw(found.counted.evidence, found.counted.accounts, usual, mended, self.place.tenant.company_id)
            files = written(drawn, layout, head)
            try:
                plan = self._planned(files, found, state)
            except ManifestError as error:
                if all(problem.file == SETTINGS for problem in error.problems):
                    raise
                faults = by_problems(error.problems, files)
                unknown = error
            else:
                faults = by_changes(plan.changes, drawn)
                if not plan.writes and not plan.count(Action.FORGET):
                    return Taken(drawn, files, _adopted(state, plan, drawn.variables))
                unknown = ManifestError([Problem("", 0, 0, f"{c.action} {c.address}") for c in plan.writes])
            if not faults:
                raise _mistake(unknown)
            mended = joined(mended, faults)
        raise _mistake(unknown)

    def _lineage(self) -> str:
        return self._state_file().load().state.lineage

    def _planned(self, files: Sequence[Written], found: Found, state: State) -> Plan:
        """The plan of what was written, on what was read. Raises ManifestError."""
        self.disk.make_folder(self.root / DATA)
        with TemporaryDirectory(prefix="export-", dir=self.root / DATA) as folder:
            staged = Path(folder)
            (staged / SETTINGS).write_bytes((self.root / SETTINGS).read_bytes())
            for file in files:
                path = staged / file.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(file.text, "utf-8")
            desired = load_workspace(staged, VENDORS, secrets="placeholder").desired
        evidence = found.counted.evidence
        plan, problems = make_plan(
            Request(
                desired,
                state,
                evidence,
                match(desired, state, evidence),
                lambda text: secret_digest(state.lineage, text),
                Policy(allow_destroy=10**9, allow_update=10**9),
                cannot=forbidden(found.capabilities),
            )
        )
        if problems:
            raise ManifestError(problems)
        return plan

    def _usual(self, capabilities: Mapping[str, Capability]) -> dict[str, Usual]:
        imposed = {BY_SECTION[name].kind: _flat(default.fields) for name, default in self.settings.defaults.items()}
        return {kind: Usual(can.fresh, can.computed, imposed.get(kind, {})) for kind, can in capabilities.items()}

    def _write(self, files: Sequence[Written]) -> None:
        """Each file whole or not at all; the manifests before the state, which can be found again from them."""
        if self.out is not None:
            self.out.mkdir(parents=True, exist_ok=True)
            replace_file(self.disk, self.out / SETTINGS, (self.root / SETTINGS).read_bytes(), 0o644)
            if not (self.out / _IGNORED).exists():
                replace_file(self.disk, self.out / _IGNORED, f"{DATA}/\n".encode(), 0o644)
        for file in files:
            path = self.target / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self.disk, path, file.text.encode(), 0o644)

    # -- saying

    def _banner(self, found: Found) -> Banner:
        place = self.place
        return Banner(place.sandbox, place.tenant.host, place.tenant.company_id, found.name, place.embedded)

    def _said(self, found: Found, taken: Taken) -> Iterator[str]:
        yield f"{self._banner(found)}   {found.counted.evidence.reads} reads"
        yield ""
        yield from (f"wrote {self.target / file.name}" for file in taken.files[:_FEW])
        if len(taken.files) > _FEW:
            yield f"wrote {len(taken.files) - _FEW} more files"
        yield ""
        if lines := list(look_lines(taken.drawn, taken.files)):
            yield from (*lines, "")
        yield from _variables("Set these before the next plan:", taken.drawn.variables)
        yield from _variables("Needed only to make an account anew, and commented out:", taken.drawn.later)
        if not self.clients:
            yield "Clients are left out: bookings make and change them. --clients takes them in."
        yield self._last(taken)

    def _last(self, taken: Taken) -> str:
        counts = Counter(address.kind for address in taken.state.records)
        listed = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing"
        total = len(taken.state.records)
        there = "" if self._keeps_state else " No state: the embedded sandbox belongs to this workspace."
        missing = f" {len(taken.drawn.missing)} left out." if taken.drawn.missing else ""
        return f"Exported {total} resource{'' if total == 1 else 's'} ({listed}).{missing}{there}"


_FEW = 20


def _variables(title: str, variables: Mapping[str, str]) -> Iterator[str]:
    if variables:
        yield title
        shown = list(variables.items())[:_FEW]
        yield from (f"  {name}   {whose}" for name, whose in shown)
        if len(variables) > _FEW:
            yield f"  and {len(variables) - _FEW} more"
        yield ""


def _flat(fields: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields.items():
        found |= _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {prefix + name: value}
    return found


def _adopted(state: State, plan: Plan, variables: Mapping[str, str]) -> State:
    """The state in which everything that was recognised is remembered, but no secret that is not known."""
    records = {change.address: change.record for change in plan.changes if change.record}
    records |= {address: record for address, record in plan.refreshed.items() if record}
    unset = {address for name, address in variables.items() if not os.environ.get(name)}
    known = {a: replace(record, secrets={}) if str(a) in unset else record for a, record in records.items()}
    return replace(state, records=known)


def _mistake(error: ManifestError) -> ProvisionerError:
    shown = "; ".join(str(problem) for problem in error.problems[:3])
    return ProvisionerError(
        f"what was written does not say what is live ({shown}): nothing was written. Please report it"
    )


def _nobody() -> Any:
    from contextlib import nullcontext

    return nullcontext()


__all__ = ["Found", "Takeover", "parent_key"]
