"""An export's files put where nothing is: all of them, or it is written down which of them may be there."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from provisioner.cli.tenant import DATA
from provisioner.errors import ProvisionerError, RefusedError
from provisioner.state.disk import Disk, replace_file

MARK = "export-unfinished"
"""The note that lies in a workspace while an export writes into it."""
_NOTHING = hashlib.sha256(b"").hexdigest()


def check_finished(root: Path) -> None:
    """See that the manifests of a workspace are all there. Raises RefusedError."""
    if os.path.lexists(_mark(root)):
        remedy = "run provisioner export again, which first removes what it wrote"
        raise RefusedError(f"an export into {root} was not finished, and manifests may be missing: {remedy}")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What an export that did not come to its end may have left."""

    root: Path
    files: Mapping[str, str]
    """Path from the root -> the sha256 of what was to stand there."""
    folders: Sequence[str]
    """Those that it made; what holds others comes first."""

    @classmethod
    def read(cls, root: Path) -> Unfinished:
        """What the note in a workspace says; nothing where there is none. Raises RefusedError."""
        try:
            noted = json.loads(_mark(root).read_bytes())
            return cls(root, dict(noted["files"]), list(noted["folders"]))
        except FileNotFoundError:
            return cls(root, {}, ())
        except (ValueError, KeyError, TypeError, OSError):
            remedy = "remove it, and the manifests that an export wrote"
            raise RefusedError(f"{_mark(root)} cannot be read: {remedy}") from None

    def check_unchanged(self) -> None:
        """See that nobody has worked on what is there. Raises RefusedError."""
        if changed := [name for name in self.files if self._there(name) not in ("", self.files[name], _NOTHING)]:
            remedy = "move them away, then run provisioner export again"
            raise RefusedError(
                f"an export into {self.root} was not finished, and {_some(changed)} changed since: {remedy}"
            )

    def remove(self) -> None:
        """Take away what it left; a file that changed since stays."""
        for name, digest in self.files.items():
            if self._there(name) in (digest, _NOTHING):
                (self.root / name).unlink()
        self.forget()
        _remove_folders(self.root, self.folders)

    def forget(self) -> None:
        """It is finished, or all that it left is gone."""
        _mark(self.root).unlink(missing_ok=True)

    def _there(self, name: str) -> str:
        """The sha256 of the file of that name; "" where there is none, and "?" for what is no file."""
        path = self.root / name
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(path.lstat().st_mode) else "?"
        except (FileNotFoundError, NotADirectoryError):
            return ""


@contextmanager
def placed(disk: Disk, root: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Every file new in its place. When that or the block goes wrong, none is left; nothing is ever written over.

    A process that is killed leaves the note behind, and `check_finished` refuses the workspace. Raises RefusedError
    and ProvisionerError.
    """
    check_free(root, files)
    folders = [name for name in _folders(files) if not (root / name).exists()]
    noted = Unfinished(root, {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}, folders)
    begun: list[Path] = []
    try:
        try:
            _write(disk, noted, files, begun)
        except OSError as error:
            where = error.filename or root
            remedy = "nothing was left behind; mend that, then run provisioner export again"
            raise ProvisionerError(f"{where}: {error.strerror or error}: {remedy}") from None
        noted.forget()
        yield
    except BaseException:
        for path in begun:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        with suppress(OSError):
            noted.forget()
        _remove_folders(root, folders)
        raise


def check_free(root: Path, names: Mapping[str, bytes]) -> None:
    """See that nothing has a name that is to be written, and that no link leads elsewhere. Raises RefusedError."""
    if taken := list(dict.fromkeys(step for name in names if (step := _in_the_way(root, name)))):
        one, remedy = len(taken) == 1, "move away what is there, or write elsewhere with --out DIR"
        reason = "a name that is to be written" if one else "names that are to be written"
        raise RefusedError(f"{root}: {_some(taken)} {'has' if one else 'have'} {reason}: {remedy}")


def _in_the_way(root: Path, name: str) -> str:
    """What stands where a file or one of its folders is to be; "" when nothing does."""
    for step in (*reversed(Path(name).parents[:-1]), Path(name)):
        path = root / step
        is_folder = path.is_dir() and not path.is_symlink()
        if os.path.lexists(path) and (step == Path(name) or not is_folder):
            return step.as_posix()
    return ""


def _write(disk: Disk, noted: Unfinished, files: Mapping[str, bytes], begun: list[Path]) -> None:
    """The note first; `begun` is told each file as soon as it is there."""
    root = noted.root
    disk.make_folder(root / DATA)
    replace_file(disk, _mark(root), json.dumps({"files": noted.files, "folders": noted.folders}).encode())
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        file = disk.create_new(root / name)
        begun.append(root / name)
        try:
            disk.write(file, data)
            disk.allow(file, 0o644)
            disk.sync(file)
        finally:
            disk.close(file)
    for folder in dict.fromkeys((root / name).parent for name in files):
        disk.sync_folder(folder)


def _folders(names: Iterable[str]) -> list[str]:
    """Every folder that is needed, what holds others first."""
    needed = {folder.as_posix() for name in names for folder in Path(name).parents}
    return sorted({*needed, DATA}, key=lambda name: (name != ".", name))


def _remove_folders(root: Path, folders: Iterable[str]) -> None:
    for name in reversed([*folders]):
        with suppress(OSError):  # somebody put something into it
            (root / name).rmdir()


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _mark(root: Path) -> Path:
    return root / DATA / MARK
