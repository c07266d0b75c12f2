"""One call as an executor sends it, in a tenant of its own and without waiting for any clock."""

from collections.abc import Awaitable, Callable
from typing import Any

from provisioner.kinds import Address
from provisioner.kinds.live import Live
from provisioner.providers.base import Call, Effect, Part, Replay
from provisioner.providers.setster.payload import DeleteObject, SaveObject
from provisioner.providers.setster.provider import Setster
from provisioner.providers.setster.registry import TABLES
from tests.providers.leaping import Timeless, tell
from tests.support import at

LOCATION, SERVICE, EMPLOYEE = TABLES["location"], TABLES["service"], TABLES["employee"]
HERE = at("location/here")
NAMED = {"name": "Here"}
LOST: list[dict[str, Any]] = [{"fault": "reset"}, {"fault": "timeout"}, {"fault": "truncate"}]


def call(effect: Effect, payload: Any, *names: str, replay: Replay = Replay.SAFE) -> Call:
    parts = tuple(Part(at(name)) for name in names or ("location/here",))
    return Call("a call", effect, parts, frozenset(), replay, payload)


CREATE = call(Effect.CREATE, SaveObject(LOCATION, HERE, "", NAMED), replay=Replay.LOOK_UP)
CREATE_TWO = call(
    Effect.CREATE, SaveObject(LOCATION, HERE, "", NAMED), "location/here", "link/ana/here/cut", replay=Replay.LOOK_UP
)


class Sent:
    """One call as an executor sends it."""

    def __init__(self, tenant: Timeless, provider: Setster) -> None:
        self.tenant = tenant
        self.provider = provider
        self.intents = 0
        self.ids: dict[Address, str] = {}
        self.live: dict[Address, Live] = {}
        self.sending: Callable[[], None] = lambda: None

    async def send(self, each: Call) -> Any:
        """What became of the call's parts, which all fared the same."""

        def sending() -> None:
            self.intents += 1
            self.sending()

        outcome = await self.provider.send(each, self.ids, self.live, intent="i", sending=sending)
        assert set(outcome) == set(each.parts)
        first, *others = outcome.values()
        assert all(other == first for other in others)
        return first


def on(story: Callable[[Sent], Awaitable[None]], **more: Any) -> None:
    """Run a story with a signed-in provider in a tenant of its own; its log is empty."""

    async def told(tenant: Timeless) -> None:
        provider = tenant.provider()
        await provider.sign_in()
        await tenant.clear_calls()
        try:
            await story(Sent(tenant, provider))
        finally:
            await provider.close()

    tell(told, **more)


async def made(sent: Sent) -> str:
    """The id of a location that is there."""
    done = await sent.send(CREATE)
    await sent.tenant.clear_calls()
    sent.intents = 0
    return str(done.id)


def update(id_: str, **changed: Any) -> Call:
    return call(Effect.REPLACE, SaveObject(LOCATION, id_, "", changed or {"name": "There"}, {}))


def delete(id_: str) -> Call:
    return call(Effect.REPLACE, DeleteObject(LOCATION, "", id_))
