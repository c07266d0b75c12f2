"""`provisioner pull`: what changed outside taken back into the manifests, in place."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from provisioner.cli import compose, tenant
from provisioner.cli.addresses import complete_address
from provisioner.cli.alone import alone
from provisioner.cli.console import pick
from provisioner.cli.context import Common, endpoint_option, var_options
from provisioner.cli.options import Options
from provisioner.cli.progress import Reading
from provisioner.cli.remembered import remember
from provisioner.cli.say import say, show
from provisioner.cli.stores import state_store
from provisioner.cli.unfinished import check_finished
from provisioner.errors import StaleError, UsageError
from provisioner.kinds import BY_NAME
from provisioner.kinds.base import specs
from provisioner.kinds.desired import Desired
from provisioner.manifest import SETTINGS, Workspace, load_variables, load_workspace
from provisioner.manifest.files import UnreadableFolderError, manifest_files, read_file
from provisioner.manifest.yaml import BUDGET
from provisioner.providers import BY_NAME as VENDORS
from provisioner.pull.book import Book, Rewrite
from provisioner.pull.proof import Proof, units
from provisioner.pull.recorded import recorded
from provisioner.pull.take import SERVICES, Drift, Found, Named, Take
from provisioner.pull.ways import Ways
from provisioner.pull.writing import write_all
from provisioner.state.disk import Disk


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks of one pull."""

    named: tuple[Named, ...] = ()
    prune: bool = False
    choose: bool = False
    check: bool = False
    detailed: bool = False


@click.command("pull")
@click.argument("addresses", nargs=-1, metavar="[ADDRESS[.FIELD]]...", shell_complete=complete_address)
@endpoint_option
@click.option("--check", "--dry-run", is_flag=True, help="Write nothing; show what would change, as a unified diff.")
@click.option("--choose", is_flag=True, help="Ask for each value: take it, keep the manifest's, or quit.")
@click.option("--prune", is_flag=True, help="Remove from the manifests what was deleted outside.")
@click.option("--detailed-exitcode", is_flag=True, help="With --check: exit 2 when files would change.")
@var_options
@click.pass_obj
def command(
    common: Common,
    /,
    *,
    addresses: tuple[str, ...],
    endpoint: str | None,
    check: bool,
    choose: bool,
    prune: bool,
    detailed_exitcode: bool,
    var: Mapping[str, str],
    var_files: tuple[str, ...],
) -> int:
    """Take what changed outside since the last apply back into the manifests. Writes nothing to the tenant.

    Only the lines that must change differ: comments, order, quotes, anchors and references stay. Without ADDRESS,
    everything that moved outside; with ADDRESS.FIELD, that field whichever side moved it, and also one that the
    manifests do not give yet.
    """
    if choose and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("--choose asks, and there is no terminal to answer on: name what to take, or use --check")
    asked = Asked(tuple(map(_named, addresses)), prune, choose, check, detailed_exitcode)
    fields = tuple(each.field for each in asked.named if each.field)
    options = Options(endpoint=endpoint, var=var, var_files=var_files, fields=fields)
    return Pull(common.root, options, asked).run()


