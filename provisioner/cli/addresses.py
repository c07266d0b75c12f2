"""Addresses for a shell to complete: offline, bounded, and never an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

MOST_BYTES = 512 * 1024
"""Of manifests and of a state together: what is read in a blink."""
MOST = 1000
"""Words that a shell is given."""


def complete_address(context: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """The addresses in the state and in the manifests that begin like this."""
    root = Path(str(context.find_root().params.get("workspace") or "."))
    try:
        found = sorted({each for each in _known(root) if each.startswith(incomplete)})
    except Exception:  # noqa: BLE001 -- whatever is wrong with a workspace, a shell must not be told while someone types
        return []
    return [CompletionItem(each) for each in found[:MOST]]


def _known(root: Path) -> Iterator[str]:
    left = [MOST_BYTES]
    yield from _declared(root, left)
    yield from _recorded(root, left)


def _fits(path: Path, left: list[int]) -> bool:
    left[0] -= path.stat().st_size
    return left[0] >= 0


def _recorded(root: Path, left: list[int]) -> Iterator[str]:
    """What the states of this workspace hold, whichever tenant they are of."""
    from provisioner.kinds import read_address

    for path in sorted((root / ".provisioner/state").glob("*/*/state.json")):
        if _fits(path, left):
            yield from (str(read_address(text)) for text in json.loads(path.read_bytes()).get("resources", {}))


def _declared(root: Path, left: list[int]) -> Iterator[str]:
    """What the manifests declare, read as far as keys go: a mistake elsewhere in a file hides nothing."""
    from provisioner.kinds import BY_SECTION
    from provisioner.manifest.files import manifest_files, read_file
    from provisioner.manifest.yaml import BUDGET, Map, compose

    documents = [
        document.root
        for name in manifest_files(root)
        if _fits(root / name, left)
        for document in compose(read_file(root, name, BUDGET.size))[0]
    ]
    accounts = _accounts(documents)
    for document in documents:
        for section, kind in BY_SECTION.items():
            node = document.get(section)
            if isinstance(node, Map) and not kind.key_kinds:
                scopes = [""] if section == "accounts" else _scopes(document.get("account", ""), accounts)
                for scope in scopes:
                    yield from (f"{scope}{'/' * bool(scope)}{kind.kind}/{key}" for key in node if _is_key(key))


def _accounts(documents: list[Any]) -> dict[str, str]:
    """Every account's key with its scope; the parent's own is empty."""
    found = {}
    for document in documents:
        node = document.get("accounts")
        for key, fields in node.items() if isinstance(node, dict) else ():
            if _is_key(key):
                found[key] = "" if isinstance(fields, dict) and fields.get("parent") == "true" else key
    return found


def _scopes(written: Any, accounts: dict[str, str]) -> list[str]:
    from fnmatch import fnmatchcase

    if isinstance(written, list):
        return [accounts[each] for each in written if isinstance(each, str) and each in accounts]
    if not isinstance(written, str) or not written:
        return [""]
    if written in accounts:
        return [accounts[written]]
    glob = "*" if written == "all" else written
    return [scope for key, scope in accounts.items() if scope and fnmatchcase(key, glob)]


def _is_key(text: str) -> bool:
    from provisioner.kinds.values import parse_key

    try:
        return bool(parse_key(text))
    except ValueError:
        return False
