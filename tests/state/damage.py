"""An interrupted run on disk, every way to damage it, and what a load makes of each.

`python -m tests.state.damage` counts all of them, every other value of every byte included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from provisioner.errors import StateError
from provisioner.kinds import Address, read_address
from provisioner.state.entries import Begin, Entry, Intent, Outcome
from provisioner.state.file import StateFile
from provisioner.state.fold import fold
from provisioner.state.model import Key, Pending, Record, State, Tenant
from tests.state.disks import Held

OWNER = Tenant("sandbox", "2345")
DETECTED, REPAIRED, NO_EFFECT, DIFFERENT = "detected", "repaired", "without effect", "silently different"
REMEDIES = (
    "provisioner state push --force",
    "provisioner state restore",
    "put it back",
    "put the right one there",
    "Put it back",
    "update this one",
)
Files = Mapping[Path, bytes]


def at(text: str) -> Address:
    """An address from its text."""
    return read_address(text)


def made(name: str) -> Pending:
    """What a create of something by this name is remembered by."""
    record = Record("", owned=True, applied={"name": name}, secrets={"password": "5e"} if name == "Ana" else {})
    return Pending(record, (Key(("name",), (name.casefold(),)),), "2345")


BEFORE = {
    at("location/dock"): Record("11", owned=True, applied={"name": "Dock", "lat": "1.5"}),
    at("service/cut"): Record("12", applied={"name": "Cüt", "price": "3.00"}),
    at("hours/bob/dock"): Record("", owned=True, applied={"hours": [{"mon": "09:00-17:00"}]}),
}
RUN: tuple[Entry, ...] = (
    Begin("4f", {("", "location"): frozenset({"11"}), ("", "service"): frozenset({"12", "13"})}),
    Outcome("", 5.0, records={at("location/dock"): replace(BEFORE[at("location/dock")], protect=True)}),
    Intent("c1", 6.0, {at("location/hill"): made("Hill"), at("service/dye"): made("Dye")}),
    Outcome("c1", 7.0, ids={at("location/hill"): "21"}, unknown=frozenset({at("service/dye")})),
    Intent("c2", 7.5, {at("employee/ana"): made("Ana")}),
    Intent("u1", 7.75),
    Outcome("u1", 8.0, records={at("service/cut"): Record("12", applied={"name": "Cüt", "price": "4.00"})}),
    Outcome("c2", 8.25, {at("employee/ana"): "22"}, {at("employee/ana"): replace(made("Ana").record, id="22")}),
    Intent("d1", 8.5),
    Outcome("d1", 9.0, records={at("hours/bob/dock"): None}),
    Intent("c3", 9.5, {at("link/ana/dock/cut"): Pending(Record("", owned=True))}),
    Intent("c4", 9.75, {at("location/cape"): made("Cape")}),
)
"""Creates, an update, a delete; one create refused to say, two still in flight."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What a run left that died in the middle."""

    file: StateFile
    files: Files
    """Every file's bytes."""
    had: tuple[State, ...]
    """What was remembered after each line of the journal."""

    @property
    def state(self) -> State:
        """What is remembered."""
        return self.had[-1]

    def verdict(self, files: Files, *, torn: bool = False) -> str:
        """What a load makes of these files; `torn` says that a journal may have lost its end."""
        try:
            found = replace(self.file, disk=Held(files)).load().state
        except StateError as error:
            assert_says(str(error), self.file)
            return DETECTED
        if found == self.state:
            return NO_EFFECT
        return REPAIRED if torn and found in self.had else DIFFERENT

    def damaged(self, path: Path, contents: Iterable[bytes], *, torn: bool = False) -> Counter[str]:
        """The verdicts on one file with each of these contents."""
        return Counter(self.verdict({**self.files, path: each}, torn=torn) for each in contents)


def assert_says(text: str, file: StateFile) -> None:
    """One line, with the file that is wrong and what to do."""
    assert "\n" not in text
    assert str(file.path.parent) in text
    assert any(remedy in text for remedy in REMEDIES), text


