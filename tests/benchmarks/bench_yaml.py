"""Documents per second of our composer, beside the floor (libyaml's events alone) and the loaders others use.

    python tests/benchmarks/bench_yaml.py [documents] [rounds]

The rounds are interleaved, the medians printed: look at the ratios, not at the absolute figures.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from typing import TYPE_CHECKING

import ruamel.yaml
import yaml

from provisioner.manifest.yaml import compose, documents

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATE = """\
---
account: acme-{n:05d}
company_name: Acme Store Number {n}
nick_name: acme{n}
email: owner-{n}@acme-west.example
phone: +1555{n:07d}
timezone: America/Los_Angeles
locations:
  downtown: {{name: "Acme Downtown {n}", main: true, street1: {n} Beverly Boulevard, city: Los Angeles, zip: 90210}}
services:
  haircut: {{name: Haircut, duration: 45 min, price: 30}}
employees:
  ana: {{email: ana-{n}@acme-west.example, first_name: Ana, last_name: Diaz, at: [downtown, uptown]}}
description: "A quiet salon with long opening hours and friendly people in every season, number {n}"
"""


def floor(text: str) -> int:
    return sum(isinstance(event, yaml.DocumentStartEvent) for event in iter(yaml.CBaseLoader(text).get_event, None))


def eager(text: str) -> int:
    found, problems = compose(text)
    assert not problems
    return len(found)


def lazy(text: str) -> int:
    return sum(1 for _ in documents(text))


def pyyaml_c(text: str) -> int:
    return sum(1 for _ in yaml.load_all(text, Loader=yaml.CSafeLoader))


def ruamel_safe(text: str) -> int:
    return sum(1 for _ in ruamel.yaml.YAML(typ="safe").load_all(text))


def seconds(read: Callable[[str], int], text: str, count: int) -> float:
    """Time one reading with the garbage collector off, as the loader has it."""
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    assert read(text) == count
    taken = time.perf_counter() - start
    gc.enable()
    return taken


def main(count: int = 10_000, rounds: int = 5) -> None:
    text = "".join(TEMPLATE.format(n=n) for n in range(count))
    kind = "C" if ruamel.yaml.__with_libyaml__ else "pure Python, a tenth of the documents"
    slow = count if ruamel.yaml.__with_libyaml__ else max(count // 10, 1)
    readers: dict[str, tuple[Callable[[str], int], int]] = {
        "libyaml events alone (the floor)": (floor, count),
        "compose, all documents kept": (eager, count),
        "documents, one at a time": (lazy, count),
        "PyYAML CSafeLoader": (pyyaml_c, count),
        f"ruamel safe ({kind})": (ruamel_safe, slow),
    }
    texts = {count: text, slow: "".join(TEMPLATE.format(n=n) for n in range(slow))}
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, (read, size) in readers.items():
            taken[name].append(seconds(read, texts[size], size))
    rates = {name: readers[name][1] / statistics.median(times) for name, times in taken.items()}
    ours = rates["compose, all documents kept"]
    print(f"{count:,} documents, {len(text) / 1e6:.1f} MB, medians of {rounds}")
    for name, rate in rates.items():
        print(f"{name:60} {rate:9,.0f} documents/s   compose is {ours / rate:5.2f} times as fast")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
