"""A workspace and its tenant where the process may die between any two things that it does, and be run again.

The command's own composition runs: files, lock, recovery, planner, executor, journal. Only the disk and the wire are
stood in for, and only to end the process there: from its death on nothing is written, sent or answered.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from provisioner.cli import compose, tenant
from provisioner.cli.options import Options
from provisioner.cli.remembered import remember
from provisioner.cli.run import Run
from provisioner.errors import ProvisionerError
from provisioner.kinds import BY_NAME
from provisioner.manifest import Workspace, load_workspace
from provisioner.plan.change import Plan
from provisioner.providers import BY_NAME as VENDORS
from provisioner.providers.base import Connection, Provider
from provisioner.providers.clock import Clock
from provisioner.report.style import Style
from provisioner.sandbox.app import create_app
from provisioner.sandbox.tables import objects
from provisioner.state.disk import Disk
from provisioner.state.file import StateFile
from provisioner.state.model import State

SETTINGS = """\
version: 1
provider: setster
endpoint: sandbox
company_id: 2345
limits: {concurrency: CONCURRENCY, settle: SETTLE}
policy: {max_destroy: 100%, max_update: 100%}
"""
WEEK = "[{dates: 2026, week: {mon-fri: '09:00-17:00'}}]"
BEFORE = f"""\
holidays: {{stock: {{name: Stocktaking, dates: 2026-01-02}}, may: {{name: May, rule: 1st friday of may}}}}
custom_fields:
  referral: {{label: How?, type: dropdown, options: [Friend, Web]}}
  number: {{label: Number, type: hidden}}
locations:
  downtown: {{name: Downtown, phone: 555-0100}}
  harbour: {{name: Harbour, phone: 555-0101}}
  airport: {{name: Airport, phone: 555-0102}}
services:
  haircut: {{name: Haircut, duration: 45 min}}
  color: {{name: Colour, duration: 90 min}}
  shave: {{name: Shave, duration: 15 min}}
employees:
  ana:
    email: ana@x.example
    first_name: Ana
    last_name: Diaz
    at:
      downtown: {{services: [haircut, color], hours: {WEEK}}}
      harbour: {{services: [haircut]}}
  bob:
    email: bob@x.example
    first_name: Bob
    last_name: Roe
    at: {{harbour: {{services: [haircut, shave], hours: {WEEK}}}}}
  cara: {{email: cara@x.example, first_name: Cara, last_name: Poe, at: {{airport: {{services: [shave]}}}}}}
"""
AFTER = f"""\
holidays: {{stock: {{name: Stocktaking, dates: 2026-01-03}}, thanks: {{name: Thanks, rule: 4th thursday of november}}}}
custom_fields:
  referral: {{label: How?, type: dropdown, options: [Friend, Web, Radio]}}
  invoice: {{label: Invoice, type: hidden}}
  phone: {{label: Phone, type: phone}}
locations:
  downtown: {{name: Downtown, phone: 555-0200}}
  harbour: {{name: Harbour, phone: 555-0201}}
  station: {{name: Station}}
  market: {{name: Market}}
services:
  haircut: {{name: Haircut, duration: 60 min}}
  color: {{name: Colour, duration: 90 min, description: With care}}
  perm: {{name: Perm, duration: 2 h}}
  trim: {{name: Trim, duration: 15 min}}
employees:
  ana:
    email: ana@x.example
    first_name: Ana
    last_name: Diaz
    phone: 555-0300
    at:
      downtown: {{services: [haircut, color, perm], hours: {WEEK}}}
      station: {{services: [trim], hours: {WEEK}}}
  bob: {{email: bob@x.example, first_name: Robert, last_name: Roe, at: {{harbour: {{services: [haircut, trim]}}}}}}
  dan:
    email: dan@x.example
    first_name: Dan
    last_name: Moe
    away: [2026-08-03]
    at:
      market: {{services: [haircut, perm], hours: {WEEK}}}
      station: {{services: [trim]}}
  eva:
    email: eva@x.example
    first_name: Eva
    last_name: Noe
    at: {{market: {{services: [trim], hours: {WEEK}}}}}
