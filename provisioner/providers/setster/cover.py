"""Which objects' bodies carry a set of changed links, so that few objects are written for the links' sake alone.

Any of a link's employee, location and service can say it, so the fewest writes are a minimum vertex cover (NP-hard).
A greedy cover, or a whole side, is improved by a search of counted, not timed, work: same links, same plan.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from heapq import heappop, heappushpop
from itertools import compress, count, filterfalse
from typing import TypeAlias

Node: TypeAlias = tuple[str, str]  # ("employee" | "location" | "service", key)
Triple: TypeAlias = tuple[str, str, str]  # (employee, location, service) keys

KINDS = ("employee", "location", "service")  # in order of preference, which is also the order of the words
SEARCH_ALL = 40_000  # looks at a link or a node in all searches together: about 15 ms
SEARCH_LONGEST = 150  # looks per link after which a search has nearly always found the optimum
SEARCH_SHORTEST = 20  # looks per link below which a search is rarely worth its start


def carriers(
    changed: Collection[Triple],
    *,
    new: AbstractSet[Node],
    written: AbstractSet[Node],
    deleted: AbstractSet[Node],
    allowed: Callable[[Node], bool] | None = None,
) -> dict[Triple, Node]:
    """Choose for each changed link the member whose body carries it.

    A deleted object's links are left out: they go with it. A new object's link rides in a new member, whose write alone
    waits for the others' ids. Then objects written anyway carry theirs, and the rest gets a small cover. ValueError
    names a link all of whose members `allowed` refuses to have written.
    """
    may = cache(allowed) if allowed else None
    anyway = new | written
    carrier: dict[Triple, Node] = {}
    carrying: set[Node] = set()
    rest: dict[Triple, Sequence[Node]] = {}
    for triple in sorted(set(changed)):  # the order of the input must not matter
        members: Sequence[Node] = (("employee", triple[0]), ("location", triple[1]), ("service", triple[2]))
        if not deleted.isdisjoint(members):
            continue
        if may and not (members := [n for n in members if may(n)]):
            raise ValueError(f"no member of the link {triple} may be written")
        if anyway.isdisjoint(members):
            rest[triple] = members
            continue
        carrier[triple] = body = next(n for bodies in (new, carrying, written) for n in members if n in bodies)
        carrying.add(body)
    chosen = _small_cover(list(rest.values()))
    return carrier | {triple: next(filter(chosen.__contains__, members)) for triple, members in rest.items()}


def _small_cover(links: Collection[Sequence[Node]]) -> set[Node]:
    nodes = sorted({node for link in links for node in link})
    number = {node: i for i, node in enumerate(nodes)}
    cover = _Cover([tuple(map(number.__getitem__, link)) for link in links], len(nodes))
    _cover_greedily(cover)
    allowance = SEARCH_ALL
    for part in sorted(_parts(cover), key=len):  # the smallest first: they can be finished
        if sum(cover.inside[n] for n in part) > 1:
            links_of_part = {link for n in part for link in cover.links_of[n]}
            _take_best_side(cover, part, nodes, len(links_of_part))
            if allowance >= SEARCH_SHORTEST * len(links_of_part):
                allowance -= _search(cover, part, links_of_part, allowance)
    return {node for node, inside in zip(nodes, cover.inside, strict=True) if inside}


class _Cover:
    """A choice of nodes. A score is the weight of the links a node alone covers, or if outside would newly cover."""

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
        self.open = dict.fromkeys(range(len(links)))  # the links with none; a dict, because a set has no fixed order

    def flip(self, node: int) -> None:
        """Take the node in or out. Its own score stays: what it would lose is what it gained."""
        inside, chosen, score, leaving = self.inside, self.chosen, self.score, self.inside[node]
        inside[node] = False
        for link in self.links_of[node]:
            others = chosen[link] - leaving
            chosen[link] = others + (not leaving)
            if others < 2:
                change = self.weight[link] if leaving else -self.weight[link]
                for member in self.links[link]:
                    if inside[member] == others and member != node:  # the only other inside, or all others if none is
                        score[member] += change
            if not others and leaving:
                self.open[link] = None
            elif not others:
                del self.open[link]
        inside[node] = not leaving

    def become(self, part: Iterable[int], choice: AbstractSet[int]) -> None:
        for node in part:
            if self.inside[node] != (node in choice):
                self.flip(node)


def _cover_greedily(cover: _Cover) -> None:
    """Take what is forced, else the node of most open links; at last drop what has become redundant."""
    score, inside = cover.score, cover.inside
    leaves = [node for node, degree in enumerate(score) if degree == 1]
    queue = sorted((-degree, node) for node, degree in enumerate(score))
    while cover.open:
        cover.flip(node := _next_pick(cover, leaves, queue))
        leaves += [n for link in cover.links_of[node] for n in cover.links[link] if score[n] == 1 and not inside[n]]
    for node in sorted(compress(count(), inside), key=lambda n: len(cover.links_of[n])):
        if score[node] == 0:
            cover.flip(node)


def _next_pick(cover: _Cover, leaves: list[int], queue: list[tuple[int, int]]) -> int:
    """A node with a link whose other members have no other open link (some smallest cover has it), or the fullest."""
    while leaves:
        leaf = leaves.pop()
        if cover.score[leaf] == 1 and not cover.inside[leaf]:
            members = cover.links[next(filterfalse(cover.chosen.__getitem__, cover.links_of[leaf]))]
            if [cover.score[n] for n in members].count(1) >= len(members) - 1:
                return max(members, key=cover.score.__getitem__)
    degree, node = heappop(queue)
    while cover.inside[node] or -degree != cover.score[node]:  # an outdated entry: outside, scores only fall meanwhile
        degree, node = heappushpop(queue, (0 if cover.inside[node] else -cover.score[node], node))
    return node


def _parts(cover: _Cover) -> Iterator[list[int]]:
    """The nodes of each connected component: components share no link, so each is improved by itself."""
    seen = [False] * len(cover.inside)
    for start in range(len(seen)):
        part = [] if seen[start] else [start]
        for node in part:  # it grows meanwhile
            seen[node] = True
            for link in cover.links_of[node]:
                for member in cover.links[link]:
                    if not seen[member]:
                        seen[member] = True
                        part.append(member)
        yield part


def _take_best_side(cover: _Cover, part: Sequence[int], nodes: Sequence[Node], links: int) -> None:
    """Take all employees, all locations or all services if they are fewer and, none being refused, cover all links."""
    sides = ({n for n in part if nodes[n][0] == kind} for kind in KINDS)
    whole = (side for side in sides if sum(len(cover.links_of[n]) for n in side) == links)
    cover.become(part, min([{n for n in part if cover.inside[n]}, *whole], key=len))


def _search(cover: _Cover, part: Sequence[int], links: AbstractSet[int], allowance: int) -> int:
    """Take one node out, exchange others until nothing is open, and again; return how many looks that took.

    It is the weighting local search known from set cover (RWLS; Gao, Weise and Li 2015), with turns for its dice.
    """
    chosen = [n for n in part if cover.inside[n]]  # those inside longest first
    best, floor, looks, turn = set(chosen), _at_least(cover, links), 0, 0
    moved = dict.fromkeys(part, 0)  # the turn at which each last went in or out
    while looks < min(allowance, SEARCH_LONGEST * len(links)) and len(best) > floor:
        turn += 1
        complete = not cover.open
        best = set(chosen) if complete else best
        left = min(chosen, key=cover.score.__getitem__)
        chosen.remove(left)
        cover.flip(left)
        if complete:
            continue  # with one node fewer
        members = cover.links[list(cover.open)[turn % len(cover.open)]]
        joined = max((n for n in members if n != left), key=lambda n: (cover.score[n], -moved[n]), default=left)
        chosen.append(joined)
        cover.flip(joined)
        moved[left] = moved[joined] = turn
        for link in cover.open:  # weigh more from now on, which in time leads out of any local optimum
            cover.weight[link] += 1
            for node in cover.links[link]:
                cover.score[node] += 1
        looks += len(cover.links_of[left]) + len(cover.links_of[joined]) + len(cover.open) + len(chosen) // 8
    cover.become(part, best if cover.open else set(chosen))
    return looks


def _at_least(cover: _Cover, links: AbstractSet[int]) -> int:
    """A size that no cover undercuts: so many of the links have no member in common."""
    used: set[int] = set()
    apart = 0
    for members in sorted((cover.links[k] for k in links), key=lambda m: sum(len(cover.links_of[n]) for n in m)):
        if used.isdisjoint(members):
            used.update(members)
            apart += 1
    return apart
