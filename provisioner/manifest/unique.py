"""What may exist once in an account: a natural key, and the holder of a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from provisioner.kinds.natural import natural_keys

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from provisioner.kinds.desired import Declared
    from provisioner.manifest.problems import Problems


def check_unique(resources: Iterable[Declared], problems: Problems) -> None:
    """Report two resources of one account that would be the same live object."""
    found: dict[Hashable, Declared] = {}
    known: dict[int, _Claims] = {}
    for declared in resources:
        address, resource = declared.address, declared.resource
        if not resource.natural:
            continue
        claims = known.get(id(resource))
        if claims is None:  # the accounts that say the same share one resource
            claims = known[id(resource)] = _Claims(tuple(resource.claims()), tuple(natural_keys(resource)))
        for role in claims.roles:
            first = found.setdefault((address.account, address.kind, role), declared)
            if first is not declared:
                _claimed_twice(role, first, declared, problems)
        for names, key in claims.keys if not declared.lifecycle.id else ():
            first = found.setdefault((address.account, address.kind, names, key), declared)
            if first is not declared:
                _named_twice(names, first, declared, problems)


class _Claims(NamedTuple):
    roles: tuple[str, ...]
    keys: tuple[tuple[tuple[str, ...], Hashable], ...]


def _named_twice(names: tuple[str, ...], first: Declared, second: Declared, problems: Problems) -> None:
    what = " and ".join(names)
    problems.add(
        second.fields.get(names[0], second.place),
        f"{second.address.local} has the {what} of {first.address.local} ({first.fields.get(names[0], first.place)}): "
        "change one, or say which live object one is with `lifecycle: {id: ...}`",
    )


def _claimed_twice(role: str, first: Declared, second: Declared, problems: Problems) -> None:
    message = f"{second.address.local} and {first.address.local} ({first.place}) both claim to be the {role} one"
    problems.add(second.fields.get(role, second.place), f"{message}: remove `{role}` from one of them")
