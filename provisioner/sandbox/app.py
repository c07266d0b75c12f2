"""The sandbox as one ASGI app: the vendors' APIs, a control API for tests, and a page that says what this is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware

from provisioner.sandbox import control, images, page, setster, timetap
from provisioner.sandbox import dialect as dialects
from provisioner.sandbox.clock import Clock
from provisioner.sandbox.faults import script
from provisioner.sandbox.first import FirstAccount
from provisioner.sandbox.outbox import Courier, Outbox
from provisioner.sandbox.pipeline import Front, Pipeline
from provisioner.sandbox.setster import copied
from provisioner.sandbox.store import Store
from provisioner.sandbox.tables import SCHEMA, accounts, deliveries
from provisioner.sandbox.timetap import copied as copied_series
from provisioner.sandbox.world import World, utc_now

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from datetime import datetime


def create_app(
    db: str | os.PathLike[str],
    *,
    company_id: int = 2345,
    email: str = "owner@example.com",
    api_key: str = "sandbox-key",
    dialect: Mapping[str, str] | None = None,
    faults: Mapping[str, Any] | None = None,
    now: Callable[[], datetime] | None = None,
    copy: Mapping[str, Any] | None = None,
) -> Starlette:
    """Open a sandbox on a SQLite file (or `:memory:`) and return it; `app.state.store.close()` closes it.

    `company_id` and `email` are those of the first account, made when the file is empty. `copy` is what was read of a
    tenant, by its vendor, to begin with instead (see `copied.begin` of both; ValueError where the file is not empty):
    then `email` opens all of its accounts. `api_key` signs in to every account, `dialect` changes how it speaks (see
    `dialect.CHOICES`; ValueError), `faults` replaces the fault script (see `faults.script.put`; ValueError) and `now`
    is the real time, by which its clock is set. No lifespan events are needed.
    """
    store = Store(db, SCHEMA)
    world = World(store, api_key, Clock(store, now or utc_now))
    first = FirstAccount(company_id, email)
    try:
        with store.transaction():
            _begin(world, first, copy or {})
            _prepare(world, dialect or {}, faults)
    except BaseException:
        store.close()
        raise
    pipeline = Pipeline(world, setster.vendor(world), timetap.vendor(world))
    more = (*control.routes(world, first, pipeline.catch_up), *page.routes(world), images.route(world))
    courier = Courier(store)
    app = Starlette(routes=more, middleware=[Middleware(Outbox, courier), Middleware(Front, pipeline)])
    app.state.store = store
    app.state.courier = courier
    app.state.world = world
    return app


def _begin(world: World, first: FirstAccount, copy: Mapping[str, Any]) -> None:
    if copy and accounts.ids(world.store):
        raise ValueError("a copy begins in an empty file")
    if "setster" in copy:
        copied.begin(world, copy["setster"], first.email)
    if "timetap" in copy:
        copied_series.begin(world, copy["timetap"])
    first.make(world)


def _prepare(world: World, changes: Mapping[str, str], faults: Mapping[str, Any] | None) -> None:
    if changes:
        dialects.write(world.store, changes)
    if faults is not None:
        script.put(world.store, faults)
    deliveries.give_up(world.store)
