"""Uploads: kept, shown, served, replaced and removed; and forms that are none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

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


@pytest.mark.parametrize(
    ("kind", "names"), [("employee", {"provider": 1}), ("service", {"service": 1}), ("location", {})]
)
def test_a_picture_is_removed_by_the_body_of_the_vendors_sample(
    sandbox: Sandbox, kind: str, names: dict[str, int]
) -> None:
    """In the samples the body alone names the employee or the service, and nothing names the location."""
    made = {"employee": sandbox.employee, "service": sandbox.service, "location": sandbox.location}
    number, other = made[kind](), sandbox.location()
    named = {"provider" if kind == "employee" else kind: number}
    name = sandbox.upload("POST", f"/{kind}/uploadPhoto", {"photo": PNG}, **named)["file_name"]
    kept = sandbox.upload("POST", "/location/uploadPhoto", {"photo": PNG}, location=other)["file_name"]
    body = {"file_name": name} | dict.fromkeys(names, number)
    sandbox.refused(7, "POST", f"/{kind}/removePhoto", body | {"file_name": "string"})
    sandbox.refused(7, "POST", f"/{kind}/removePhoto", body, company_id=sandbox.child())
    assert sandbox.call("POST", f"/{kind}/removePhoto", body) == {
        "statusCode": 0,
        "statusDescriptions": "OK",
        "data": None,
    }
    sandbox.refused(7, "POST", f"/{kind}/removePhoto", body)
    assert [each["name"] for each in sandbox.dump()["pictures"]] == [kept]
    assert sandbox.ok("GET", f"/{kind}/{number}")[0]["photo_url" if kind == "employee" else "photo"] == ""


def test_the_query_says_whose_picture_it_is_before_the_body_does(sandbox: Sandbox) -> None:
    ann, bob = sandbox.employee(), sandbox.employee("bob@example.com")
    name = sandbox.upload("POST", "/employee/uploadPhoto", {"photo": PNG}, provider=ann)["file_name"]
    sandbox.refused(7, "POST", "/employee/removePhoto", {"file_name": name, "provider": bob})
    sandbox.refused(7, "POST", "/employee/removePhoto", {"file_name": name, "provider": ann}, provider=bob)
    assert "provider must be a whole number" in sandbox.refused(
        1, "POST", "/employee/removePhoto", {"file_name": name, "provider": "Ann"}
    )
    sandbox.ok("POST", "/employee/removePhoto", {"file_name": name, "provider": str(bob)}, provider=ann)


@pytest.mark.parametrize("name", ["\ud800", [], ["a.png"], {"a": 1}, True])
def test_a_name_that_is_none_is_refused(sandbox: Sandbox, name: Any) -> None:
    params = {"session_token": sandbox.token, "company_id": sandbox.company}
    body = json.dumps({"file_name": name}).encode()
    answer = sandbox.request("POST", "/api/v2/location/removePhoto", params=params, content=body).json()
    assert (answer["statusCode"], answer["statusDescriptions"][:10]) == (1, "file_name ")


FILE = ("a.png", PNG, "image/png")
SERVICE = {"name": (None, "S"), "duration": (None, "60")}


@pytest.mark.parametrize(
    ("path", "form", "name"),
    [
        ("/service", SERVICE | {"schedule[0][zz]": FILE}, "zz"),
        ("/service", SERVICE | {"description": FILE}, "description"),
        ("/service", {"data[name]": (None, "S"), "data[photo]": FILE}, "photo"),
        ("/location", {"data": FILE}, "data"),
        ("/appointment", {"custom_data[q]": FILE}, "q"),
        ("/location/removePhoto", {"file_name": FILE}, "file_name"),
        ("/location/uploadPhoto", {"photo": FILE, "more": FILE}, "more"),
        ("/location/uploadPhoto", {"photo[photo]": FILE}, "photo"),
        ("/client/uploadPicture", {"photo": FILE, "client_id": FILE}, "client_id"),
    ],
)
def test_a_file_where_none_belongs_is_refused(sandbox: Sandbox, path: str, form: dict[str, Any], name: str) -> None:
    params = {"session_token": sandbox.token, "company_id": 2345, "location": sandbox.location()}
    answer = sandbox.request("POST", f"/api/v2{path}", params=params, files=form).json()
    assert (answer["statusCode"], answer["statusDescriptions"]) == (1, f"{name} must not be a file")


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
