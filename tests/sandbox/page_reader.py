"""Pages, read as strictly as no browser would, and a tenant to look at."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from tests.sandbox.conftest import Sandbox

WHOLE_YEAR = {"start_date": "1/1/2026", "end_date": "12/31/2026", "repeat": 1, "type": 0}
EMPTY = {"meta", "img"}
_TAGS = """html head title style body a header main nav section h1 h2 h3 h4 p ul ol li table caption thead tbody tr th
td div span b i bdi code"""
TAGS = EMPTY | {*_TAGS.split()}
ATTRIBUTES = {
    *("charset", "name", "content", "lang", "id", "class", "href", "src", "alt", "scope", "title", "data-of"),
    *("aria-label", "aria-hidden"),
}


class Read(HTMLParser):
    """A page that has been read: it has to be well-formed, and of the elements and attributes that are meant."""

    def __init__(self, page: httpx.Response) -> None:
        super().__init__()
        self.open: list[str] = []
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.classes: list[str] = []
        self.style = ""
        self.words: list[str] = []
        self.feed(page.text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            assert value is not None
            self.ids += [value] if name == "id" else []
            self.links += [value] if name in {"href", "src"} else []
            self.classes += value.split() if name == "class" else []
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def read(sandbox: Sandbox, path: str) -> Read:
    """Get a page, and check what holds for every one."""
    page = sandbox.request("GET", path)
    assert page.status_code == 200, page.text
    found = Read(page)
    assert len(found.ids) == len(set(found.ids))
    for link in found.links:
        assert link[0] in "/?#", link
        assert not link.startswith("//")
        assert link[0] != "#" or link[1:] in found.ids
    assert not re.search(r"url\(|@import|expression|https?:", found.style)
    return found


def spa(sandbox: Sandbox) -> tuple[int, int, int]:
    """Make a location where Ann does massages, on Mondays and Tuesdays from 9 to 12 and from 13 to 17."""
    place, service = sandbox.location(city="Rome"), sandbox.service(start_step=30)
    ann = sandbox.employee(status=True, links={str(place): {str(service): 1}})
    times = {"time": [["9:00", "12:00"], ["13:00", "17:00"]]}
    assign(sandbox, ann, WHOLE_YEAR | {"days": {"mo": times, "tu": times}, "location_id": place})
    return place, service, ann


def assign(sandbox: Sandbox, employee: int, *entries: dict[str, Any]) -> None:
    sandbox.ok("PUT", f"/employee/{employee}/assignAvailability", {"availabilities": entries})


def book(sandbox: Sandbox, service: int, place: int, start: str, **more: Any) -> int:
    body = {"client_email": "maya@example.com", "client_name": "Maya", "start_date": start, "service_id": service}
    return int(sandbox.ok("POST", "/appointment", body | {"location_id": place} | more)["id"])
