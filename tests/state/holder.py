"""A process at work on a state in Postgres: `holder.py DSN`, until its input ends, or `holder.py DSN --brief N`."""

from __future__ import annotations

import sys

from provisioner.state.model import State, Tenant
from provisioner.state.postgres import Postgres
from provisioner.state.remote import RemoteState
from provisioner.state.session import Server
from tests.state.damage import BEFORE, RUN
from tests.state.strategies import OWNER


def hold(dsn: str) -> None:
    """Take the lock, begin a run, write all of it down but the end."""
    store = RemoteState(Postgres(Server(dsn, "postgresql://holder"), OWNER))
    with store.locked("provisioner apply"):
        store.begin(store.save(State(OWNER, "cafe", 0, BEFORE))).append(*RUN)
        print("holds", flush=True)
        sys.stdin.read()


def save(dsn: str, number: str) -> None:
    """Save once, as one of many tenants."""
    tenant = Tenant("www.setster.com", number)
    store = RemoteState(Postgres(Server(dsn, "postgresql://holder"), tenant))
    with store.locked("provisioner apply"):
        store.save(State(tenant, "cafe"))
    print("saved", flush=True)


if __name__ == "__main__":
    if sys.argv[2:]:
        save(sys.argv[1], sys.argv[3])
    else:
        hold(sys.argv[1])
