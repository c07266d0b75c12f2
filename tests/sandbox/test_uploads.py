"""Uploads: kept, shown, served, replaced and removed; and forms that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller, Sandbox

PNG = b"\x89PNG\r\n\x1a\n--\r\n\r\n\x00\xff"
BOUNDARY = "----AaB03x"


def form(
    content: bytes = PNG, head: str = 'name="photo"; filename="a.png"', end: str = f"\r\n--{BOUNDARY}--\r\n"
) -> bytes:
    lines = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\nContent-Type: image/png\r\n\r\n"
    return lines.encode() + content + end.encode()


def send(caller: Caller, body: bytes, number: int) -> tuple[int, str]:
    params = {"session_token": caller.token, "company_id": caller.company, "location": number}
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    url = "/api/v2/location/uploadPhoto"
    envelope = caller.request("POST", url, params=params, content=body, headers=headers).json()
    return envelope["statusCode"], envelope["statusDescriptions"]


def shown(sandbox: Sandbox, number: int) -> str:
    return str(sandbox.ok("GET", f"/location/{number}")[0]["photo"])


def test_a_picture_is_kept_byte_for_byte_and_served_where_reads_say(sandbox: Sandbox) -> None:
    number = sandbox.location()
    answer = sandbox.upload("POST", "/location/uploadPhoto", {"photo": PNG}, location=number)
    assert shown(sandbox, number) == answer["file_location"] + answer["file_name"]
    served = sandbox.request("GET", shown(sandbox, number))
    assert (served.content, served.headers["content-type"]) == (PNG, "image/png")
    assert sandbox.request("GET", "/admin/images/location/other.png").status_code == 404


def test_another_upload_replaces_the_picture(sandbox: Sandbox) -> None:
    number = sandbox.location()
    sandbox.upload("POST", "/location/uploadPhoto", {"photo": PNG}, location=number)
    first = shown(sandbox, number)
    sandbox.upload("POST", "/location/uploadPhoto", {"photo": PNG + b"2"}, location=number)
    assert sandbox.request("GET", first).status_code == 404
    assert sandbox.request("GET", shown(sandbox, number)).content == PNG + b"2"


def test_a_picture_is_removed_by_its_own_name_only(sandbox: Sandbox) -> None:
    number = sandbox.location()
    name = sandbox.upload("POST", "/location/uploadPhoto", {"photo": PNG}, location=number)["file_name"]
    sandbox.refused(7, "POST", "/location/removePhoto", {"file_name": "other.png"}, location=number)
    sandbox.refused(1, "POST", "/location/removePhoto", {}, location=number)
    sandbox.ok("POST", "/location/removePhoto", {"file_name": name}, location=number)
    assert shown(sandbox, number) == ""
    assert sandbox.dump()["pictures"] == []


def test_what_is_deleted_takes_its_picture_along(sandbox: Sandbox) -> None:
    number = sandbox.location()
    sandbox.upload("POST", "/location/uploadPhoto", {"photo": PNG}, location=number)
    sandbox.ok("DELETE", f"/location/{number}")
    assert sandbox.dump()["pictures"] == []


def test_a_form_as_other_clients_spell_it_is_read(sandbox: Sandbox) -> None:
    number = sandbox.location()
    assert send(sandbox, form(), number) == (0, "OK")
    assert sandbox.request("GET", shown(sandbox, number)).content == PNG


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the body is no valid form"),
        (b"{}", "the body is no valid form"),
        (form(end=""), "the form has no end"),
        (form(b""), "photo must be a file"),
        (form(head='name="photo"'), "photo must be a file"),
        (form(head='filename="a.png"'), "a field of the form has no name"),
        (f"--{BOUNDARY}\r\nnothing\r\n--{BOUNDARY}--".encode(), "a field of the form has no end of its head"),
    ],
)
def test_a_form_without_a_picture_is_refused(sandbox: Sandbox, body: bytes, words: str) -> None:
    number = sandbox.location()
    assert send(sandbox, body, number) == (1, words)
    assert shown(sandbox, number) == ""


def test_a_picture_needs_an_object_of_this_company(sandbox: Sandbox) -> None:
    assert send(sandbox, form(), 1)[0] == 7
    params = {"session_token": sandbox.token, "company_id": sandbox.company}
    answer = sandbox.request("POST", "/api/v2/service/uploadPhoto", params=params, files={"photo": ("a.png", PNG)})
    assert answer.json()["statusDescriptions"] == "service is required"
