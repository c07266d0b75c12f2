"""Nothing that is stored can do anything on a page, a page asks for nothing, and everybody can read it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.sandbox.page.style import STYLE
from tests.sandbox.page_reader import WHOLE_YEAR, Read, read, spa

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;{}#"


@pytest.mark.parametrize("path", ["/", "/tenants/2345", "/tenants/1", "/timetap-series"])
def test_the_browser_is_told_to_ask_for_nothing_and_to_run_nothing(sandbox: Sandbox, path: str) -> None:
    spa(sandbox)
    page = sandbox.request("GET", path)
    digest = b64encode(sha256(Read(page).style.encode()).digest()).decode()
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "img-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"


def filled(sandbox: Sandbox, name: str) -> None:
    """Reset, and put a name into everything that has one."""
    sandbox.control("POST", "/reset")
    sandbox.control("PUT", "/clock", {"now": "2026-03-02T00:00:00Z"})
    times = {"mo": {"time": [["9:00", "17:00"]]}}
    clean = name if not name.startswith("@") else f"@{name}"
    field = {
        "label": clean,
        "length": 9,
        "type": 7,
        "required": 1,
        "ord": 1,
        "status": 1,
        "visibility": 2,
        "readonly": 0,
    }
    person = {"email": "ann@example.com", "first_name": clean, "last_name": clean, "job": clean, "phone": clean}
    booked = {"client_email": "maya@example.com", "client_name": clean, "start_date": "2026-03-02 10:00"}
    rest = {"start_date": "2026-03-02 16:00:00", "end_date": "2026-03-02 18:00:00"}
    document = {
        "business": {"company_name": clean, "nick_name": "sandbox"},
        "locations": [{"key": "main", "name": clean, "city": clean, "street1": clean, "email": clean}],
        "services": [{"key": "s", "name": clean, "duration": 60}],
        "employees": [{"key": "e", "status": True, "links": {"@main": {"@s": 1}}} | person
                      | {"availabilities": [WHOLE_YEAR | {"days": times}]}],
        "holidays": [{"name": clean, "type": 2} | rest],
        "custom_fields": [field | {"hint": clean, "options": f"{clean}|x"}],
        "clients": [{"email": "maya@example.com", "name": clean, "city": clean}],
        "appointments": [booked | {"service_id": "@s", "location_id": "@main", "note": clean}],
    }  # fmt: skip
    sandbox.control("POST", "/seed", document)


def shapes(sandbox: Sandbox) -> list[list[tuple[str, tuple[str, ...]]]]:
    return [read(sandbox, path).shape for path in ("/", "/tenants/2345")]


def test_hostile_names_are_nothing_but_text(shared_sandbox: Sandbox) -> None:
    filled(shared_sandbox, "Plain")
    plain = shapes(shared_sandbox)
    filled(shared_sandbox, HOSTILE)
    assert shapes(shared_sandbox) == plain
    text = read(shared_sandbox, "/tenants/2345").text
    assert text.count(HOSTILE) > 10


@settings(max_examples=25, deadline=None)
@given(st.text(st.one_of(st.sampled_from("<>&\"'/@{}\0\u202e\ufeff"), st.characters()), min_size=1, max_size=40))
def test_any_name_is_nothing_but_text(shared_sandbox: Sandbox, name: str) -> None:
    shared_sandbox.control("POST", "/reset")
    if "\r" in name or not name.strip() or not name.isprintable():
        name = f"a{name}"
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    filled(shared_sandbox, name)
    read(shared_sandbox, "/")
    read(shared_sandbox, "/tenants/2345")


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour #rgb or #rrggbb (WCAG 2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "back"),
    [
        *(("text", "back"), ("text", "card"), ("soft", "back"), ("soft", "card"), ("link", "back"), ("link", "card")),
        *(("held-text", "held"), ("wait-text", "wait"), ("warn", "warn-back"), ("warn", "card"), ("warn", "back")),
        ("text", "closed"),
    ],
)
def test_there_is_enough_contrast(mode: str, text: str, back: str) -> None:
    light, dark = (dict(re.findall(r"--([a-z-]+):(#\w+)", part)) for part in STYLE.split("@media(prefers", 1))
    colours = light if mode == "light" else {**light, **dark}
    one, other = sorted((luminance(colours[text]), luminance(colours[back])))
    assert (other + 0.05) / (one + 0.05) >= 4.5


def test_everything_can_be_reached_in_order_by_keyboard_and_by_ear(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/seed", {"set": "demo"})
    for path in ("/", "/tenants/2345"):
        found = read(sandbox, path)
        tags = [tag for tag, _ in found.shape]
        assert found.links[0] == "#main"
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert tags.count("table") == tags.count("caption") == tags.count("thead")
        assert ("html", ("lang",)) in found.shape
        assert all("scope" in attributes for tag, attributes in found.shape if tag == "th")
