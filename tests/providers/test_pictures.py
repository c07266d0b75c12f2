"""Photos and logos: one call each, behind all that writes their objects, and again only when the content changed."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.errors import ManifestError
from provisioner.kinds.desired import Declared
from provisioner.providers.http import Attachment, Client, Message
from provisioner.providers.setster.pictures import SPOTS
from tests.providers.test_wire import OK, Host, Reader, Writer, certificates, talk
from tests.support import (
    DIALECTS,
    PICTURES,
    Dialect,
    Tenant,
    at,
    change,
    declare,
    intercept,
    manifests,
    picture,
    refusal,
    spoken,
    tell,
)

__all__ = ["certificates"]
FACE = picture("face.png", b"1")
ACCOUNT = declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw", logo=FACE)
PLACE = declare("west/location/downtown", name="Downtown", main=True, photo=FACE)
WORK = declare("west/service/cut", name="Cut", duration="45 min", photo=FACE)
ANA = declare("west/employee/ana", email="ana@w.example", first_name="Ana", last_name="Diaz", photo=FACE)
LINK = declare("west/link/ana/downtown/cut")
ALL = (ACCOUNT, PLACE, WORK, ANA, LINK)
UPLOADS = {"account/uploadLogo", "location/uploadPhoto", "service/uploadPhoto", "employee/uploadPhoto"}


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


@pytest.fixture(autouse=True)
def as_they_were() -> None:
    picture("face.png", b"1")


async def held(tenant: Tenant) -> dict[str, bytes]:
    """Kind -> the bytes of its picture."""
    return {
        each["kind"]: tenant.store.one("SELECT content FROM pictures WHERE name = ?", each["name"])[0]
        for each in (await tenant.dump())["pictures"]
    }


def other(content: bytes, *changed: Declared) -> list[Declared]:
    """The whole wish, with a file of other content in some resources."""
    new = picture("new.png", content)
    fields = {declared.address: SPOTS[declared.address.kind].field for declared in changed}
    return [change(d, **{fields[d.address]: new}) if d.address in fields else d for d in ALL]


def test_each_picture_is_one_call_with_the_files_own_bytes(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.clear_calls()
        ran = await tenant.settle(manifests(*ALL))
        assert await held(tenant) == dict.fromkeys(SPOTS, PICTURES["face.png"])
        sent = [call["path"].removeprefix("/api/v2/") for call in await tenant.calls() if "upload" in call["path"]]
        assert sorted(sent) == sorted(UPLOADS)
        assert len(ran.planned.writes) == 1 + 3 + 4  # the account, its objects, their pictures

    tell(story, dialect)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("kind", SPOTS)
def test_another_content_is_one_update_and_one_call(kind: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(*ALL))
        (one,) = (declared for declared in ALL if declared.address.kind == kind)
        ran = await tenant.settle(manifests(*other(b"2", one)))
        assert ran.planned.summary() == [f"update {one.address}"]
        assert len(ran.planned.calls) == ran.applied.writes == 1
        assert (await held(tenant))[kind] == PICTURES["new.png"]

    tell(story, dialect)


def test_the_same_content_in_another_file_is_not_sent_again() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(*ALL))
        ran = await tenant.apply(manifests(*other(b"1", *ALL[:4])))
        assert not ran.planned.plan.changes
        assert tenant.state.records[at("west/location/downtown")].applied["photo"].startswith("new.png, ")
        await tenant.assert_settled(manifests(*other(b"1", *ALL[:4])))

    tell(story)


def test_other_writes_do_not_bring_the_former_picture_back(dialect: Dialect) -> None:
    """An object's own body repeats the picture as it was read, so the upload waits for it."""

    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(*ALL))
        wish = [d for d in other(b"2", PLACE, WORK, ANA, ACCOUNT) if d is not LINK]
        more = [change(wish[1], street1="1 Main"), change(wish[0], company_name="West Coast"), *wish[2:]]
        ran = await tenant.settle(manifests(*more, pairs=["west/link/ana/downtown"]))
        needs = {call.id: call.needs for call in ran.planned.calls}
        assert needs["photo of west/location/downtown"] == {"update west/location/downtown"}
        assert needs["logo of account/west"] == {"save business of account/west"}
        assert await held(tenant) == dict.fromkeys(SPOTS, PICTURES["new.png"])
        for address, name in (("location/downtown", "photo"), ("service/cut", "photo"), ("employee/ana", "photo_url")):
            assert tenant.held(f"west/{address}")[name].endswith("new.png")

    tell(story, dialect)


def test_null_removes_a_photo_and_nothing_else(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(*ALL))
        bare = [change(d, photo=None) for d in ALL[1:4]]
        ran = await tenant.settle(manifests(ACCOUNT, *bare, LINK))
        assert len(ran.planned.calls) == 3
        assert [*await held(tenant)] == ["account"]

    tell(story, dialect)


