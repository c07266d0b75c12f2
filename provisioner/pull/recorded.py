"""What the state remembers of what was taken back: it is as wanted, as the next apply would find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from provisioner.kinds import BY_NAME, Address
from provisioner.pull.take import SERVICES, Take, members
from provisioner.state.model import Record, State


def recorded(state: State, taken: Iterable[Take]) -> State:
    """The state after a pull. What was never applied stays unknown to it."""
    records = dict(state.records)
    pairs: dict[Address, dict[str, Address]] = {}
    for address in records:
        if whole := BY_NAME[address.kind].whole:
            pairs.setdefault(address._replace(key=address.key[:whole]), {})[address.key[-1]] = address
    for take in taken:
        record = records.get(take.address)
        if take.gone:
            own = [a for a in records if a == take.address or take.address in members(a)]
            for address in own:
                del records[address]
        elif take.field == SERVICES:
            known = pairs.get(take.address, {})
            for key in known.keys() - set(take.live):
                records.pop(known[key], None)
            for key in set(take.live) - known.keys():
                records[take.address._replace(key=(*take.address.key, key))] = Record("")
        elif record is not None:
            records[take.address] = replace(record, applied={**record.applied, take.field: take.dumped})
    return state if records == state.records else replace(state, records=records)
