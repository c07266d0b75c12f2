"""A notice that is longer than the horizon: whoever asks is too late for near days and too early for far ones."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.kinds.account import Account
from provisioner.kinds.base import Resource
from provisioner.kinds.desired import Declared
from provisioner.kinds.service import Service
from provisioner.kinds.values import Duration
from provisioner.lint.rule import Found, Rule, Severity
from provisioner.lint.subject import Subject


def _beyond(subject: Subject) -> Iterator[Found]:
    for declared, service in subject.of(Service):
        if service.active is not False and not service.addon and service.active_rules is not False:
            yield from _of(declared, service, "")
    for declared, account in subject.of(Account):
        yield from _of(declared, account, "options.")


def _of(declared: Declared, resource: Resource, prefix: str) -> Iterator[Found]:
    values = resource.wanted()
    prior, after = (values.get(f"{prefix}{name}") for name in ("prior_notice", "after_notice"))
    # Of what the manifests do not name, nobody knows from here what it is.
    if isinstance(prior, Duration) and isinstance(after, Duration) and 0 < after <= prior:
        place = declared.fields.get(f"{prefix}prior_notice", declared.place)
        reason = f"it has to be booked {prior} ahead, and can be booked only {after} ahead: so never"
        yield Found(
            declared.address, place, reason, "make prior_notice shorter, or after_notice longer (`0 d` is no bound)"
        )


NOTICE = Rule("notice-beyond-horizon", Severity.ERROR, _beyond)
