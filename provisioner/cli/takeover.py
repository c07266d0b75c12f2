"""One export: read all there is, make manifests of it that plan nothing, and put them where nothing is yet."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from provisioner.cli.fitting import Fitted, Fitting
from provisioner.cli.progress import Reading
from provisioner.cli.stores import state_store
from provisioner.cli.tenant import DATA, Place
from provisioner.cli.unfinished import Unfinished, placed
from provisioner.errors import Problem, ProvisionerError, RefusedError, UsageError
from provisioner.export.files import Layout, usual_layout
from provisioner.export.keys import keyed
from provisioner.kinds import BY_NAME
from provisioner.kinds.live import Live
from provisioner.manifest import SETTINGS, Settings, Workspace, load_variables, load_workspace
from provisioner.manifest.files import LARGEST, UnreadableFolderError, manifest_files, read_file
from provisioner.providers import BY_NAME as VENDORS
from provisioner.providers.base import Capability, Provider
from provisioner.reading.census import Census, Counted, Scopes
from provisioner.report.exported import Exported, exported_lines
from provisioner.report.head import Banner
from provisioner.state.disk import Disk
from provisioner.state.model import State
from provisioner.state.store import Store

CLIENTS = "client"
_IGNORED = ".gitignore"


@dataclass(frozen=True, slots=True)
class Found:
    """All that was read of a tenant."""

    counted: Counted
    capabilities: Mapping[str, Capability]
    name: str


@dataclass(frozen=True, slots=True)
class Takeover:
    """The export of one tenant into one folder."""

    root: Path
    out: Path | None
    settings: Settings
    place: Place
    layout: Layout | None
    clients: bool = False
    var: Mapping[str, str] = field(default_factory=dict)
    var_files: Sequence[str] = ()
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
        """See that nothing would be written over. Raises RefusedError and UsageError."""
        if self.out is not None:
            self._check_out(self.out)
        unfinished = Unfinished.read(self.target)
        unfinished.check_unchanged()
        if there := self._manifests(unfinished.files):
            some = ", ".join(there[:3]) + (f" and {len(there) - 3} more" if len(there) > 3 else "")
            remedy = "move them away, or write elsewhere with --out DIR"
            raise RefusedError(f"{self.target} holds manifests ({some}), and nothing is written over: {remedy}")
        if self.settings.policy.prune == "all":
            where = self.settings.place("policy")
            message = "prune: all destroys what is live and not in the manifests, and an export may leave things out"
            raise RefusedError(str(Problem(*where, f"{message}: write prune: owned")))
        if self._keeps_state:
            stored = self._store().load().state
            if stored.records or stored.pending:
                count = len(stored.records) + len(stored.pending)
                remedy = "put the manifests back that it belongs to, or write elsewhere with --out DIR"
                raise RefusedError(f"{count} addresses of {self.place.tenant} are managed from here: {remedy}")

    def _check_out(self, out: Path) -> None:
        root, target = self.root.resolve(), out.resolve()
        if file := next((path for path in (out, *out.parents) if path.exists() and not path.is_dir()), None):
            raise UsageError(f"--out {out}: {file} is a file: name a folder that is empty, or not there yet")
        if target == root or not target.is_relative_to(root):
            return
        inner = target.relative_to(root).parts
        if not any(part.startswith(".") for part in inner):
            raise RefusedError(
                f"{out} is in this workspace, which would read its manifests too: name a folder beside it"
            )

    def _manifests(self, ours: Collection[str]) -> list[str]:
        """Those that are there, but for what an export left that did not come to its end."""
        if not self.target.exists():
            return []
        try:
            found = manifest_files(self.target)
        except UnreadableFolderError as error:
            raise ProvisionerError(f"{error.folder}: it cannot be read: {error.reason}") from None
        settings = [SETTINGS] if self.out is not None and os.path.lexists(self.out / SETTINGS) else []
        return [name for name in (*settings, *found) if name not in ours]

    def _store(self) -> Store:
        return state_store(self.target, self.settings, self.place)

    # -- reading

    async def read(self, provider: Provider) -> Found:
        """Everything that is live, with a word of progress where it takes long. Raises UsageError."""
        self._check_listed(provider.capabilities)
        without = () if self.clients else (CLIENTS,)
        with Reading() as reading:
            census = Census(provider, self.place.tenant.company_id, self._scopes, without, observe=reading)
            return Found(await census.run(), provider.capabilities, provider.name)

    def _check_listed(self, capabilities: Mapping[str, Capability]) -> None:
        """A vendor may have nothing but what it lists nowhere."""
        if not any(can.listed for can in capabilities.values()):
            sections = " and ".join(BY_NAME[kind].section.replace("_", " ") for kind in capabilities)
            remedy = "declare them, then take each over with provisioner import ADDRESS ID"
            raise UsageError(f"{self.settings.provider} has no list of {sections}, so none can be exported: {remedy}")

    def _scopes(self, accounts: Sequence[Live]) -> Scopes:
        own = self.place.tenant.company_id
        subs = [live for live in accounts if live.id != own]
        return {"": own, **{key: id_ for id_, key in keyed("account", subs).items()}}

    # -- writing

    def finish(self, found: Found) -> Iterator[str]:
        """Write everything; the lines that say what came of it."""
        own, file = self._keeps_state, self._store()
        empty = State(self.place.tenant, file.load().state.lineage)
        fitting = Fitting(found.counted, found.capabilities, self.settings, empty, self._load)
        head = (f"Exported from {self._banner(found)}; yours from now on.",)
        fitted = fitting.fitted(self.layout or usual_layout(found.counted.accounts), head)
        files = self._files(fitted)
        with file.locked("provisioner export") if own else nullcontext():
            self.check()
            Unfinished.read(self.target).remove()
            with placed(self.disk, self.target, files):
                if own:
                    file.save(fitted.state)
        paths, reads = [str(self.target / name) for name in files], found.counted.evidence.reads
        made = Exported(
            self._banner(found), reads, fitted.drawn, fitted.files, paths, fitted.state.records, self.clients, not own
        )
        return exported_lines(made)

    def _load(self, manifests: Mapping[str, bytes]) -> Workspace:
        """The workspace with these manifests and no others."""
        besides = [Path(file) for file in self.var_files]
        return load_workspace(
            self.root,
            VENDORS,
            variables={**load_variables(besides, self.root), **self.var},
            secrets="placeholder",
            instead=manifests,
            alone=True,
        )

    def _files(self, fitted: Fitted) -> dict[str, bytes]:
        """Everything that is written; a workspace of its own has the settings, too, and what they take in."""
        own = {file.name: file.text.encode() for file in fitted.files}
        if not os.path.lexists(self.target / _IGNORED):
            own[_IGNORED] = f"# The state, and the embedded sandbox.\n{DATA}/\n".encode()
        if self.out is not None:
            own |= {name: read_file(self.root, name, LARGEST) for name in (SETTINGS, *fitted.besides)}
        return own

    def _banner(self, found: Found) -> Banner:
        place = self.place
        return Banner(place.sandbox, place.tenant.host, place.tenant.company_id, found.name, place.embedded)
