"""A process that contends for a tenant: `contender.py hold LOCK DOING`, or `contender.py save STATE NAME TIMES`.

It says "ready", waits for a line, and says what came of it. The holder keeps the lock until its input ends.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from provisioner.errors import ProvisionerError, StateError


def say(**words: object) -> None:
    print(json.dumps(words), flush=True)


def hold(path: Path, doing: str) -> None:
    """Take the lock and keep it."""
    from provisioner.state.lock import locked

    try:
        with locked(path, doing):
            say(got="lock")
            sys.stdin.read()
    except ProvisionerError as error:
        say(got=type(error).__name__, said=str(error))


def save(path: Path, name: str, times: int) -> None:
    """Save over and over, with no lock, each time with one record more."""
    from provisioner.kinds import Address
    from provisioner.state.file import StateFile
    from provisioner.state.model import Record, Tenant

    file = StateFile(path, Tenant("sandbox", "2345"))
    serials, refused = {}, 0
    for number in range(times):
        state = file.load().state  # which must never fail, whoever is writing
        mine = Address("", "service", (f"{name}-{number}",))
        try:
            saved = file.save(replace(state, records={**state.records, mine: Record(str(number))}))
            serials[saved.serial] = str(mine)
        except StateError as error:
            refused += "was written by another run" in str(error)
    say(serials=serials, refused=refused)


def main(what: str, path: str, name: str, times: str = "0") -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    if what == "hold":
        hold(Path(path), name)
    else:
        save(Path(path), name, int(times))


if __name__ == "__main__":
    main(*sys.argv[1:])
