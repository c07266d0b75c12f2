"""What a new sub-account brings along and nobody claims (seed: Create a Sub-Account)."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.kinds.account import Account
from provisioner.kinds.base import Resource
from provisioner.kinds.desired import Declared
from provisioner.kinds.location import Location
from provisioner.kinds.service import Service
from provisioner.lint.rule import Found, Rule, Severity
from provisioner.lint.subject import Subject


def _unclaimed_service(subject: Subject) -> Iterator[Found]:
    reason = "it comes with a default service, made for testing, and no service claims it: it stays beside yours"
    yield from _unclaimed(subject, Service, "default", reason)


def _unclaimed_location(subject: Subject) -> Iterator[Found]:
    reason = "it comes with a main location, and no location claims it: it stays beside yours"
    yield from _unclaimed(subject, Location, "main", reason)


def _unclaimed(subject: Subject, kind: type[Resource], role: str, reason: str) -> Iterator[Found]:
    claimed = {d.address.account for d, resource in subject.of(kind) if role in resource.claims()}
    # A pinned object was there before, and may well be the one with the role: that cannot be seen from here.
    claimed |= {d.address.account for d, _ in subject.of(kind) if d.lifecycle.id}
    for declared, account in subject.of(Account):
        if _is_new(declared, account) and declared.address.key[0] not in claimed:
            remedy = f"write `{role}: true` at one of its {kind.section}"
            yield Found(declared.address, declared.place, reason, remedy)


def _is_new(declared: Declared, account: Account) -> bool:
    """Whether the manifests can make the account; one that they cannot make exists already, and is adopted."""
    wanted = account.wanted()
    makeable = all(wanted.get(name) is not None for name in account.to_create)
    return makeable and not account.claims() and not declared.lifecycle.id


UNCLAIMED_SERVICE = Rule("unclaimed-default-service", Severity.WARNING, _unclaimed_service)
UNCLAIMED_LOCATION = Rule("unclaimed-main-location", Severity.WARNING, _unclaimed_location)
