"""Nothing leaves before it is said that it will; what was said and then refused is still in doubt."""

from collections.abc import Callable
from typing import Any

import pytest

from provisioner.errors import StateError
from provisioner.providers.base import Call, Done, Effect, NotExecuted, Part, Unknown
from provisioner.providers.setster.payload import CreateAccount, SaveAspect, SaveHours
from tests.providers.sent import CREATE, HERE, LOCATION, LOST, Sent, call, delete, made, on, update
from tests.support import COMPANY, at

# -- the intent


def test_the_intent_is_said_after_all_waiting_and_before_every_try() -> None:
    log: list[str] = []

    def wrap(app: Any) -> Any:
        async def heard(scope: Any, receive: Any, send: Any) -> None:
            log.append(f"{scope['method']} {scope['path'].removeprefix('/api/v2')}")
            await app(scope, receive, send)

        return heard

    async def story(sent: Sent) -> None:
        sent.sending = lambda: log.append(f"intent at {sent.tenant.clock.now():.0f}")
        await sent.tenant.faults({"fault": "throttle", "retry_after": 5}, {"fault": "expire"})
        log.clear()
        assert isinstance(await sent.send(CREATE), Done)
        assert log == [
            "intent at 0", "POST /location",
            "intent at 5", "POST /location",
            "POST /account/authenticate",
            "intent at 5", "POST /location",
        ]  # fmt: skip

    on(story, wrap=wrap)


@pytest.mark.parametrize("tries", [0, 1, 2])
def test_what_the_journal_cannot_say_does_not_leave(tries: int) -> None:
    async def story(sent: Sent) -> None:
        def full() -> None:
            if sent.intents > tries:
                raise StateError("the disk is full")

        sent.sending = full
        await sent.tenant.faults({"fault": "throttle", "times": None})
        with pytest.raises(StateError, match="the disk is full"):
            await sent.send(CREATE)
        assert len(await sent.tenant.log("POST", "/location")) == tries
        slots = sent.provider.session.client.slots
        assert slots._taken == 0

    on(story)


def test_looking_says_no_intent() -> None:
    async def story(sent: Sent) -> None:
        from provisioner.providers.setster.payload import Discover

        look = Discover(LOCATION, "", {"main": HERE})
        part = Part(HERE, "discovered")
        outcome = await sent.provider.send(
            Call("look", Effect.DISCOVER, (part,), payload=look), {}, {}, intent="i", sending=lambda: pytest.fail("no")
        )
        assert isinstance(outcome[part], Done)

    on(story)


ALL_WRITES: dict[str, Callable[[str], Call]] = {
    "account": lambda _: call(Effect.CREATE, CreateAccount({}), "account/a"),
    "aspect": lambda _: call(Effect.REPLACE, SaveAspect(at("account/a"), "business", {}), "account/a"),
    "object": lambda _: CREATE,
    "update": update,
    "delete": delete,
    "hours": lambda id_: call(Effect.REPLACE, SaveHours("", id_, (), (), None), "hours/a/b"),
}


@pytest.mark.parametrize("name", ALL_WRITES)
def test_every_write_says_its_intent(name: str) -> None:
    async def story(sent: Sent) -> None:
        def full() -> None:
            raise StateError("the disk is full")

        each = ALL_WRITES[name](await made(sent))
        sent.ids[at("account/a")] = str(COMPANY)
        sent.sending = full
        with pytest.raises(StateError):
            await sent.send(each)
        assert not [each for each in await sent.tenant.calls() if each["method"] != "GET"]

    on(story)


# -- the credentials

WRONG: dict[str, Any] = {"fault": "refuse", "status": 401, "code": 2}
STOPS = {
    "the answer": [WRONG],
    "the next sign-in": [{"fault": "expire"}, WRONG | {"method": "POST", "path": "/account/authenticate"}],
}
METHODS = {"object": "POST", "update": "PUT", "delete": "DELETE"}


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("lost", LOST[:2], ids=str)
@pytest.mark.parametrize(("name", "tries"), [("object", 1), ("update", 2), ("delete", 2)])
def test_a_write_that_was_lost_is_unknown_though_the_credentials_are_wrong_by_then(
    name: str, tries: int, lost: dict[str, Any], stop: str
) -> None:
    """What was lost may have been carried out, and here it was; a create has no second try at all."""

    async def story(sent: Sent) -> None:
        each, method = ALL_WRITES[name](await made(sent)), METHODS[name]
        before = (await sent.tenant.dump())["locations"]
        await sent.tenant.faults(*({"path": "/location*", "method": method} | rule for rule in [lost, *STOPS[stop]]))
        outcome = await sent.send(each)
        assert isinstance(outcome, Unknown)
        assert ("INVALID_CREDENTIALS" in outcome.why) == (tries > 1)
        assert len(await sent.tenant.log(method, "/location")) == sent.intents == tries
        assert (await sent.tenant.dump())["locations"] != before

    on(story)


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("name", METHODS)
def test_a_write_that_met_nothing_but_wrong_credentials_was_not_carried_out(name: str, stop: str) -> None:
    async def story(sent: Sent) -> None:
        each, method = ALL_WRITES[name](await made(sent)), METHODS[name]
        before = (await sent.tenant.dump())["locations"]
        await sent.tenant.faults(*({"path": "/location*", "method": method} | rule for rule in STOPS[stop]))
        for _ in range(2):  # and then nothing leaves any more
            outcome = await sent.send(each)
            assert isinstance(outcome, NotExecuted)
            assert "INVALID_CREDENTIALS" in outcome.why
            assert len(await sent.tenant.log(method, "/location")) == sent.intents == 1
        assert (await sent.tenant.dump())["locations"] == before

    on(story)