def test_what_is_live_already_is_taken_for_the_file_and_said_so_once() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(*ALL))
        tenant.forget()
        wish = manifests(*other(b"2", *ALL[:4]))
        ran = await tenant.apply(wish)
        assert not ran.planned.calls
        assert len(ran.planned.plan.notes) == 4
        assert all("is taken for new.png" in note for note in ran.planned.plan.notes)
        assert not (await tenant.plan(wish)).plan.notes
        assert (await held(tenant))["location"] == PICTURES["face.png"]
        again = await tenant.apply(wish, rotate=frozenset({at("west/location/downtown")}))
        assert [call.id for call in again.planned.calls] == ["photo of west/location/downtown"]
        assert (await held(tenant))["location"] == PICTURES["new.png"]

    tell(story)


def test_a_picture_that_was_taken_away_outside_is_put_back_as_drift() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(*ALL))
        tenant.tamper("west/location/downtown", photo="")
        ran = await tenant.settle(manifests(*ALL))
        assert [str(change.address) for change in ran.planned.plan.drift] == ["west/location/downtown"]
        assert ran.applied.writes == 1

    tell(story)


def test_a_file_that_changed_since_the_plan_is_not_sent() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(*ALL[:1]))
        wish = manifests(ACCOUNT, PLACE)
        PICTURES["face.png"] += b"more"
        ran = await tenant.apply(wish)
        assert "changed since the plan was made" in ran.failed["west/location/downtown"]
        picture("face.png", b"1")
        again = await tenant.settle(wish)
        assert [call.id for call in again.planned.writes] == ["photo of west/location/downtown"]

    tell(story)


def test_an_upload_that_fails_leaves_the_object_and_is_all_that_is_left() -> None:
    broken = True

    def fails(_method: str, path: str, _query: str) -> Any:
        return refusal("too large") if broken and path == "/location/uploadPhoto" else None

    async def story(tenant: Tenant) -> None:
        nonlocal broken
        ran = await tenant.apply(manifests(*ALL))
        assert [*ran.failed] == ["west/location/downtown"]
        broken = False
        again = await tenant.settle(manifests(*ALL))
        assert [call.id for call in again.planned.calls] == ["photo of west/location/downtown"]

    tell(story, wrap=intercept(fails))


def test_a_lost_answer_is_no_harm_for_it_is_sent_again() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(ACCOUNT))
        rule = {"path": "/location/uploadPhoto", "fault": "reset", "executed": True, "times": 1}
        await tenant.control("PUT", "/faults", {"rules": [rule]})
        await tenant.settle(manifests(ACCOUNT, PLACE))
        assert (await held(tenant))["location"] == PICTURES["face.png"]

    tell(story)


def test_a_logo_cannot_be_cleared() -> None:
    with pytest.raises(ValueError, match="only replaced"):
        declare("account/west", logo=None)


def test_a_plan_shows_no_byte_of_it() -> None:
    async def story(tenant: Tenant) -> None:
        planned = await tenant.plan(manifests(*ALL))
        assert b"PNG" not in repr(planned.plan).encode()
        assert "sha256:" in str(FACE)

    tell(story)


@pytest.mark.parametrize("size", [10, 4_000_000])
def test_a_file_of_any_size_goes_over_a_socket_and_again_after_a_failure(size: int) -> None:
    """What aiohttp warns of, a large body in memory, would be an error here."""
    sent = Message("POST", "/x", {}, Attachment("photo", 'a "b".png', "image/png", b"\x00" * size))

    async def serve(_number: int, _reader: Reader, writer: Writer) -> None:
        writer.write(OK)
        await writer.drain()

    async def story(client: Client, host: Host) -> None:
        for _ in range(2):
            assert (await client.send(sent)).status == 200
        assert all(body.count(b"\x00") == size for body in host.bodies)
        assert all("content-length" in head.lower() and "chunked" not in head for head in host.heads)

    host = talk(serve, story)
    assert len(host.bodies) == 2
    assert "\\x00" not in repr(sent)


def test_a_workspace_without_its_file_sends_nothing() -> None:
    async def story(tenant: Tenant) -> None:
        def gone(name: str) -> bytes:
            raise ValueError(f"{name} is no file of the workspace: the path starts at its root")

        provider = tenant.provider()
        provider.files = gone
        await provider.sign_in()
        await tenant.settle(manifests(ACCOUNT))
        planned = await tenant.plan(manifests(ACCOUNT, PLACE))
        executor = tenant.executor(planned, provider)
        applied = await executor.run()
        await provider.close()
        assert [why for _, why in applied.failed] == [
            "face.png is no file of the workspace: the path starts at its root; nothing was sent"
        ]

    tell(story)


def test_a_picture_as_a_text_is_no_picture_yet() -> None:
    with pytest.raises((ValueError, ManifestError)):
        declare("location/x", name="X", photo="face.png")
