"""What others rewrite all the time: an edit of the manifests is sent, what moved outside is shown and left."""

from __future__ import annotations

from typing import NamedTuple

from provisioner.kinds.base import Resource
from provisioner.plan.change import FieldChange
from provisioner.state.model import Record


class Parted(NamedTuple):
    """The fields that differ: those to send, and those to leave."""

    sent: tuple[FieldChange, ...]
    left: tuple[FieldChange, ...] = ()


def parted(
    resource: Resource, record: Record | None, fields: tuple[FieldChange, ...], *, leaves: bool = False
) -> Parted:
    """What is to be sent of a resource's differences; `leaves` is whether all that moved outside stays, of any kind.

    Of a kind that drifts that is what the manifests moved since the last apply, and what an interrupted apply may not
    have finished. Of one that was found live nothing was ever applied, so nobody knows which side moved: all is left.
    """
    if leaves:
        return Parted(tuple(f for f in fields if not f.outside), tuple(f for f in fields if f.outside))
    if not resource.drifts or (record is not None and not record.confirmed):
        return Parted(fields)
    left = tuple(f for f in fields if record is None or (f.outside and not f.both))
    return Parted(tuple(f for f in fields if f not in left), left)
