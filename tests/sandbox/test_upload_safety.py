"""Uploads that mean no good: forms that take long to read, and pictures that are none or more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provisioner.sandbox.tables import pictures
from tests.sandbox.conftest import API

if TYPE_CHECKING:
    import httpx

    from tests.sandbox.conftest import Sandbox

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BOUNDARY = "----AaB03x"
BYTES = "application/octet-stream"


def send(sandbox: Sandbox, head: bytes) -> tuple[int, str]:
    """Upload a picture of the first location under a part's head."""
    number = sandbox.ok("GET", "/location")[0]["id"]
    params = {"session_token": sandbox.token, "company_id": sandbox.company, "location": number}
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    mark = f"--{BOUNDARY}".encode()
    body = mark + b"\r\n" + head + b"\r\n\r\n" + SVG + b"\r\n" + mark + b"--\r\n"
    url = f"{API}/location/uploadPhoto"
    answer = sandbox.request("POST", url, params=params, content=body, headers=headers).json()
    return answer["statusCode"], answer["statusDescriptions"]


def shown(sandbox: Sandbox) -> httpx.Response:
    return sandbox.request("GET", sandbox.ok("GET", "/location")[0]["photo"])


def picture(media_type: bytes) -> bytes:
    return b'Content-Disposition: form-data; name="photo"; filename="a.svg"\r\nContent-Type: ' + media_type


@pytest.mark.parametrize("unit", [b"a", b'a="', b'a=""', b"a=", b'"', b"=", b";", b"a ", b'a="b'])
def test_a_long_head_is_read_as_quickly_as_a_short_one(sandbox: Sandbox, unit: bytes) -> None:
    """A million characters: whatever looks at them in pairs would take hours."""
    code, _ = send(sandbox, b"Content-Disposition: form-data; " + unit * (1_000_000 // len(unit)))
    assert code == 1


@pytest.mark.parametrize("written", ["image/svg+xml", "image/png", "image/vnd.ms-photo", "image/x-icon; a=b"])
def test_the_media_type_of_an_image_stays(sandbox: Sandbox, written: str) -> None:
    assert send(sandbox, picture(written.encode())) == (0, "OK")
    assert shown(sandbox).headers["content-type"] == written.partition(";")[0]


@pytest.mark.parametrize(
    "written",
    [
        "text/html",
        "image/",
        "image/\xe4",
        "image/p\nx-evil: 1",
        "image/p ng",
        "image/png,text/html",
        "\u0130mage/png",
        "",
    ],
)
def test_what_does_not_say_that_it_is_an_image_is_just_bytes(sandbox: Sandbox, written: str) -> None:
    assert send(sandbox, picture(written.encode())) == (0, "OK")
    answer = shown(sandbox)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, BYTES, SVG)
    assert "x-evil" not in answer.headers


def test_one_that_was_kept_before_is_shown_as_bytes(sandbox: Sandbox) -> None:
    send(sandbox, picture(b"image/png"))
    (kept,) = sandbox.dump()["pictures"]
    store = sandbox.app.state.store
    pictures.save(store, "location", kept["id"], sandbox.company, kept["name"], "image/\xe4\u20ac\n", SVG)
    assert shown(sandbox).headers["content-type"] == BYTES


def test_a_script_in_a_picture_can_do_nothing(sandbox: Sandbox) -> None:
    send(sandbox, picture(b"image/svg+xml"))
    headers = shown(sandbox).headers
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
