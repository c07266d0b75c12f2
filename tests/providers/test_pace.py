"""Requests leave one after the other, evenly, and none while the vendor asked us to wait."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from provisioner.providers.clock import Clock
from provisioner.providers.pace import Pace
from tests.providers.leaping import leap

Left = list[tuple[int, float]]


def left(clock: Clock, pace: Pace, names: range) -> tuple[Left, list[Coroutine[Any, Any, None]]]:
    """Who left when, and those who will."""
    log: Left = []

    async def go(name: int) -> None:
        await pace.turn()
        log.append((name, round(clock.now(), 6)))

    return log, [go(name) for name in names]


def test_so_many_a_second_in_their_order() -> None:
    async def story(clock: Clock) -> None:
        log, those = left(clock, Pace(4, clock), range(6))
        await asyncio.gather(*those)
        assert log == [(n, n / 4) for n in range(6)]

    leap(story)


def test_time_that_was_not_used_is_not_made_up_for() -> None:
    async def story(clock: Clock) -> None:
        pace = Pace(10, clock)
        await pace.turn()
        await clock.sleep(100)
        log, those = left(clock, pace, range(3))
        await asyncio.gather(*those)
        assert log == [(0, 100.0), (1, 100.1), (2, 100.2)]

    leap(story)


@pytest.mark.parametrize("pace", [None, 0.5, 20.0])
def test_nothing_leaves_while_the_vendor_asked_us_to_wait(pace: float | None) -> None:
    async def story(clock: Clock) -> None:
        gate = Pace(pace, clock)
        gate.hold(30)
        gate.hold(7)
        log, those = left(clock, gate, range(4))
        await asyncio.gather(*those)
        assert log == [(n, round(30 + n / (pace or float("inf")), 6)) for n in range(4)]

    leap(story)


def test_a_wait_that_gets_longer_is_waited_for_in_full() -> None:
    async def story(clock: Clock) -> None:
        gate = Pace(None, clock)
        gate.hold(10)
        log, those = left(clock, gate, range(2))
        waiting = asyncio.gather(*those)
        await clock.sleep(9)
        gate.hold(10)
        await waiting
        assert log == [(0, 19.0), (1, 19.0)]

    leap(story)


def test_who_comes_when_the_wait_is_over_stands_behind_those_who_waited() -> None:
    async def story(clock: Clock) -> None:
        gate = Pace(None, clock)
        gate.hold(10)
        log, those = left(clock, gate, range(4))
        *waiting, late = those

        async def come() -> None:
            await clock.sleep(10)
            await late

        await asyncio.gather(*waiting, come())
        assert [name for name, _ in log] == [0, 1, 2, 3]

    leap(story)


def test_who_gives_up_waiting_holds_nobody_up() -> None:
    async def story(clock: Clock) -> None:
        log, those = left(clock, Pace(1, clock), range(4))
        tasks = [asyncio.create_task(each) for each in those]
        await clock.sleep(0.5)
        tasks[1].cancel()
        tasks[2].cancel()
        await asyncio.wait(tasks)
        assert log == [(0, 0.0), (3, 1.0)]

    leap(story)


def test_without_a_pace_nobody_waits() -> None:
    async def story(clock: Clock) -> None:
        log, those = left(clock, Pace(None, clock), range(50))
        await asyncio.gather(*those)
        assert log == [(n, 0.0) for n in range(50)]

    leap(story)
