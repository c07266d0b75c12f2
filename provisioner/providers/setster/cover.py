"""Which objects' bodies carry a set of changed links, in as few additional writes as can be found quickly.

A link names an employee, a location and a service, and any one of the three can say it. So the fewest writes are a
minimum vertex cover of a hypergraph whose edges are the links. That is NP-hard; what follows is a greedy cover, compared
with each single side and improved by a local search whose work is counted, not timed: the same links always give the
same plan, on a slow machine too.
"""

from collections.abc import Callable, Collection, Iterable, Sequence, Set
from heapq import heapify, heappop, heapreplace
from typing import TypeAlias

Node: TypeAlias = tuple[str, str]  # ("employee" | "location" | "service", key)
Triple: TypeAlias = tuple[str, str, str]  # (employee, location, service) keys

KINDS = ("employee", "location", "service")  # in order of preference, which is also their order as text
SEARCH_PER_LINK = 100  # the search may visit each link this often, which finds the optimum of most small cases ...
SEARCH_IN_ALL = 30_000  # ... but not more links than this altogether: some 30 ms
WINDOW = 50  # candidates looked at for one removal: all of a small cover, a moving part of a large one


def carriers(
    changed: Collection[Triple],
    *,
    new: Set[Node],
    written: Set[Node],
    deleted: Set[Node],
    allowed: Callable[[Node], bool] | None = None,
) -> dict[Triple, Node]:
    """Choose for each changed link the member whose body carries it.

    A link of a deleted object is left out: it goes with the object. A link of new objects rides in one of them, because
    only their writes wait for the other ids. Then come the objects written anyway, and the rest gets a small cover.
    `allowed` refuses objects that may not be written; ValueError names a link whose members it refuses all.
    """
    carrier: dict[Triple, Node] = {}
    carrying: set[Node] = set()
    rest: dict[Triple, list[Node]] = {}
    for triple, nodes in _writable(changed, deleted, allowed).items():
        ready = [n for n in nodes if n in new] or _by_use([n for n in nodes if n in written], carrying)
        if ready:
            carrier[triple] = ready[0]
            carrying.add(ready[0])
        else:
            rest[triple] = nodes
    chosen = _small_cover(list(rest.values()))
    return carrier | {triple: next(n for n in nodes if n in chosen) for triple, nodes in rest.items()}


def _writable(
    changed: Collection[Triple], deleted: Set[Node], allowed: Callable[[Node], bool] | None
) -> dict[Triple, list[Node]]:
    """The members that may carry each link, in a fixed order whatever the order of the input."""
    verdicts: dict[Node, bool] = {}
    found: dict[Triple, list[Node]] = {}
    for triple in sorted(set(changed)):
        nodes = list(zip(KINDS, triple, strict=True))
        if not deleted.isdisjoint(nodes):
            continue
        if allowed is not None:
            verdicts.update((n, allowed(n)) for n in nodes if n not in verdicts)
            nodes = [n for n in nodes if verdicts[n]]
        if not nodes:
            raise ValueError(f"no member of the link {triple} may be written")
        found[triple] = nodes
    return found


def _by_use(nodes: list[Node], carrying: Set[Node]) -> list[Node]:
    """Those that carry links already come first, so that links gather in few bodies."""
    return sorted(nodes, key=lambda n: n not in carrying)


def _small_cover(links: Sequence[Sequence[Node]]) -> set[Node]:
    nodes = sorted({node for link in links for node in link})
    number = {node: i for i, node in enumerate(nodes)}
    cover = _Cover([[number[n] for n in link] for link in links], len(nodes))
    _choose_greedily(cover)
    effort = min(SEARCH_PER_LINK, SEARCH_IN_ALL / max(1, len(links)))
    for component in _components(cover):
        _take_best_side(cover, component, nodes)
        _search(cover, component, int(effort * sum(len(cover.links_of[n]) for n in component)))
    return {node for node, inside in zip(nodes, cover.inside, strict=True) if inside}


class _Cover:
    """A choice of nodes, kept with what each node is worth to it, so that changing one costs only a look at its links.

    A node's score is the weight of the links that it alone covers (inside), or that it would newly cover (outside).
    """

    def __init__(self, links: Sequence[Sequence[int]], size: int) -> None:
        self.links = links
        self.links_of: list[list[int]] = [[] for _ in range(size)]
        for link, members in enumerate(links):
            for node in members:
                self.links_of[node].append(link)
        self.inside = [False] * size
        self.score = [len(of) for of in self.links_of]
        self.weight = [1] * len(links)
        self.chosen = [0] * len(links)  # how many members of each link are inside
        self.open = dict.fromkeys(range(len(links)))  # the links with none, those open longest first

    def flip(self, node: int) -> None:
        """Take the node in or out. Its own score stays: what it would lose is what it gained."""
        inside, score = self.inside, self.score
        leaving = inside[node]
        inside[node] = False
        for link in self.links_of[node]:
            others = self.chosen[link] - leaving
            self.chosen[link] = others + (not leaving)
            if others > 1:
                continue
            change = self.weight[link] if leaving else -self.weight[link]
            for member in self.links[link]:
                if member != node and inside[member] == bool(others):
                    score[member] += change
            if leaving and not others:
                self.open[link] = None
            elif not others:
                del self.open[link]
        inside[node] = not leaving

    def become(self, nodes: Iterable[int], choice: Set[int]) -> None:
        """Among `nodes`, have exactly `choice` inside."""
        for node in nodes:
            if self.inside[node] != (node in choice):
                self.flip(node)

    def insist(self) -> None:
        """Make every open link weigh more, which in time leads the search out of any local optimum."""
        for link in self.open:
            self.weight[link] += 1
            for member in self.links[link]:
                self.score[member] += 1


