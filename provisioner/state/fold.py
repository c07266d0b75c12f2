"""A state and what happened since become the next state: the same at the end of a run and after a crash. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter

from provisioner.kinds import BY_NAME, Address
from provisioner.state.entries import Begin, Entry, Intent, Outcome, Place
from provisioner.state.model import Pending, Record, State


def fold(state: State, entries: Iterable[Entry]) -> State:
    """The state after these entries. What was about to be sent and has no outcome is in doubt."""
    folding = _Folding(dict(state.records), dict(state.pending))
    for entry in entries:
        folding.take(entry)
    folding.end()
    return replace(state, records=folding.records, pending=folding.pending)


@dataclass(slots=True)
class _Folding:
    records: dict[Address, Record]
    pending: dict[Address, Pending]
    known: Mapping[Place, frozenset[str]] = field(default_factory=dict)
    open: dict[str, Intent] = field(default_factory=dict)
    """What was about to be sent, call by call, and has no outcome yet."""

    def take(self, entry: Entry) -> None:
        """One more thing that happened."""
        match entry:
            case Begin():
                self.end()
                self.known = entry.known
            case Intent():
                self.open[entry.call] = entry
            case Outcome():
                self._outcome(entry)

    def end(self) -> None:
        """The run is over: what is still open is in doubt since it was sent."""
        intents = [intent for _, intent in sorted(self.open.items(), key=itemgetter(0))]
        for intent in intents:
            self._touch(intent)
        for intent in intents:
            for address, making in intent.making.items():
                self._doubt(address, making, intent.at)
        self.open.clear()

    def _outcome(self, outcome: Outcome) -> None:
        intent = self.open.pop(outcome.call, None)
        making = intent.making if intent else {}
        for address, id_ in outcome.ids.items():
            if address in making:
                self._remember(address, replace(making[address].record, id=id_, applied={}, confirmed=False))
        if intent and not outcome.unknown.isdisjoint(intent.touching):
            self._touch(intent)
        for address in sorted(outcome.unknown & making.keys()):
            self._doubt(address, making[address], outcome.at)
        for address, record in outcome.records.items():
            self._remember(address, record)

    def _touch(self, intent: Intent) -> None:
        """Nothing more is heard of it: what it changes is as far as it may have come."""
        for address, record in intent.touching.items():
            self._remember(address, record)

    def _remember(self, address: Address, record: Record | None) -> None:
        self.pending.pop(address, None)
        if record is None:
            self.records.pop(address, None)
        else:
            self.records[address] = record

    def _doubt(self, address: Address, making: Pending, since: float) -> None:
        """An object is looked for by its natural key; a relation is where its objects are, or it is not."""
        if making.record.id or BY_NAME[address.kind].key_kinds:
            self.records[address] = replace(self.records.get(address, making.record), confirmed=False)
            return
        known = making.known | self.known.get((address.account, address.kind), frozenset())
        self.pending[address] = replace(making, known=known, since=since)
