"""What `doctor` looks at on this computer: the workspace, its secrets, and what is remembered. Asks nobody."""

from __future__ import annotations

import os
import platform
import stat
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from provisioner import __version__
from provisioner.cli.compose import read_workspace
from provisioner.cli.options import Options
from provisioner.cli.tenant import DATA, Place, state_file
from provisioner.errors import ManifestError, ProvisionerError, StateError
from provisioner.finding import Finding, failed, look, passed, skipped
from provisioner.kinds.values import parse_email
from provisioner.manifest import SETTINGS, Settings, Workspace
from provisioner.manifest.credentials import usual_variable
from provisioner.providers.base import Vendor
from provisioner.state.dialect import DialectFile, Spoken
from provisioner.state.file import StateFile
from provisioner.state.model import State
from provisioner.state.store import Store

_IGNORED = frozenset(f"{lead}{DATA}{tail}" for lead in ("", "/", "**/") for tail in ("", "/", "/*", "/**"))
FEW = 3


def version() -> Finding:
    """What runs here."""
    return passed("Version", f"provisioner {__version__}, Python {platform.python_version()}, {platform.system()}")


def unreadable(check: str, error: ProvisionerError) -> Finding:
    """What is wrong with files: the first problem, and how many more there are."""
    if not isinstance(error, ManifestError):
        return failed(check, str(error))
    more = len(error.problems) - 1
    remedy = f"see the other {more} with provisioner validate" if more else ""
    return failed(check, str(error.problems[0]), remedy)


def manifests(root: Path, options: Options) -> tuple[Workspace | None, Finding]:
    """Whether the manifests are valid, offline."""
    check = "Manifests"
    try:
        workspace = read_workspace(root, options, offline=True)
    except (ProvisionerError, OSError) as error:
        wrong = error if isinstance(error, ProvisionerError) else ProvisionerError(str(error))
        return None, unreadable(check, wrong)
    counts = Counter(address.kind for address in workspace.desired.resources)
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    return workspace, passed(check, f"valid: {listed or 'nothing yet'}")


# -- secrets


def secrets(root: Path, settings: Settings, vendor: Vendor) -> list[Finding]:
    """Where the credentials are, and whether what is remembered is kept from others."""
    return [_literal(settings, vendor), _ignored(root), _modes(root)]


def variables(
    settings: Settings, vendor: Vendor, place: Place, environ: Mapping[str, str], wanting: Collection[str]
) -> Finding:
    """Whether all is set that the credentials name; `wanting` are those of the manifests that are not."""
    check = "Variables"
    named = {name: settings.credentials[name].variables for name in vendor.credentials if name in settings.credentials}
    absent = [name for name in vendor.credentials if name not in named]
    if absent and not place.sandbox:
        line = f'{absent[0]}: "${{env:{usual_variable(vendor.name, absent[0])}}}"'
        return failed(check, f"credentials has no {absent[0]}", f"write {line} into credentials of {SETTINGS}")
    needed = [] if place.sandbox else sorted({variable for each in named.values() for variable in each})
    unset = [*(variable for variable in needed if not environ.get(variable)), *sorted(wanting)]
    if unset:
        some = ", ".join(unset[:FEW]) + (f" and {len(unset) - FEW} more" if len(unset) > FEW else "")
        return failed(check, f"{some} is not set", f"export {unset[0]}=... where this runs")
    if place.sandbox:
        return passed(check, "none is wanting: a sandbox has credentials of its own")
    return passed(check, f"{', '.join(needed)} set" if needed else "none is named")


def _literal(settings: Settings, vendor: Vendor) -> Finding:
    check = "Credentials"
    written = {name: each.text for name, each in settings.credentials.items() if not each.variables}
    literal = [name for name, text in written.items() if not _is_email(text)]
    if literal:
        where = settings.credentials[literal[0]].place
        name = usual_variable(vendor.name, literal[0])
        remedy = f'write "${{env:{name}}}" there, set {name}, and change the key if the file was ever shared'
        return look(check, f"{literal[0]} stands in {where.file}:{where.line} as it is", remedy)
    return passed(check, f"no secret stands in {SETTINGS}")


def _is_email(text: str) -> bool:
    """Whether it is an address, which is no secret."""
    try:
        parse_email(text)
    except ValueError:
        return False
    return True


def _ignored(root: Path) -> Finding:
    check, folders = "Git", [root.resolve(), *root.resolve().parents]
    top = next((folder for folder in folders if (folder / ".git").exists()), None)
    if top is None:
        return skipped(check, "this is no git repository")
    for folder in folders[: folders.index(top) + 1]:
        try:
            lines = (folder / ".gitignore").read_text("utf-8", "replace").splitlines()
        except OSError:
            continue
        if not _IGNORED.isdisjoint(line.strip() for line in lines):
            return passed(check, f"{DATA} is ignored")
    remedy = f"add the line {DATA}/ to .gitignore: the state names people, and belongs to one computer"
    return look(check, f"{DATA} is not ignored", remedy)


