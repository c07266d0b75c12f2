"""What the state remembers of what was taken back: it is as wanted, as the next apply would find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from provisioner.pull.take import SERVICES, Take, members
from provisioner.state.model import Record, State


def recorded(state: State, taken: Iterable[Take]) -> State:
    """The state after a pull. What was never applied stays unknown to it."""
    records = dict(state.records)
    for take in taken:
        record = records.get(take.address)
        if take.gone:
            own = [a for a in records if a == take.address or take.address in members(a)]
            for address in own:
                del records[address]
        elif take.field == SERVICES:
            size = len(take.address.key)
            pair = [a for a in records if a.account == take.address.account and a.kind == take.address.kind]
            known = {a.key[-1]: a for a in pair if a.key[:size] == take.address.key}
            for key in known.keys() - set(take.live):
                del records[known[key]]
            for key in set(take.live) - known.keys():
                records[take.address._replace(key=(*take.address.key, key))] = Record("")
        elif record is not None:
            records[take.address] = replace(record, applied={**record.applied, take.field: take.dumped})
    return state if records == state.records else replace(state, records=records)
