"""What may exist once in an account: a natural key, and the holder of a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from provisioner.kinds.natural import natural_keys
from provisioner.manifest.scope import listed

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from provisioner.kinds import Address
    from provisioner.kinds.desired import Declared, Place
    from provisioner.manifest.problems import Problems


def check_unique(resources: Iterable[Declared], problems: Problems) -> None:
    """Report two resources of one account that would be the same live object, once for all accounts with the two."""
    found: dict[Hashable, Declared] = {}
    known: dict[int, _Claims] = {}
    clashes: dict[_Clash, list[str]] = {}
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
                clashes.setdefault(_claimed_twice(role, first, declared), []).append(address.account)
        for names, key in claims.keys if not declared.lifecycle.id else ():
            first = found.setdefault((address.account, address.kind, names, key), declared)
            if first is not declared:
                clashes.setdefault(_named_twice(names, first, declared), []).append(address.account)
    for clash, accounts in clashes.items():
        where = f" in {listed(accounts)}" if any(accounts) else ""
        problems.add(clash.place, f"{clash.what}{where}: {clash.remedy}")


def check_former_keys(resources: Mapping[Address, Declared], problems: Problems) -> None:
    """Report a former key that is still declared: that one is another object."""
    for address, declared in resources.items():
        for key in declared.lifecycle.was:
            other = resources.get(address._replace(key=(key,)))
            if other is not None:
                problems.add(
                    declared.fields.get("lifecycle.was", declared.place),
                    f"{address.local} was {other.address.local}, which is still declared ({other.place}): remove one",
                )


def check_everywhere(resources: Iterable[Declared], problems: Problems) -> None:
    """Report a value that may exist once at the vendor and is given twice, in whatever accounts."""
    found: dict[Hashable, Declared] = {}
    for declared in resources:
        resource = declared.resource
        for name in resource.everywhere:
            value = resource.wanted().get(name)
            if value is None or "owner" in resource.claims():  # the owner's e-mail is the account's own
                continue
            first = found.setdefault((name, str(value).casefold()), declared)
            if first is not declared and not _told_already(name, first, declared):
                problems.add(
                    declared.fields.get(name, declared.place),
                    f"{declared.address} has the {name} of {first.address} ({first.fields.get(name, first.place)}), "
                    "and it may exist only once at the vendor, in all accounts together: change one",
                )


def _told_already(name: str, first: Declared, second: Declared) -> bool:
    """Whether the two are in one account and the field is their natural key, which is checked by itself."""
    one, other = first.address, second.address
    return (one.kind, one.account) == (other.kind, other.account) and any(name in k for k in first.resource.natural)


class _Claims(NamedTuple):
    roles: tuple[str, ...]
    keys: tuple[tuple[tuple[str, ...], Hashable], ...]


class _Clash(NamedTuple):
    place: Place
    what: str
    remedy: str


def _named_twice(names: tuple[str, ...], first: Declared, second: Declared) -> _Clash:
    where = first.fields.get(names[0], first.place)
    return _Clash(
        second.fields.get(names[0], second.place),
        f"{second.address.local} has the {' and '.join(names)} of {first.address.local} ({where})",
        "change one, or say which live object one is with `lifecycle: {id: ...}`",
    )


def _claimed_twice(role: str, first: Declared, second: Declared) -> _Clash:
    what = f"{second.address.local} and {first.address.local} ({first.place}) both claim the role {role}"
    return _Clash(second.fields.get(role, second.place), what, f"remove `{role}` from one of them")