def _choose_greedily(cover: _Cover) -> None:
    """Cover everything: what is forced first, else the node of most open links; then drop what became redundant."""
    score, inside = cover.score, cover.inside
    leaves = [node for node, links in enumerate(cover.links_of) if len(links) == 1]
    queue = [(-degree, node) for node, degree in enumerate(score)]
    heapify(queue)
    while cover.open:
        node = _forced(cover, leaves)
        if node is None:
            node = _largest(cover, queue)
        cover.flip(node)
        neighbours = (n for link in cover.links_of[node] for n in cover.links[link])
        leaves.extend(n for n in neighbours if score[n] == 1 and not inside[n])
    for node in sorted((n for n, chosen in enumerate(inside) if chosen), key=lambda n: len(cover.links_of[n])):
        if score[node] == 0:
            cover.flip(node)


def _forced(cover: _Cover, leaves: list[int]) -> int | None:
    """A node that some smallest cover has: the other members of one of its links have no other open link."""
    while leaves:
        leaf = leaves.pop()
        if cover.inside[leaf] or cover.score[leaf] != 1:
            continue
        members = cover.links[next(link for link in cover.links_of[leaf] if not cover.chosen[link])]
        if sum(cover.score[n] > 1 for n in members) <= 1:
            return max(members, key=cover.score.__getitem__)
    return None


def _largest(cover: _Cover, queue: list[tuple[int, int]]) -> int:
    """The outside node of most open links; scores only fall here, so a stale entry is put back where it belongs."""
    while cover.inside[queue[0][1]] or -queue[0][0] != cover.score[queue[0][1]]:
        node = queue[0][1]
        if cover.inside[node]:
            heappop(queue)
        else:
            heapreplace(queue, (-cover.score[node], node))
    return heappop(queue)[1]


def _components(cover: _Cover) -> list[list[int]]:
    """The nodes of each connected part: parts share no link, so each is improved by itself."""
    seen = [False] * len(cover.links_of)
    parts = []
    for start in range(len(seen)):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for node in part:  # it grows meanwhile
            for link in cover.links_of[node]:
                for member in cover.links[link]:
                    if not seen[member]:
                        seen[member] = True
                        part.append(member)
        parts.append(part)
    return parts


def _take_best_side(cover: _Cover, component: Sequence[int], nodes: Sequence[Node]) -> None:
    """Take all employees, all locations or all services instead, if that covers all links with fewer nodes."""
    links = {link for node in component for link in cover.links_of[node]}
    for kind in KINDS:
        side = {n for n in component if nodes[n][0] == kind}
        fewer = len(side) < sum(cover.inside[n] for n in component)
        if fewer and sum(len(cover.links_of[n]) for n in side) == len(links):
            cover.become(component, side)


def _search(cover: _Cover, component: Sequence[int], budget: int) -> None:
    """Look for a smaller choice: take one node out and keep exchanging others until nothing is open again.

    This is the weighting local search known from set cover (RWLS, Gao et al. 2015) with a moving window for randomness.
    """
    chosen = [n for n in component if cover.inside[n]]
    best = set(chosen)
    floor = _at_least(cover, component)
    moved = dict.fromkeys(component, 0)
    start = 0
    while budget > 0 and len(best) > floor:
        start = (start + WINDOW) % len(chosen)
        window = range(len(chosen)) if len(chosen) <= WINDOW else range(start, min(start + WINDOW, len(chosen)))
        place = min(window, key=lambda p: (cover.score[chosen[p]], moved[chosen[p]]))
        left = chosen[place]
        if not cover.open:
            best = set(chosen)
            cover.flip(left)
            chosen[place] = chosen[-1]
            chosen.pop()
            continue
        cover.flip(left)
        members = cover.links[next(iter(cover.open))]
        joined = max((n for n in members if n != left), key=lambda n: (cover.score[n], -moved[n]), default=left)
        cover.flip(joined)
        chosen[place] = joined
        moved[left] = moved[joined] = -budget
        budget -= len(cover.links_of[left]) + len(cover.links_of[joined]) + len(cover.open)
        cover.insist()
    cover.become(component, best if cover.open else set(chosen))


def _at_least(cover: _Cover, component: Sequence[int]) -> int:
    """As many links as were found that share no member: no cover is smaller."""
    taken: set[int] = set()
    count = 0
    links = {link for node in component for link in cover.links_of[node]}
    for link in sorted(links, key=lambda k: (sum(len(cover.links_of[n]) for n in cover.links[k]), k)):
        if taken.isdisjoint(cover.links[link]):
            taken.update(cover.links[link])
            count += 1
    return count
