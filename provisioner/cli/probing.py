"""`doctor --probe-account`: refuse what is managed, ask, probe, record what was found."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from provisioner.cli import compose, own_checks, tenant
from provisioner.cli.alone import alone
from provisioner.cli.console import confirm
from provisioner.cli.options import Options
from provisioner.cli.say import say
from provisioner.cli.stopping import stop_on_signals
from provisioner.cli.stores import state_store
from provisioner.errors import ProvisionerError, RefusedError, StateError, UsageError
from provisioner.finding import Finding, Section, failed, look, passed
from provisioner.kinds import Address
from provisioner.manifest import Workspace
from provisioner.providers import BY_NAME
from provisioner.providers.base import Vendor
from provisioner.providers.checkup import Probe, Probed, Target
from provisioner.report.head import Banner
from provisioner.report.layout import counted
from provisioner.state.dialect import DialectFile, Spoken
from provisioner.state.model import State, Tenant

REMEDY = "probe an account that was made for it, with `provisioner doctor --probe-account ID`"


@dataclass(slots=True)
class Probing:
    """One probe of one account. After `sections` the rest says what came of it."""

    root: Path
    options: Options
    account_id: str
    asks: bool
    dialect: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    banner: Banner | None = None
    caught: list[int] = field(default_factory=list)
    """The signal that stopped it."""

    def sections(self) -> list[Section]:
        """Probe, and tell. Raises RefusedError, UsageError, LockedError and what reading raises; nothing is written
        then.
        """
        workspace = compose.read_workspace(self.root, self.options, offline=True)
        vendor = BY_NAME[workspace.settings.provider]
        self._check_words(vendor)
        place = tenant.locate(workspace.settings, self.options.endpoint)
        file = state_store(self.root, workspace.settings, place)
        with alone(file, place, "provisioner doctor --probe-account"):
            self._refuse_managed(workspace, place, file.load().state)
            return list(compose.run(self._probe(workspace, place, vendor)))

    def _check_words(self, vendor: Vendor) -> None:
        if vendor.probe is None:
            raise UsageError(
                f"--probe-account: {vendor.name} has no probe: nothing of it has to be found out by writing"
            )
        if not self.account_id.isascii() or not self.account_id.isdigit() or self.account_id.startswith("0"):
            raise UsageError(f"--probe-account {self.account_id!r} is no account: write its number")
        if self.asks and not sys.stdin.isatty():
            raise UsageError("there is no terminal to ask on: pass --yes to write to that account without asking")

    # -- whose account it is

    def _refuse_managed(self, workspace: Workspace, place: tenant.Place, state: State) -> None:
        recorded = {**state.records, **state.pending}
        mine = {a for a, each in state.records.items() if a.kind == "account" and each.id == self.account_id}
        scopes = {a.key[0] for a in mine}
        managed = [*mine, *(a for a in recorded if a.account in scopes)]
        if self.account_id == place.tenant.company_id:
            declared = workspace.desired.resources
            managed += [a for a in (*recorded, *declared) if not a.account and a.kind != "account"]
            managed += [a for a, each in declared.items() if a.kind == "account" and each.resource.claims()]
        else:
            managed += self._of_another(workspace, place)
        if managed:
            raise RefusedError(f"account {self.account_id} is managed from here ({min(map(str, managed))}): {REMEDY}")
        self._refuse_doubtful(state)

    def _refuse_doubtful(self, state: State) -> None:
        """An account whose create nobody answered may be any that was not there before."""
        made = [a for a, each in state.pending.items() if a.kind == "account" and self.account_id not in each.known]
        if made and self.account_id != state.tenant.company_id:
            raise RefusedError(
                f"account {self.account_id} may be {min(map(str, made))}, whose create is in doubt: run provisioner "
                "apply first, which looks"
            )

    def _of_another(self, workspace: Workspace, place: tenant.Place) -> list[Address]:
        """What is remembered of the account as a tenant of its own."""
        other = replace(place, tenant=Tenant(place.tenant.host, self.account_id))
        return [*state_store(self.root, workspace.settings, other).load().state.records]

    def _refuse_declared(self, workspace: Workspace, target: Target) -> None:
        """A lost state must not hide that the manifests mean the account, by its id or by its name."""
        for address, declared in workspace.desired.resources.items():
            if address.kind != "account":
                continue
            named = str(getattr(declared.resource, "nick_name", None) or "")
            if declared.lifecycle.id == target.id or (named and named.casefold() == target.name.casefold()):
                raise RefusedError(f"account {target.id} is what {address} of the manifests means: {REMEDY}")

    # -- the probe

    async def _probe(self, workspace: Workspace, place: tenant.Place, vendor: Vendor) -> list[Section]:
        assert vendor.probe is not None
        with tenant.way_to(self.root, workspace.settings, place) as connection:
            probe = vendor.probe(connection, self.account_id)
            try:
                target = await probe.look()
                self.banner = Banner(place.sandbox, place.tenant.host, self.account_id, target.name, place.embedded)
                self._refuse_declared(workspace, target)
                if self.asks and not self._agreed(target):
                    raise ProvisionerError(
                        "the question was not answered with the number of the account: nothing was written"
                    )
                return self._told(await self._run(probe), own_checks.dialect_file(self.root, place))
            finally:
                await probe.close()

    async def _run(self, probe: Probe) -> Probed:
        self.caught = stop_on_signals(probe)
        return await probe.run()

    def _agreed(self, target: Target) -> bool:
        holds = ", ".join(counted(count, kind.replace("_", " ")) for kind, count in target.holds.items() if count)
        say(f"{self.banner} holds {holds or 'nothing'}.", err=True)
        if target.leftovers:
            say(f"An earlier probe left {counted(target.leftovers, 'thing')} there, to be deleted first.", err=True)
        say("Two services, an employee and an appointment in two weeks will be made there, and deleted.", err=True)
        say(
            "The vendor may mail the account's own people about the appointment; nobody else has a part in it.",
            err=True,
        )
        return confirm(f"Write to account {target.id}? Only its number writes", target.id)

    def _told(self, probed: Probed, file: DialectFile) -> list[Section]:
        self.dialect, self.left = probed.dialect, probed.left
        after = [*self._cleaned(probed), self._recorded(probed, file)]
        return [Section("How the vendor speaks", probed.findings), Section("Afterwards", tuple(after))]

    def _cleaned(self, probed: Probed) -> list[Finding]:
        check = "Clean"
        if not probed.left:
            return [passed(check, f"all that was made is deleted, after {counted(probed.writes, 'write')}")]
        remedy = "delete it by hand, or probe again: what a probe left is found by its name and deleted first"
        return [failed(check, f"left behind: {each}", remedy) for each in probed.left]

    def _recorded(self, probed: Probed, file: DialectFile) -> Finding:
        check = "Recorded"
        if not probed.dialect:
            return look(check, "nothing was found out", "see above why, and probe again")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            known = file.load()
        except StateError:
            known = None
        answers = {**(known.answers if known else {}), **probed.dialect}
        try:
            file.save(Spoken(answers, self.account_id, now))
        except StateError as error:
            return failed(check, str(error))
        return passed(check, f"in {file.path}")