def _named(text: str) -> Named:
    glob, _, name = text.partition(".")
    if not glob:
        raise UsageError(f"{text} names nothing: write ADDRESS or ADDRESS.FIELD")
    return Named(glob, name)


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull."""

    root: Path
    options: Options
    asked: Asked

    def run(self) -> int:
        """Read, plan, prove, write; the exit code."""
        check_finished(self.root)
        texts = self._texts()
        workspace = self._load(texts)
        self._check_named(workspace.desired)
        place = tenant.locate(workspace.settings, self.options.endpoint)
        planned = compose.run(self._planned(workspace, place))
        found = Drift(planned.plan, workspace.desired, planned.matches.live, planned.state, self.asked.named).found()
        book = Book(self.root, texts)
        takes = self._chosen([*found.takes, *(found.gone if self.asked.prune else ())])
        if takes is None:
            say("Nothing was written.")
            return 1
        ways = Ways(book, workspace.desired)
        with Reading("Checking", "values") as checking:
            proof = Proof(book, workspace.desired, lambda written: self._load({**texts, **written}).desired, checking)
            proof.settle(units((take, *ways.of(take)) for take in takes))
        rewrites = book.rewrites(proof.edits())
        taken = [take for unit in proof.taken for take in unit.takes]
        if not self.asked.check:
            self._write(workspace, planned, place, taken, rewrites)
        self._report(found, taken, book.rewrites(proof.edits(shown=True)) if self.asked.check else rewrites)
        refused = [*found.refused, *proof.refused]
        for each in refused:
            say(str(each), err=True)
        return self._code(rewrites, partly=bool(refused), pending=bool(planned.plan.pending))

    def _code(self, rewrites: Sequence[Rewrite], *, partly: bool, pending: bool) -> int:
        if partly:
            return 5
        if pending:
            return 7
        return 2 if rewrites and self.asked.check and self.asked.detailed else 0

    # -- reading

    def _texts(self) -> dict[str, bytes]:
        """The settings and every manifest, read once; what cannot be read, loading reports."""
        besides = [Path(file) for file in self.options.var_files]
        try:
            names = [SETTINGS, *manifest_files(self.root, besides)]
        except UnreadableFolderError:
            return {}
        found = {}
        for name in names:
            try:
                found[name] = read_file(self.root, name, BUDGET.size)
            except (OSError, ValueError):
                continue
        return found

    def _load(self, texts: Mapping[str, bytes]) -> Workspace:
        besides = [Path(file) for file in self.options.var_files]
        given = {**load_variables(besides, self.root), **self.options.var}
        return load_workspace(
            self.root, VENDORS, variables=given, secrets="placeholder", besides=besides, instead=texts
        )

    async def _planned(self, workspace: Workspace, place: tenant.Place) -> compose.Planned:
        async with tenant.connected(self.root, workspace.settings, place) as provider:
            store = state_store(self.root, workspace.settings, place)
            remembered = await remember(store, provider, workspace.settings, place)
            return await compose.plan_workspace(workspace, place, provider, self.options, remembered)

    def _check_named(self, desired: Desired) -> None:
        """Raises UsageError for a name that names nothing."""
        for each in self.asked.named:
            fitting = [a for a in (*desired.resources, *desired.whole) if each.fits(a)]
            if not fitting:
                raise UsageError(f"{each.glob} names nothing in the manifests: quote it if it is a glob")
            known = {name for a in fitting for name in (*specs(BY_NAME[a.kind]), *([SERVICES] * bool(a.kind)))}
            if each.field and each.field not in known:
                raise UsageError(f"{each.glob} has no field {each.field}: provisioner explain lists them")

    # -- choosing

    def _chosen(self, takes: Sequence[Take]) -> list[Take] | None:
        """What is to be taken; None when a person quits."""
        if not self.asked.choose:
            return list(takes)
        chosen = []
        for take in takes:
            answer = pick(f"{_line(take)}   take, keep or quit?", {"t": "take", "k": "keep", "q": "quit"})
            if answer == "quit":
                return None
            chosen += [take] if answer == "take" else []
        return chosen

    # -- writing

    def _write(
        self,
        workspace: Workspace,
        planned: compose.Planned,
        place: tenant.Place,
        taken: Sequence[Take],
        rewrites: Sequence[Rewrite],
    ) -> None:
        """Put the files in place, and remember that what was taken is as wanted. Raises StaleError and LockedError."""
        if not rewrites:
            return
        file = state_store(self.root, workspace.settings, place)
        with alone(file, place, "provisioner pull"):
            stored = file.load().state
            if stored.serial != planned.stored.serial:
                raise StaleError("another run changed the state meanwhile: nothing was written; pull again")
            write_all(Disk(), rewrites)
            after = recorded(stored, taken)
            if after != stored:
                file.save(after)

    # -- saying

    def _report(self, found: Found, taken: Sequence[Take], rewrites: Sequence[Rewrite]) -> None:
        if self.asked.check:
            for each in rewrites:
                show("\n".join(_difference(each)))
        else:
            for take in sorted(taken, key=lambda each: (each.place, each.name)):
                say(_line(take))
        if found.gone and not self.asked.prune:
            for take in found.gone:
                ended = BY_NAME[take.address.kind].ended()
                say(f"{take.name} was {ended} outside and stays in the manifests ({take.place}): --prune removes it")
        if found.mine:
            say(f"{_counted(found.mine, 'value')} that the manifests moved: left for apply.")
        if found.personal:
            say(f"{_counted(found.personal, 'resource')} with people's own data moved: name them to take that back.")
        names = ", ".join(each.name for each in rewrites)
        if not rewrites:
            say("Nothing to pull.")
        elif self.asked.check:
            say(f"Would pull {_counted(len(taken), 'value')} into {names}.")
        else:
            say(f"Pulled {_counted(len(taken), 'value')} into {names}.")


def _line(take: Take) -> str:
    if take.gone:
        return f"- {take.address}   {BY_NAME[take.address.kind].ended()} outside   {take.place}"
    return f"~ {take.address}   {take.field} = {take.was} -> {take.now}   {take.place}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _difference(each: Rewrite) -> Iterator[str]:
    """A unified diff."""
    from difflib import unified_diff

    before, after = (_text(data).splitlines() for data in (each.before, each.after))
    yield from unified_diff(before, after, each.name, f"{each.name} (pulled)", lineterm="")


def _text(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data.decode("utf-16" if wide else "utf-8", "replace").removeprefix("\ufeff")
