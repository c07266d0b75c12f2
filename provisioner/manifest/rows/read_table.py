"""Reading the table that a `generate` entry names, whatever sort of file it is in."""

from __future__ import annotations

from pathlib import Path
from posixpath import normpath
from typing import Final, NamedTuple

from provisioner.kinds.values import escape, plain
from provisioner.manifest.files import DATA, NOTHING_INSTEAD, Instead, current
from provisioner.manifest.problems import nearest
from provisioner.manifest.rows.csv_table import read_csv
from provisioner.manifest.rows.list_table import read_json, read_yaml
from provisioner.manifest.rows.table import Report, Table
from provisioner.manifest.yaml import BUDGET

_TEXTS: Final = (".csv", ".tsv", ".txt")
_BOOKS: Final = (".xlsx", ".xlsm")
_YAML: Final = (".yaml", ".yml")


class Asked(NamedTuple):
    """A table as an entry asks for it: a path from the workspace's root, and how it is read."""

    name: str
    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""


def read_table(root: Path, asked: Asked, report: Report, instead: Instead = NOTHING_INSTEAD) -> Table:
    """The table; raises ValueError for a file that cannot be read or has no rows.

    What is wrong inside the file is told to `report`.
    """
    name, shown = asked.name, escape(asked.name)
    ending = Path(name).suffix.lower()
    _check(asked, ending, shown)
    data = _data(root, name, shown, instead)
    if ending in _BOOKS:
        from provisioner.manifest.rows.xlsx_table import read_xlsx

        return read_xlsx(shown, data, report, asked.sheet)
    if ending in _TEXTS:
        return read_csv(shown, data, report, asked.delimiter, asked.encoding)
    return (read_json if ending == ".json" else read_yaml)(shown, data, report)


def _check(asked: Asked, ending: str, shown: str) -> None:
    if ending == ".xls":
        raise ValueError(f"{shown} is an old workbook (.xls): save it as .xlsx, or as CSV UTF-8")
    if ending not in (*_TEXTS, *_BOOKS, *_YAML, ".json"):
        raise ValueError(f"{shown} has no known sort: name a file that ends in .csv, .xlsx, .json or .yaml")
    if ending in _YAML and normpath(asked.name).partition("/")[0] != DATA:
        raise ValueError(f"{shown} counts as a manifest where it is: move it into the folder {DATA}/")
    if asked.sheet and ending not in _BOOKS:
        raise ValueError(f"{shown} has no sheets: remove `sheet`")
    if (asked.delimiter or asked.encoding) and ending not in _TEXTS:
        raise ValueError(f"{shown} needs no delimiter and no encoding: remove them")


def _data(root: Path, name: str, shown: str, instead: Instead) -> bytes:
    try:
        data = current(root, name, BUDGET.size, instead)
    except OSError as error:
        raise ValueError(f"{shown} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        near = _near(root, name)
        raise ValueError(f"{error}; did you mean {near}?" if near else str(error)) from None
    if len(data) > BUDGET.size:
        raise ValueError(f"{shown} is larger than {BUDGET.size // 1024**2} MiB: split it")
    if not data:
        raise ValueError(f"{shown} is empty: write a header, and below it a row for each thing")
    return data


def _near(root: Path, name: str) -> str | None:
    """A file beside, when it is the name that was misspelled."""
    folder = Path(normpath(name)).parent
    if folder.is_absolute() or ".." in folder.parts or (root / name).is_symlink() or (root / name).exists():
        return None
    try:
        names = [path.name for path in (root / folder).iterdir() if not path.name.startswith(".")]
    except (OSError, ValueError):
        return None
    near = nearest(Path(name).name, names)
    return plain((folder / near).as_posix(), 60) if near else None
