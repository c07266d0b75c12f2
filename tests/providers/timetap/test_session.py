"""Signing in: once, again when it is over, never with the private key, and nothing of it in any word."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from provisioner.errors import SignInError, VendorError
from provisioner.providers import BY_NAME
from provisioner.providers.base import Ask, Connection, Provider
from tests.providers.timetap.studio import BUSINESS, Studio

KEYS = {"api_key": "canary-of-the-api-key", "private_key": "canary-of-the-private-key"}
SIGNATURE = hashlib.md5(b"".join(map(str.encode, KEYS.values())), usedforsecurity=False).hexdigest()


def _connected(app: Any, keys: dict[str, str] | None = None) -> Provider:
    vendor = BY_NAME["timetap"]
    return vendor.connect(Connection("http://sandbox/timetap", BUSINESS, keys or dict(vendor.sandbox), app=app))


def _ask(*ids: str) -> Ask:
    return Ask("recurring_appointment", known=frozenset(ids))


def _story(provider: Provider, *steps: Callable[[], Any]) -> list[Any]:
    async def tell() -> list[Any]:
        try:
            return [await step() for step in steps]
        finally:
            await provider.close()

    return asyncio.run(tell())


def _sign_ins(studio: Studio) -> int:
    return sum(each["path"].endswith("/sessionToken") for each in studio.control("/calls"))


def test_a_session_that_is_over_is_renewed_once_for_all(studio: Studio) -> None:
    studio.done(yoga={}, pilates={}, judo={})
    ids = [str(each["recurringAppointmentId"]) for each in studio.series()]
    provider = _connected(studio.app)

    async def expired() -> None:
        transport = httpx.ASGITransport(app=studio.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            assert (await client.post("/_sandbox/sessions/expire")).status_code == 200

    before = _sign_ins(studio)
    found = _story(provider, provider.sign_in, expired, lambda: provider.read([_ask(*ids)]))[-1]
    assert len(found.of("", "recurring_appointment")) == 3
    assert _sign_ins(studio) - before == 2


@pytest.mark.parametrize("wrong", ["api_key", "private_key"])
def test_a_wrong_key_is_refused_and_not_tried_again(studio: Studio, wrong: str) -> None:
    provider = _connected(studio.app, {**BY_NAME["timetap"].sandbox, wrong: KEYS[wrong]})
    with pytest.raises(SignInError) as caught:
        _story(provider, provider.sign_in)
    assert str(caught.value) == (
        "sign-in refused: the vendor refused it (401): the apiKey or its signature is wrong. "
        "Check the endpoint, the API key, the private key and this computer's clock"
    )
    assert _sign_ins(studio) == 1


def test_the_private_key_never_leaves(caplog: pytest.LogCaptureFixture) -> None:
    """A vendor that repeats all that it was sent in what it answers finds no secret repeated."""
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []

    async def echo(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        query = scope["query_string"].decode()
        seen.append(f"{scope['path']} {query} {scope['headers']} {message.get('body')!r}")
        text = f"bad key {query} {SIGNATURE.upper()} {KEYS}"
        body = httpx.Response(401, json={"status": 401, "message": text}).content
        head = {"type": "http.response.start", "status": 401, "headers": [(b"content-type", b"application/json")]}
        await send(head)
        await send({"type": "http.response.body", "body": body})

    provider = _connected(echo, KEYS)
    with pytest.raises(SignInError) as caught:
        _story(provider, provider.sign_in)
    assert KEYS["private_key"] not in "".join(seen)
    assert f"signature={SIGNATURE}" in "".join(seen)
    told = f"{caught.value} {caplog.text} {provider!r}"
    for secret in (*KEYS.values(), SIGNATURE):
        assert secret not in told
    assert "(secret)" in str(caught.value)


def test_the_time_of_a_sign_in_is_that_of_its_leaving(studio: Studio) -> None:
    """The sandbox takes timestamps of its own time only, and refuses the first try."""
    rule = {"fault": "throttle", "path": "/timetap/sessionToken", "retry_after": 1}
    studio.control("/faults", "PUT", {"rules": [rule]})
    studio.control("/timetap", "PUT", {"timestamp_seconds": 1})
    provider = _connected(studio.app)
    _story(provider, provider.sign_in)
    assert _sign_ins(studio) == 2


@pytest.mark.parametrize("id_", ["4711", "abc", "../1"])
def test_a_series_that_is_not_there_is_never_taken_for_deleted(studio: Studio, id_: str) -> None:
    """Nothing deletes one, so the keys may be another business's: making it again would double it."""
    provider = _connected(studio.app)
    with pytest.raises(VendorError) as caught:
        _story(provider, provider.sign_in, lambda: provider.read([_ask(id_)]))
    assert id_ in str(caught.value)


def test_a_series_of_another_business_is_not_planned_on(studio: Studio) -> None:
    studio.done(yoga={})
    (address,) = studio.state.records
    id_ = studio.state.records[address].id
    vendor = BY_NAME["timetap"]
    provider = vendor.connect(Connection("http://sandbox/timetap", "5", dict(vendor.sandbox), app=studio.app))
    with pytest.raises(VendorError, match="is of business 71300, and company_id says 5"):
        _story(provider, provider.sign_in, lambda: provider.read([_ask(id_)]))


def test_a_series_is_not_made_in_another_business(studio: Studio) -> None:
    """Its business is named, so that the keys of another one cannot make it there."""
    (post,) = studio.done(yoga={})
    assert post.body["businessId"] == 71300
