"""How much reading a proof takes, and that what is in the way stops nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from provisioner.kinds.base import specs
from provisioner.kinds.desired import Desired
from provisioner.kinds.service import Service
from provisioner.kinds.values import Duration
from provisioner.manifest import load_workspace
from provisioner.providers import BY_NAME
from provisioner.pull.book import Book
from provisioner.pull.proof import Proof, units
from provisioner.pull.take import Take
from provisioner.pull.ways import Ways

SETTINGS = b"version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
COUNT = 200
SHARED = "  s{0}: {{name: Service {0}, duration: &d{0} 45 min}}\n"
PLAIN = "  s{0}: {{name: Service {0}, duration: 45 min}}   # number {0}\n"
TWIN = "  t{0}: {{name: Twin {0}, duration: 45 min, description: *d{0}}}\n"
"""It repeats what another one's duration is called, so that this cannot change alone where it is written."""


@pytest.mark.parametrize(("stuck", "readings"), [((), 1), ((COUNT // 2,), 17), ((3, COUNT - 3), 33)])
def test_values_are_proven_together_and_halved_where_one_is_in_the_way(
    tmp_path: Path, stuck: tuple[int, ...], readings: int
) -> None:
    text = "services:\n" + "".join((SHARED if n in stuck else PLAIN).format(n) for n in range(COUNT))
    text += "".join(TWIN.format(n) for n in stuck)
    texts = {"provisioner.yaml": SETTINGS, "m.yaml": text.encode()}
    for name, data in texts.items():
        (tmp_path / name).write_bytes(data)
    count = [0]

    def load(written: Mapping[str, bytes]) -> Desired:
        count[0] += 1
        return load_workspace(tmp_path, BY_NAME, environ={}, instead={**texts, **written}).desired

    desired = load({})
    book = Book(tmp_path, dict(texts))
    ways, spec = Ways(book, desired), specs(Service)["duration"]
    takes = [
        Take(address, "duration", declared.fields["duration"], Duration(60), "1 h", "duration", spec)
        for address, declared in desired.resources.items()
        if address.key[0].startswith("s")
    ]
    count[0] = 0
    proof = Proof(book, desired, load)
    proof.settle(units((take, *ways.of(take)) for take in takes))
    assert count[0] <= readings
    taken = [take.address.key[0] for unit in proof.taken for take in unit.takes]
    assert len(taken) == COUNT
    after = book.written(proof.edits())["m.yaml"].decode()
    assert after.count("duration: 1 h") == COUNT
    assert all(f"duration: *d{n}" not in after and f"description: &d{n} 45 min" in after for n in stuck)
    assert not proof.refused


def test_what_a_reading_finds_wrong_is_refused_at_once(tmp_path: Path) -> None:
    """Every third live value is none that the field takes: their lines are named, and nothing is halved."""
    texts = {
        "provisioner.yaml": SETTINGS,
        "m.yaml": ("services:\n" + "".join(PLAIN.format(n) for n in range(COUNT))).encode(),
    }
    for name, data in texts.items():
        (tmp_path / name).write_bytes(data)
    count, told = [0], []

    def load(written: Mapping[str, bytes]) -> Desired:
        count[0] += 1
        return load_workspace(tmp_path, BY_NAME, environ={}, instead={**texts, **written}).desired

    desired = load({})
    book = Book(tmp_path, dict(texts))
    ways, spec = Ways(book, desired), specs(Service)["duration"]
    takes = [
        Take(address, "duration", declared.fields["duration"], Duration(60), text, "duration", spec)
        for number, (address, declared) in enumerate(desired.resources.items())
        for text in ("50 min" if number % 3 == 0 else "1 h",)
    ]
    count[0] = 0
    proof = Proof(book, desired, load, lambda done, of: told.append((done, of)))
    proof.settle(units((take, *ways.of(take)) for take in takes))
    wrong = len(range(0, COUNT, 3))
    assert count[0] <= 3
    assert (len(proof.taken), len(proof.refused)) == (COUNT - wrong, wrong)
    assert all("50 min is not a multiple of 15 min" in each.reason for each in proof.refused)
    assert told[-1] == (COUNT, COUNT)
