"""What the command line says about one plan: what it is narrowed to, and how far it may go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from provisioner.errors import UsageError
from provisioner.kinds import BY_NAME, Address, read_address
from provisioner.kinds.base import specs
from provisioner.kinds.desired import Desired
from provisioner.manifest import PolicySettings
from provisioner.plan.guard import Policy
from provisioner.state.model import State


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about one plan."""

    endpoint: str | None = None
    var: Mapping[str, str] = field(default_factory=dict)
    var_files: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    rotate: tuple[str, ...] = ()
    allow_destroy: int | None = None
    allow_update: int | None = None
    not_renamed: tuple[str, ...] = ()
    allow_stranded: tuple[str, ...] = ()
    notify: bool = False
    destroy: bool = False
    fields: tuple[str, ...] = ()
    """Fields that are looked at although no manifest gives them."""
    as_of: date | None = None
    """The day that is looked at, where it is not today."""
    undo: str | None = None
    """The run to take back."""
    overwrite: tuple[str, ...] = ()
    """Of whom fields go back although somebody changed them since."""

    def notes(self) -> list[str]:
        """What is to be said beside any plan."""
        return [f"as of {self.as_of}: an apply looks at the day on which it runs"] if self.as_of else []


def selection(options: Options, desired: Desired) -> Callable[[Address], bool]:
    """Which addresses are planned: the targets, with everything they refer to; of what goes, all that refers to it."""
    if not options.targets:
        return lambda _: True
    if options.destroy:
        return lambda a: _goes(a, options.targets)
    declared = {*desired.resources}
    chosen = {a for a in declared if any(a.matches(glob) for glob in options.targets)}
    needed = set(chosen)
    for address in chosen:
        parts = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
        needed |= {Address(address.account, kind, (key,)) for kind, key in parts}
        if address.account:
            needed.add(Address("", "account", (address.account,)))
    needed |= {Address("", "account", (a.account,)) for a in needed if a.account}
    return lambda a: a in needed or (a not in declared and _goes(a, options.targets))


def _goes(address: Address, targets: Sequence[str]) -> bool:
    """Whether a target names this address, or an object that it is a relation of."""
    parts = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
    members = (Address(address.account, kind, (key,)) for kind, key in parts)
    return any(each.matches(glob) for each in (address, *members) for glob in targets)


def wish(manifests: Desired, options: Options, state: State) -> tuple[Desired, Callable[[Address], bool]]:
    """What is wanted, and of whom: nothing at all, or what the manifests say. Raises UsageError."""
    check_targets(options, manifests, state)
    desired = replace(manifests, resources={}, whole={}, removed={}) if options.destroy else manifests
    return desired, selection(options, manifests)


def policy_of(given: PolicySettings, options: Options, state: State) -> Policy:
    """How far a plan may go; what a run made goes when it is destroyed or undone, whatever is pruned by itself. Raises
    UsageError.
    """
    prune = "owned" if options.destroy or options.undo else given.prune
    allowed = options.allow_destroy, options.allow_update
    return Policy(prune, given.max_destroy, given.max_update, *allowed, _not_renamed(options, state))


def check_targets(options: Options, desired: Desired, state: State) -> None:
    """Raises UsageError for a target that names nothing."""
    for glob in options.targets:
        if not any(a.matches(glob) for a in (*desired.resources, *state.records)):
            near = get_close_matches(glob, map(str, {**desired.resources, **state.records}), n=1)
            hint = f": did you mean {near[0]}?" if near else "; quote it if it is a glob"
            raise UsageError(f"--target {glob} names nothing in the manifests or the state{hint}")
    for address in addresses(options.rotate):
        if address not in desired.resources:
            raise UsageError(f"--rotate {address} names nothing in the manifests: its secrets have to stand there")
        known = specs(type(desired.resources[address].resource))
        if not any(known[n].sensitive or known[n].from_file for n in desired.resources[address].resource.wanted()):
            raise UsageError(f"--rotate {address}: it has no secret and no picture in the manifests")


def _not_renamed(options: Options, state: State) -> frozenset[Address]:
    """What a person says that really goes; `id:812` is how the plan calls what no state has."""
    found = addresses(options.not_renamed)
    for address in found:
        if address not in state.records and not address.key[0].startswith("id:"):
            raise UsageError(f"--not-renamed {address} names nothing in the state: give the address that goes")
    return found


def addresses(texts: Sequence[str]) -> frozenset[Address]:
    try:
        return frozenset(read_address(text) for text in texts)
    except ValueError as error:
        raise UsageError(str(error)) from None
