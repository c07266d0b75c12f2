"""What an apply was approved for: a saved plan, or a digest. It goes on only when that is what it would do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from provisioner.cli.compose import Planned
from provisioner.cli.options import Options
from provisioner.cli.tenant import Place
from provisioner.errors import StaleError, UsageError
from provisioner.manifest.files import file_digests
from provisioner.plan.change import Plan
from provisioner.plan.moved import carried_out, moved, moved_offline
from provisioner.plan.saved import Basis, Saved, basis, dump, read
from provisioner.report.discreet import discreet
from provisioner.report.json import plan_json
from provisioner.report.text import plan_text
from provisioner.state.disk import Disk, replace_file

WIDTH = 80
"""Columns of the text that is kept."""


class Approval(Protocol):
    """Says whether an apply may go on; both raise StaleError."""

    def locate(self, root: Path, place: Place, options: Options) -> None:
        """Before anything is asked of the tenant."""

    def check(self, planned: Planned) -> None:
        """Before the first write."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest that a plan printed."""

    digest: str

    def locate(self, root: Path, place: Place, options: Options) -> None:
        """A digest says nothing before there is a plan."""

    def check(self, planned: Planned) -> None:
        """The same changes, of the same values, to the same tenant."""
        if planned.plan.digest != self.digest:
            raise StaleError(
                f"this is another plan than {self.digest} (its digest is {planned.plan.digest}): nothing was changed. "
                "See it with provisioner plan, then approve that"
            )


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan that was saved."""

    saved: Saved

    def locate(self, root: Path, place: Place, options: Options) -> None:
        """The same tenant and the same files. They are looked at before they are read: an edit may have broken them."""
        then, besides = self.saved.basis, [Path(file) for file in options.var_files]
        now = Basis(place.tenant.host, place.tenant.company_id, file_digests(root, then.files.keys(), besides))
        self._refuse(moved_offline(then, now))

    def check(self, planned: Planned) -> None:
        """The same state and live objects, and the same changes come of them."""
        then = self.saved.basis
        now = basis_of(planned, then.live.keys())
        if carried_out(then, now):
            raise StaleError(f"the plan of {self.saved.made} was applied already: nothing of it is left to do")
        self._refuse(moved(then, now))

    def _refuse(self, lines: tuple[str, ...]) -> None:
        if lines:
            count = f"{len(lines)} thing{'s have' if len(lines) > 1 else ' has'} moved"
            raise StaleError(
                f"the plan of {self.saved.made} is stale, {count} since: nothing was changed. Plan again", lines
            )


def options_of(saved: Saved, var: Mapping[str, str], var_files: tuple[str, ...]) -> Options:
    """What a saved plan was narrowed to and allowed; the values of its variables have to be given again.

    Files of variables are read from where they were, unless others are given: a pipe is gone by now.
    """
    missing = sorted({*saved.variables} - {*var})
    if missing:
        raise UsageError(f"the plan was made with --var {missing[0]}=...: give it again, its value is not kept")
    kept: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in saved.options.items()}
    kept["var_files"] = var_files or kept.get("var_files")
    if kept.keys() != {each.name for each in fields(Options)} - {"var"}:
        raise UsageError("the plan was saved by another version of provisioner: plan again")
    return Options(var=var, **kept)


def basis_of(planned: Planned, also: Collection[str] = ()) -> Basis:
    """What a plan was made of; `also` are addresses that an earlier one touched."""
    changes = document_of(planned, _unbooked(discreet(planned.plan)))["changes"]
    return basis(planned.stored, planned.files, planned.plan, planned.live(), changes, also)


def _unbooked(plan: Plan) -> Plan:
    """The plan without what holds it back for the sake of appointments: one more of them is another plan's rule."""
    return replace(plan, changes=tuple(replace(c, blocked="") if c.unallowed else c for c in plan.changes))


def document_of(planned: Planned, plan: Plan) -> dict[str, Any]:
    """A plan as `--json` prints it."""
    return plan_json(plan, planned.banner, planned.effort, planned.calls)


def save_plan(path: Path, planned: Planned, options: Options) -> None:
    """Write a plan to a file, whole or not at all, readable for its owner only. Raises OSError.

    What it holds about a person is left out: the file is handed on.
    """
    plan = discreet(planned.plan)
    kept = asdict(options)
    variables = tuple(sorted(kept.pop("var")))
    saved = Saved(
        datetime.now(UTC).isoformat(timespec="seconds"),
        kept,
        variables,
        basis_of(planned),
        plan_text(plan, planned.banner, planned.effort, WIDTH),
        document_of(planned, plan),
    )
    replace_file(Disk(), path, dump(saved).encode())


def check_target(path: Path) -> None:
    """A file that a plan may be saved to: a new one, or an older plan. Raises UsageError and OSError."""
    if path.exists() and b'"type":"provisioner plan"' not in path.read_bytes()[:100]:
        raise UsageError(f"{path}: is there already, and is no saved plan: name another file")


def read_plan(path: Path) -> Saved:
    """A saved plan. Raises UsageError and OSError."""
    return read(path.read_bytes(), str(path))