---
accounts:
  west: {{company_name: West, nick_name: westsalon, email: owner@west.example, password: '${{env:WEST_PASSWORD}}',
    options: {{currency: EUR}}}}
---
account: west
locations:
  pier: {{name: Pier, main: true}}
  dock: {{name: Dock}}
services:
  cut: {{name: Cut, duration: 30 min, default: true}}
  wash: {{name: Wash, duration: 15 min}}
employees:
  finn:
    email: finn@west.example
    first_name: Finn
    last_name: Lee
    at: {{pier: {{services: [cut, wash], hours: {WEEK}}}, dock: {{services: [cut], hours: {WEEK}}}}}
  gus: {{email: gus@west.example, first_name: Gus, last_name: Ray, at: {{dock: {{services: [wash]}}}}}}
"""
ENVIRON = {"WEST_PASSWORD": "hunter2-of-west"}
OPTIONS = Options()
QUIET = Style(colour=False)
REAL = Clock()


class DeathError(BaseException):
    """The process is dead: no `except Exception`, no `finally` that writes, sees anything of it."""


@dataclass(slots=True)
class Fate:
    """Counts what the process does, and ends it at one point; 0 lets it live."""

    at: int = 0
    count: int = 0
    steps: list[str] = field(default_factory=list)

    def step(self, name: str) -> None:
        """About to do something, or just done."""
        self.count += 1
        self.steps.append(name)
        if self.at and self.count >= self.at:
            raise DeathError(name)


@dataclass(slots=True)
class MortalDisk(Disk):
    """A disk whose every operation may be the last thing before, half way through, or after which the process dies."""

    fate: Fate

    def read(self, path: Path) -> bytes | None:
        self.fate.step(f"read {path.name}")
        return Disk.read(self, path)

    def create(self, path: Path) -> int:
        self.fate.step(f"create {path.name}")
        return Disk.create(self, path)

    def extend(self, path: Path) -> int:
        self.fate.step(f"extend {path.name}")
        return Disk.extend(self, path)

    def write(self, file: int, data: bytes) -> None:
        self.fate.step("write nothing")
        Disk.write(self, file, data[: len(data) // 2])
        self.fate.step("write half")
        Disk.write(self, file, data[len(data) // 2 :])
        self.fate.step("write all")

    def sync(self, file: int) -> None:
        Disk.sync(self, file)
        self.fate.step("sync")

    def rename(self, source: Path, target: Path) -> None:
        self.fate.step(f"rename to {target.name}")
        Disk.rename(self, source, target)
        self.fate.step(f"renamed to {target.name}")

    def sync_folder(self, path: Path) -> None:
        Disk.sync_folder(self, path)
        self.fate.step("sync folder")


def mortal(app: Any, fate: Fate) -> Any:
    """The wire: the process may die before a request is carried out, or before its answer is seen."""

    async def between(scope: Any, receive: Any, send: Any) -> None:
        name = f"{scope['method']} {scope['path'].removeprefix('/api/v2')}"
        fate.step(f"request {name}")
        held: list[Any] = []

        async def hold(message: Any) -> None:
            held.append(message)

        await app(scope, receive, hold)
        fate.step(f"answer {name}")
        for message in held:
            await send(message)

    return between


@dataclass
class World:
    """One workspace with its tenant, which outlives every process."""

    root: Path
    manifests: str
    concurrency: int = 4
    settle: float = 0
    options: Options = OPTIONS
    app: Any = None

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.app = create_app(":memory:", company_id=2345)
        self.write(self.manifests)

    def write(self, manifests: str) -> None:
        """What is wanted from now on."""
        self.manifests = manifests
        (self.root / "provisioner.yaml").write_text(self.settings())
        (self.root / "salon.yaml").write_text(manifests)
        self.workspace: Workspace = load_workspace(self.root, VENDORS, environ=ENVIRON)
        self.place = tenant.locate(self.workspace.settings, None)

    def settings(self) -> str:
        """The workspace's settings."""
        return SETTINGS.replace("CONCURRENCY", str(self.concurrency)).replace("SETTLE", str(self.settle))

    def copy(self, to: Path) -> Self:
        """The same tenant and state, elsewhere."""
        shutil.copytree(self.root, to)
        other = type(self)(to, self.manifests, self.concurrency, self.settle, self.options)
        source: sqlite3.Connection = self.app.state.store._db
        source.backup(other.app.state.store._db)
        return other

    def close(self) -> None:
        """Free the tenant."""
        self.app.state.store.close()

    # -- runs

    def file(self, disk: Disk | None = None) -> StateFile:
        """The state, on a disk that may be mortal or broken."""
        return replace(tenant.state_file(self.root, self.place), disk=disk or Disk())

    def provider(self, app: Any, clock: Clock = REAL) -> Provider:
        """A connection of the vendor's own making."""
        settings = self.workspace.settings
        vendor = VENDORS[settings.provider]
        endpoint = f"http://sandbox{vendor.path}"
        return vendor.connect(
            Connection(
                endpoint, settings.company_id, vendor.sandbox, concurrency=self.concurrency, app=app, clock=clock
            )
        )

    async def _run(self, disk: Disk, wrap: Callable[[Any], Any], clock: Clock) -> int:
        run = Run(self.workspace, self.place, self.file(disk), self.options, None, wait=True, style=QUIET, clock=clock)
        with run.file.locked("a test"):
            provider = self.provider(wrap(self.app), clock)
            try:
                await provider.sign_in()
                return await run.carry_out(provider)
            finally:
                await provider.close()

    def apply(
        self, disk: Disk | None = None, wrap: Callable[[Any], Any] = lambda app: app, clock: Clock = REAL
    ) -> int | ProvisionerError:
        """One process that applies: its exit code, or the error that it would print. Raises DeathError."""
        try:
            return asyncio.run(self._run(disk or Disk(), wrap, clock))
        except ProvisionerError as error:
            return error

    def die(self, at: int) -> Fate:
        """One process that dies at a point, or ends before it comes."""
        fate = Fate(at)
        with suppress(DeathError):
            self.apply(MortalDisk(fate), lambda app: mortal(app, fate))
        return fate

    def plan(self) -> Plan:
        """What the next apply would do."""

        async def planned() -> Plan:
            provider = self.provider(self.app)
            try:
                await provider.sign_in()
                remembered = await remember(self.file(), provider, self.workspace.settings, self.place)
                made = await compose.plan_workspace(self.workspace, self.place, provider, self.options, remembered)
                return made.plan
            finally:
                await provider.close()

        return asyncio.run(planned())

    # -- what there is

    @property
    def state(self) -> State:
        """What is recorded."""
        return self.file().load().state

    def live(self) -> Mapping[str, Counter[str]]:
        """The names of everything live, by kind."""
        store = self.app.state.store
        rows = store.rows("SELECT kind, body FROM objects")
        found: dict[str, Counter[str]] = {}
        for kind, body in rows:
            raw = json.loads(body)
            found.setdefault(kind, Counter())[str(raw.get("email") or raw.get("name") or raw.get("label"))] += 1
        return found

    def ids(self) -> set[tuple[str, str]]:
        """(kind, id) of everything live."""
        store = self.app.state.store
        return {(kind, str(id_)) for kind, id_ in store.rows("SELECT kind, id FROM objects")}

    def summary(self) -> dict[str, Any]:
        """What is remembered, without the ids: equal for two runs that did the same."""
        return {
            str(a): (r.owned, r.protect, dict(r.applied), sorted(r.secrets), r.confirmed, bool(r.id))
            for a, r in self.state.records.items()
        }

    def orphans(self) -> set[tuple[str, str]]:
        """What is live and not remembered."""
        recorded = {(a.kind, r.id) for a, r in self.state.records.items() if not BY_NAME[a.kind].key_kinds}
        return self.ids() - recorded


__all__ = ["AFTER", "BEFORE", "DeathError", "Fate", "MortalDisk", "World", "mortal", "objects"]


def some_of(steps: Sequence[str], stride: int) -> list[int]:
    """Points at which to die: the first of every sort of step, and every so-many-th."""
    sorts = {" ".join(name.split()[:2]): number for number, name in reversed([*enumerate(steps, 1)])}
    return sorted({*range(1, len(steps) + 1, stride), *sorts.values()})


def kept(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their path from it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