def _modes(root: Path) -> Finding:
    check, folder = "File modes", root / DATA
    mine = [*(folder / "state").rglob("*"), *folder.glob("sandbox.db*")]
    closed = [path for path in (folder, folder / "state", *mine) if os.path.lexists(path) and _is_closed(path)]
    if closed:
        return skipped(check, f"{closed[0]} cannot be read")
    open_ = [path for path in mine if _is_open(path)]
    if open_:
        some = ", ".join(str(path.relative_to(root)) for path in sorted(open_)[:FEW])
        more = f" and {len(open_) - FEW} more" if len(open_) > FEW else ""
        return look(check, f"others may read {some}{more}", f"chmod -R go= {folder}")
    return passed(check, f"{len(mine)} files and folders are yours alone" if mine else "nothing is kept here yet")


def _is_open(path: Path) -> bool:
    """Whether others than its owner may do anything with a file; False for one that is gone by now."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return not stat.S_ISLNK(found.st_mode) and bool(stat.S_IMODE(found.st_mode) & 0o077)


# -- what is remembered


def remembered(file: Store) -> list[Finding]:
    """The state, what it left in doubt, and who is at work."""
    barred = _barred(file) if isinstance(file, StateFile) else None
    lock = skipped("Lock", f"{barred} cannot be read") if barred and _is_closed(barred) else _lock(file)
    try:
        stored = file.load()
    except StateError as error:
        return [failed("State", str(error)), skipped("Journal", "the state cannot be read"), lock]
    state = stored.state
    return [
        _recorded(file, state, barred),
        _journal(file, stored.interrupted, [*map(str, state.pending)], state.gap),
        lock,
    ]


def _recorded(file: Store, state: State, barred: Path | None) -> Finding:
    check, count = "State", len(state.records)
    if barred:
        return failed(check, f"{barred} cannot be written", "let it be written by whoever applies: chmod or chown it")
    what = f"{count} resource{'s' if count != 1 else ''}, serial {state.serial}"
    where = f", in {file.name}" if "://" in file.name else ""
    return passed(check, f"{what if state.serial else 'nothing is remembered yet'}{where}")


def _barred(file: StateFile) -> Path | None:
    """What an apply would have to read and write, and may not: where the state lies, or is to lie, or what is there."""
    folder = file.path.parent
    while not os.path.lexists(folder):
        folder = folder.parent
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return folder
    beside = sorted(folder.iterdir()) if folder == file.path.parent else ()
    return next((path for path in beside if not os.access(path, os.R_OK | os.W_OK)), None)


def _is_closed(path: Path) -> bool:
    """Whether we may not even read what is there."""
    return not os.access(path, os.R_OK)


def _journal(file: Store, interrupted: bool, pending: list[str], gap: float) -> Finding:
    check = "Journal"
    if pending:
        some = ", ".join(pending[:FEW]) + (f" and {len(pending) - FEW} more" if len(pending) > FEW else "")
        return look(
            check, f"in doubt: {some}", "run provisioner apply, which looks; what it cannot tell, state resolve settles"
        )
    if gap:
        return look(check, "a part of it was lost", "run provisioner apply: it finds by name what it does not know")
    if interrupted and not file.holder():
        return look(check, "a run was interrupted", "run provisioner apply: it takes into account what was done")
    return passed(check, "no run was interrupted, and nothing is in doubt")


def _lock(file: Store) -> Finding:
    holder = file.holder()
    if holder:
        return look("Lock", f"{holder} is at work on this tenant", "wait for it, or look what it is doing")
    return passed("Lock", "nobody is at work")


def dialect_file(root: Path, place: Place) -> DialectFile:
    """Where what a probe found of a tenant's host is recorded."""
    return DialectFile(state_file(root, place).path.parents[1] / "dialect.json")


def dialect(file: DialectFile, settings: Settings, probes: bool) -> Finding:
    """What is known of how the vendor speaks."""
    check = "Dialect"
    try:
        spoken = file.load()
    except StateError as error:
        return failed(check, str(error))
    if spoken is None:
        return skipped(check, "not looked for: --probe-account ID finds it" if probes else "this vendor has no probe")
    return _told(check, spoken, settings)


def _told(check: str, spoken: Spoken, settings: Settings) -> Finding:
    said = ", ".join(f"{question} {answer}" for question, answer in spoken.answers.items())
    text = f"{said}; found on account {spoken.account_id}, {spoken.at[:10]}"
    if body_is_wrong(spoken.answers, settings):
        return failed(check, text, f"write limits: {{body: {spoken.answers['body']}}} into {SETTINGS}")
    if spoken.answers.get("hours") == "merge":
        return look(check, text, "hours cannot be taken away here: an apply that shortens them says so, and fails")
    return passed(check, text)


def body_is_wrong(answers: Mapping[str, str], settings: Settings) -> bool:
    """Whether requests would have bodies that the vendor does not read."""
    return answers.get("body") == "wrapped" and settings.limits.body != "wrapped"