def interrupted(folder: Path, lineage: str = "cafe", tenant: Tenant = OWNER) -> Interrupted:
    """Two snapshots, and a journal of a run that died."""
    file = StateFile(folder / "state.json", tenant)
    first = file.save(State(tenant, lineage, 0, {a: BEFORE[a] for a in list(BEFORE)[:1]}))
    saved = file.save(first.with_records(BEFORE))
    journal = file.begin(saved)
    for entry in RUN:
        journal.append(entry)
    journal.close()
    had = tuple(fold(saved, RUN[:count]) for count in range(len(RUN) + 1))
    return Interrupted(file, contents(folder), had)


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file in a folder."""
    return {path: path.read_bytes() for path in folder.iterdir()}


# -- damage


def flips(data: bytes, *, every: bool = False) -> Iterator[bytes]:
    """The same bytes with one bit changed, or one byte replaced by one that JSON reads otherwise, or by any."""
    for place, byte in enumerate(data):
        bits = {byte ^ (1 << bit) for bit in range(8)}
        for other in (set(range(256)) if every else bits | {*b' 09"}e\n'}) - {byte}:
            yield data[:place] + bytes([other]) + data[place + 1 :]


def truncations(data: bytes) -> Iterator[bytes]:
    """Everything that is shorter at its end."""
    return (data[:length] for length in range(len(data)))


def shifts(data: bytes) -> Iterator[bytes]:
    """One byte too few, or too many."""
    for place in range(len(data)):
        yield data[:place] + data[place + 1 :]
        for more in (b" ", b"0", b"\n", b"\x00", data[place : place + 1]):
            yield data[:place] + more + data[place:]


def tails(data: bytes) -> Iterator[bytes]:
    """Something behind the end."""
    return (data + more for more in (b"}", b" ", b"\n", b"\n\n", b"\x00", b"{}", b'{"n":', data))


def lines(data: bytes) -> Iterator[bytes]:
    """Lines doubled, swapped with any other, and removed, the last one aside."""
    whole = data.splitlines(keepends=True)
    for one in range(len(whole)):
        yield b"".join([*whole[: one + 1], *whole[one:]])
        if one < len(whole) - 1:
            yield b"".join([*whole[:one], *whole[one + 1 :]])
        for other in range(one):
            swapped = [*whole]
            swapped[one], swapped[other] = whole[other], whole[one]
            yield b"".join(swapped)


def survey(case: Interrupted, *, every: bool) -> Mapping[str, Counter[str]]:
    """The verdicts by file and sort of damage; not every one is a part of those to single bytes, at every byte."""
    counted = {}
    some = None if every else 5
    for path in (case.file.path, case.file.journal):
        data, end = case.files[path], path == case.file.journal
        counted[f"{path.name}: byte flipped"] = case.damaged(path, islice(flips(data, every=every), 0, None, some))
        counted[f"{path.name}: truncated"] = case.damaged(path, truncations(data), torn=end)
        counted[f"{path.name}: byte lost or added"] = case.damaged(path, islice(shifts(data), 0, None, some))
        counted[f"{path.name}: something behind the end"] = case.damaged(path, tails(data))
        counted[f"{path.name}: lines doubled, swapped, removed"] = case.damaged(path, lines(data))
    return counted


def table(counted: Mapping[str, Counter[str]]) -> str:
    """The figures, to be quoted."""
    heads = (DETECTED, REPAIRED, NO_EFFECT, DIFFERENT)
    total = sum(counted.values(), Counter[str]())
    rows = [f"{'':<48}" + "".join(f"{head:>20}" for head in heads)]
    rows += [
        f"{name:<48}" + "".join(f"{c[head]:>20,}" for head in heads) for name, c in [*counted.items(), ("all", total)]
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        print(table(survey(interrupted(Path(folder)), every=True)))
