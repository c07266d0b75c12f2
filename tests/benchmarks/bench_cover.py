"""How many writes changed links cost, and how long choosing them takes. Run by hand.

"bound" is proven: the optimum, or what no solution undercuts as far as could be shown within the solver's time limit.
"side" is the best of all employees, all locations and all services; "side ms" is the time that alone takes.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable

import highspy

from provisioner.providers.setster.cover import KINDS, Node, Triple, carriers

NOTHING: frozenset[Node] = frozenset()
SOLVER_SECONDS = 20.0
REPEATS = 5


def scattered(employees: int, locations: int, services: int, count: int, name: str = "") -> set[Triple]:
    rng = random.Random(f"{employees} {locations} {services} {count} {name}")
    sizes = (("e", employees), ("l", locations), ("s", services))
    picks = ([f"{name}{letter}{rng.randrange(size)}" for letter, size in sizes] for _ in range(count))
    return {(employee, location, service) for employee, location, service in picks}


def separate(parts: Iterable[set[Triple]]) -> set[Triple]:
    return set().union(*parts)


CASES = {
    "tiny": scattered(8, 8, 8, 20),
    "small, sparse": scattered(50, 50, 50, 60),
    "small, middling": scattered(50, 50, 50, 150),
    "small, dense": scattered(20, 20, 20, 300),
    "few employees": scattered(5, 40, 40, 120),
    "medium, sparse": scattered(200, 200, 200, 300),
    "medium, middling": scattered(300, 300, 300, 750),
    "large, 50 a side": scattered(50, 50, 50, 10_500),
    "large, 300 a side": scattered(300, 300, 300, 10_000),
    "large, 1,000 a side": scattered(1000, 1000, 1000, 10_000),
    "large, 3,000 a side": scattered(3000, 3000, 3000, 10_000),
    "large, 6,000 a side": scattered(6000, 6000, 6000, 10_000),
    "large, 12,000 a side": scattered(12_000, 12_000, 12_000, 10_000),
    "large, few employees": scattered(5, 500, 500, 10_000),
    "large, 50 companies": separate(scattered(10, 10, 10, 220, f"c{i}") for i in range(50)),
    "large, 400 sparse parts": separate(scattered(12, 12, 12, 25, f"c{i}") for i in range(400)),
}


def chosen(changed: set[Triple]) -> int:
    return len(set(carriers(changed, new=NOTHING, written=NOTHING, deleted=NOTHING).values()))


def best_side(changed: set[Triple]) -> int:
    return min(len({triple[side] for triple in changed}) for side in range(3))


def proven_bound(changed: set[Triple]) -> float:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("time_limit", SOLVER_SECONDS)
    number: dict[Node, int] = {}
    rows = [[number.setdefault(n, len(number)) for n in zip(KINDS, t, strict=True)] for t in sorted(changed)]
    for _ in number:
        solver.addBinary(obj=1)
    for row in rows:
        solver.addRow(1, highspy.kHighsInf, 3, row, [1.0] * 3)
    solver.run()
    return max(float(solver.getInfo().mip_dual_bound), disjoint(rows))


def disjoint(rows: list[list[int]]) -> int:
    """As many triples as are quickly found without a common member: a bound where the solver has none in time."""
    degree = Counter(node for row in rows for node in row)
    used: set[int] = set()
    for row in sorted(rows, key=lambda row: sum(degree[node] for node in row)):
        if used.isdisjoint(row):
            used.update(row)
    return len(used) // 3


def timed(count: Callable[[set[Triple]], int], changed: set[Triple]) -> tuple[int, float]:
    """The result and the shortest of some times, in milliseconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = count(changed)
        times.append(1000 * (time.perf_counter() - start))
    return result, min(times)


def main() -> None:
    print(f"{'case':26}{'triples':>8}{'ours':>7}{'bound':>9}{'ratio':>7}{'side':>7}{'ratio':>7}{'ms':>8}{'side ms':>9}")
    for name, changed in CASES.items():
        ours, ms = timed(chosen, changed)
        side, side_ms = timed(best_side, changed)
        bound = proven_bound(changed)
        print(
            f"{name:26}{len(changed):8}{ours:7}{bound:9.1f}{ours / bound:7.3f}"
            f"{side:7}{ours / side:7.3f}{ms:8.1f}{side_ms:9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
