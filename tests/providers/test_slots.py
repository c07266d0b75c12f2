"""How many requests are in flight at once: found out, kept to, given back, and handed on in order."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import pytest

from provisioner.providers.clock import Clock
from provisioner.providers.slots import REST, SHRINK, START, Slots
from tests.providers.leaping import leap

LATENCY = 0.1
Server = Callable[[], Awaitable[bool]]


@dataclass
class Load:
    """Requests that are all there from the start, each sent until it goes well."""

    slots: Slots
    clock: Clock
    limits: list[int] = field(default_factory=list)
    """The limit after each answer."""
    most: int = 0
    """The most that were in flight together."""
    refused: int = 0

    async def carry(self, count: int, server: Server) -> float:
        """Seconds that it took."""
        started, flying = self.clock.now(), 0

        async def one() -> None:
            nonlocal flying
            good = False
            while not good:
                slot = await self.slots.take()
                flying += 1
                self.most = max(self.most, flying)
                good = await server()
                flying -= 1
                self.slots.give_back(slot, trouble=not good)
                self.limits.append(self.slots.limit)
                self.refused += not good

        await asyncio.gather(*(one() for _ in range(count)))
        return self.clock.now() - started


def carried(count: int, server: Callable[[Clock], Server], most: int = 32) -> tuple[Load, float]:
    """A load on a server of some sort, and how long it took."""

    async def story(clock: Clock) -> tuple[Load, float]:
        load = Load(Slots(most, clock), clock)
        return load, await load.carry(count, server(clock))

    return leap(story)


def patient(clock: Clock, jitter: float = 0.0) -> Server:
    """As many as come are answered after the same time, or nearly the same."""
    chance = Random(1)

    async def answer() -> bool:
        await clock.sleep(LATENCY * (1 + jitter * (2 * chance.random() - 1)))
        return True

    return answer


def staffed(clock: Clock, workers: int) -> Server:
    """So many are worked on at once; the others wait there."""
    free = asyncio.Semaphore(workers)

    async def answer() -> bool:
        async with free:
            await clock.sleep(LATENCY)
        return True

    return answer


def limiting(clock: Clock, allowed: Callable[[], int]) -> Server:
    """More than so many at once are sent away."""
    flying = 0

    async def answer() -> bool:
        nonlocal flying
        if flying >= allowed():
            await clock.sleep(LATENCY / 5)
            return False
        flying += 1
        await clock.sleep(LATENCY)
        flying -= 1
        return True

    return answer


# -- the limit


@pytest.mark.parametrize("most", [1, 2, 3, 4, 16, 20, 32])
@pytest.mark.parametrize("jitter", [0.0, 0.5])
def test_it_grows_to_what_the_user_allows_and_never_beyond(most: int, jitter: float) -> None:
    load, seconds = carried(40 * most, lambda clock: patient(clock, jitter), most)
    assert load.limits[0] == min(START, most)
    assert load.limits[-1] == load.most == most
    assert seconds < 1.4 * 40 * LATENCY


def test_it_stays_where_more_would_only_wait_at_the_vendor() -> None:
    load, seconds = carried(2000, lambda clock: staffed(clock, 8))
    assert 8 <= sum(load.limits) / len(load.limits) < 13
    assert seconds < 1.05 * 2000 / 8 * LATENCY


def test_it_settles_just_below_what_the_vendor_allows() -> None:
    load, seconds = carried(2000, lambda clock: limiting(clock, lambda: 10))
    assert 6 < sum(load.limits) / len(load.limits) <= 10.5
    assert load.refused < 0.05 * 2000
    assert seconds < 1.35 * 2000 / 10 * LATENCY


def test_it_recovers_from_bad_times() -> None:
    def server(clock: Clock) -> Server:
        return limiting(clock, lambda: 1 if 5 < clock.now() < 20 else 1000)

    load, _ = carried(4000, server)
    assert min(load.limits) < 3
    assert load.limits[-1] == 32


def test_the_limit_never_leaves_its_bounds_whatever_happens() -> None:
    async def story(clock: Clock) -> None:
        slots, chance = Slots(9, clock), Random(3)
        for _ in range(5000):
            taken = [await slots.take() for _ in range(slots.limit)]
            await clock.sleep(chance.random())
            for slot in taken:
                slots.give_back(slot, trouble=chance.random() < 0.1, answered=chance.random() < 0.9)
            assert 1 <= slots.limit <= 9

    leap(story)


def test_trouble_counts_once_for_all_that_were_in_flight() -> None:
    async def story(clock: Clock) -> None:
        slots = Slots(10, clock)
        slots._limit = 10.0
        taken = [await slots.take() for _ in range(10)]
        for slot in taken:
            slots.give_back(slot, trouble=True)
        assert slots.limit == int(10 * SHRINK)
        slots.give_back(await slots.take(), trouble=True)
        assert slots.limit == int(10 * SHRINK * SHRINK)

    leap(story)


def test_a_few_requests_at_a_time_say_nothing_about_more() -> None:
    async def story(clock: Clock) -> None:
        slots = Slots(32, clock)
        for _ in range(500):
            slots.give_back(await slots.take(), trouble=False)
        assert slots.limit == START

    leap(story)


def test_what_did_not_help_is_tried_again_later() -> None:
    async def story(clock: Clock) -> None:
        load = Load(Slots(32, clock), clock)
        await load.carry(16, staffed(clock, 4))
        before = len(load.limits)
        await load.carry(400, staffed(clock, 4))
        later = load.limits[before:]
        assert set(later) == {4, 8}
        assert sum(one != other for one, other in pairwise(later)) >= 4
        assert later.count(4) > REST * later.count(8) / 4

    leap(story)


# -- the waiters


async def until_quiet() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_waiters_are_served_in_order() -> None:
    async def story(clock: Clock) -> None:
        slots, served = Slots(1, clock), list[int]()

        async def wait(name: int) -> None:
            slot = await slots.take()
            served.append(name)
            await clock.sleep(1)
            slots.give_back(slot, trouble=False)

        await asyncio.gather(*map(wait, range(20)))
        assert served == list(range(20))

    leap(story)


@pytest.mark.parametrize("woken", [False, True], ids=["while it waits", "when it was just woken"])
def test_who_is_cancelled_loses_no_slot(woken: bool) -> None:
    async def story(clock: Clock) -> None:
        slots = Slots(1, clock)
        first = await slots.take()
        tasks = [asyncio.create_task(slots.take()) for _ in range(3)]
        await until_quiet()
        if woken:
            slots.give_back(first, trouble=False)
            tasks[0].cancel()
        else:
            tasks[0].cancel()
            await until_quiet()
            slots.give_back(first, trouble=False)
        await until_quiet()
        assert [task.done() for task in tasks] == [True, True, False]
        assert tasks[0].cancelled()
        slots.give_back(tasks[1].result(), trouble=False)
        slots.give_back(await tasks[2], trouble=False)
        slots.give_back(await slots.take(), trouble=False)
        assert slots._taken == 0

    leap(story)


def test_nobody_waits_behind_those_who_left() -> None:
    async def story(clock: Clock) -> None:
        slots = Slots(1, clock)
        first = await slots.take()
        tasks = [asyncio.create_task(slots.take()) for _ in range(3)]
        await until_quiet()
        for task in tasks:
            task.cancel()
        slots.give_back(first, trouble=False)
        await until_quiet()
        await slots.take()
        assert slots._taken == 1
        assert not slots._waiting

    leap(story)


def test_cancelling_anyone_at_any_time_leaves_as_many_slots_as_before() -> None:
    async def story(clock: Clock) -> None:
        slots, chance = Slots(5, clock), Random(7)

        async def one() -> None:
            slot = await slots.take()
            try:
                await clock.sleep(chance.random())
            finally:
                slots.give_back(slot, trouble=chance.random() < 0.02)

        tasks = [asyncio.create_task(one()) for _ in range(400)]
        while not all(task.done() for task in tasks):
            await clock.sleep(chance.random() / 10)
            chance.choice(tasks).cancel()
            assert 0 <= slots._taken <= 5
        assert slots._taken == 0
        assert not slots._waiting

    leap(story)
