"""What the command line allows a plan to strand: each word names something that there is, or was, and once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from fnmatch import fnmatchcase

from provisioner.cli.options import Options
from provisioner.errors import StateError, UsageError
from provisioner.kinds import BY_NAME, Address, read_address
from provisioner.kinds.desired import Desired
from provisioner.plan.stranding import Allowed, read_allowed
from provisioner.state.model import State
from provisioner.state.runs import Runs


def check_allowed(options: Options, desired: Desired, state: State, runs: Runs) -> None:
    """Raises UsageError for a word that is given twice, and for one that names nothing.

    What an earlier run was about is something: a word stays in a script for longer than its change is to come.
    """
    words = [read_allowed(text) for text in options.allow_stranded]
    for pattern, count in Counter(word.pattern for word in words).items():
        if count > 1:
            given = " and ".join(f"={word.count}" for word in words if word.pattern == pattern)
            raise UsageError(f"--allow-stranded {pattern} is given {count} times, with {given}: give it once")
    known = {*desired.resources, *desired.removed, *state.records}
    for word in words:
        if not _names(word, known, desired.accounts) and not _names(word, {*_earlier(runs)}, ()):
            near = get_close_matches(word.pattern, map(str, known), n=1)
            hint = f"did you mean {near[0]}={word.count}?" if near else "correct it, or leave it out"
            raise UsageError(
                f"--allow-stranded {word.pattern}={word.count} names nothing in the manifests, the state or the runs "
                f"that are kept: {hint}"
            )


def _names(word: Allowed, known: Collection[Address], scopes: Collection[str]) -> bool:
    """Whether a word is about something that is known: itself, or, of a relation, all that it joins."""
    if any(address.matches(word.pattern) for address in known):
        return True
    try:
        address = read_address(word.pattern)
    except ValueError:
        return any(_every(word.pattern, scope) for scope in scopes)
    joined = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
    members = [Address(address.account, kind, (key,)) for kind, key in joined]
    return bool(members) and all(each in known for each in members)


def _every(pattern: str, scope: str) -> bool:
    """Whether a glob is about everything of a kind in an account, of which there may be nothing left."""
    lead = f"{scope}/" if scope else ""
    return any(fnmatchcase(f"{lead}{kind}/*", pattern) for kind in BY_NAME)


def _earlier(runs: Runs) -> Iterator[Address]:
    """What the runs were about that are kept; one that cannot be read says nothing."""
    for number in runs.numbers():
        try:
            yield from (step.address for step in runs.read(number).steps)
        except StateError:
            continue
