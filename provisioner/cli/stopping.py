"""Signals while an event loop runs: the first stops what is at work, the second ends the process at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from provisioner.cli.ending import BY_OTHERS
from provisioner.cli.say import say, show

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stoppable(Protocol):
    """What ends by itself once it is told to stop."""

    stopping: bool


def told_of_a_pause(seconds: float, why: str) -> None:
    """Say what is waited for, and how long."""
    say(f"Waiting {seconds:.0f} s: {why}. Ctrl-C ends the wait.", err=True)


def stop_on_signals(*running: Stoppable) -> list[int]:
    """From now on the first signal stops all that runs; its number is in the list afterwards."""
    caught: list[int] = []
    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        caught.append(number)
        for each in running:
            each.stopping = True
        for sign in STOPPING:
            loop.remove_signal_handler(sign)
            signal.signal(sign, signal.SIG_DFL)
        show("\nStopping: waiting for the calls in flight. Once more to leave at once.", err=True)

    for number in STOPPING:
        loop.add_signal_handler(number, stop, number)
    return caught


@contextmanager
def cancelled_by_signals(caught: list[int]) -> Iterator[None]:
    """While an event loop runs, such a signal cancels the task that is at work, and its number is kept.

    Raised wherever the loop happens to be, an exception would leave it half way through what it does.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    before = {each: signal.getsignal(each) for each in BY_OTHERS}

    def end(number: int) -> None:
        caught.append(number)
        for each in BY_OTHERS:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)
        if task:
            task.cancel()

    for each, own in before.items():
        if callable(own):
            loop.add_signal_handler(each, end, each)
    try:
        yield
    finally:
        for each, own in before.items():
            if loop.remove_signal_handler(each):
                signal.signal(each, own)
