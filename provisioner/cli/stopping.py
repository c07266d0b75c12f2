"""Ctrl-C, SIGTERM and a hang-up: the first stops new requests, the second ends the process at once."""

from __future__ import annotations

import asyncio
import signal
from typing import Protocol

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
