"""Time zones by their IANA names: which exist, which are one and the same, and which one a person may have meant.

Source of the names and links: the `tzdata` package, read on first use.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.kinds.values import refused

# What people call a zone when they do not know its IANA name; the first is the likeliest.
_COLLOQUIAL = {
    "America/Los_Angeles": "pacific pst pdt pt",
    "America/Denver": "mountain mdt mt",
    "America/Phoenix": "arizona",
    "America/Chicago": "central cst cdt ct",
    "America/New_York": "eastern edt et",
    "America/Halifax": "atlantic ast adt",
    "America/Anchorage": "alaska akst akdt",
    "Pacific/Honolulu": "hawaii hast",
    "Etc/UTC": "z utc coordinated",
    "Europe/London": "bst british uk england",
    "Europe/Lisbon": "western_european west",
    "Europe/Berlin": "central_european cest germany mez mesz",
    "Europe/Paris": "central_european cest france",
    "Europe/Athens": "eastern_european eest",
    "Europe/Moscow": "msk",
    "Africa/Johannesburg": "sast",
    "Asia/Kolkata": "ist india",
    "Asia/Shanghai": "china beijing",
    "Asia/Tokyo": "jst japan",
    "Australia/Sydney": "australian_eastern aest aedt",
    "Australia/Perth": "awst",
    "Pacific/Auckland": "nzst nzdt",
}
_LEGACY_REGIONS = ("US/", "Canada/", "Mexico/", "Brazil/", "Chile/", "Etc/")  # spellings that nobody should start using


def parse_zone(x: Any) -> str:
    """An IANA zone name, kept as written; an unknown one is refused with the nearest that exist."""
    if not isinstance(x, str):
        raise refused(x, "is not a time zone", "one such as America/Los_Angeles")
    if x in _links():
        return x
    if re.fullmatch(r"(?:utc|gmt)? ?[+-] ?[0-9][0-9:.]*", x.strip(), re.IGNORECASE):
        raise refused(x, "is an offset, which knows no summer time", "Region/City, for example Europe/Paris")
    choices = nearest(x)
    remedy = " or ".join(choices) if choices else "Region/City, for example America/Los_Angeles"
    raise refused(x, "is not a time zone", remedy)


def present_name(name: str) -> str:
    """The name that people use today for one from before there were regions: US/Pacific is America/Los_Angeles."""
    return canonical(name) if name.startswith(_LEGACY_REGIONS) and not name.startswith("Etc/") else name


def canonical(name: str) -> str:
    """The name at the end of the links from this one, for comparing and not for printing; KeyError if it is unknown."""
    links = _links()
    while links[name] != name:
        name = links[name]
    return name


def same_zone(a: str, b: str) -> bool:
    """Whether two zone names keep the same clock; a name that is unknown is the same as itself alone."""
    if a == b:
        return True
    links = _links()
    return a in links and b in links and canonical(a) == canonical(b)


def same_offsets(a: str, b: str) -> bool:
    """Whether two zones have the same time in winter and in summer; false for one that does not exist."""
    try:
        return _offsets(a) == _offsets(b)
    except (KeyError, ValueError):
        return False


@cache
def _offsets(name: str) -> tuple[timedelta | None, ...]:
    zone = ZoneInfo(name)
    return tuple(datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))


def nearest(x: str, count: int = 3) -> tuple[str, ...]:
    """Up to `count` names that a person may have meant, likeliest first, no two of them the same zone."""
    wanted = _folded(x[:100])
    found: list[str] = []
    likely = [*_by_name(wanted), *_by_colloquial(wanted), *_by_city(wanted)]
    for name in likely or _by_likeness(wanted):
        if not any(same_zone(name, other) for other in found):
            found.append(name)
    return tuple(found[:count])


@cache
def _links() -> dict[str, str]:
    """Every zone's name to the name it links to, a zone of its own to itself."""
    links: dict[str, str] = {}
    for line in (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="utf-8").splitlines():
        if line.startswith("Z "):
            name = line.split(maxsplit=2)[1]
            links[name] = name
        elif line.startswith("L "):
            _, target, alias = line.split()
            links[alias] = target
    links.pop("Factory", None)  # the database's own word for "nobody has set a zone"
    return links


@cache
def _folded_names() -> dict[str, str]:
    return {_folded(name): name for name in sorted(_links())}


@cache
def _cities() -> dict[str, list[str]]:
    """The folded last part of each Region/City to the names that end in it, zones of their own first."""
    cities: dict[str, list[str]] = {}
    links = _links()
    for name in sorted(links, key=lambda name: (links[name] != name, name)):
        if "/" in name and not name.startswith(_LEGACY_REGIONS):
            cities.setdefault(_folded(name.rpartition("/")[2]), []).append(name)
    return cities


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9+]+", "_", text.lower()).strip("_")


def _by_name(wanted: str) -> list[str]:
    name = _folded_names().get(wanted)
    return [name] if name else []


def _by_colloquial(wanted: str) -> list[str]:
    """The zones of the longest nicknames in the text: `central_european_time` is not America's Central."""
    named = [(nick, name) for name, nicks in _COLLOQUIAL.items() for nick in nicks.split() if _has(wanted, nick)]
    return [name for nick, name in named if not any(_has(other, nick) and other != nick for other, _ in named)]


def _has(text: str, words: str) -> bool:
    return f"_{words}_" in f"_{text}_"


def _by_city(wanted: str) -> list[str]:
    cities = _cities()
    if wanted in cities:
        return cities[wanted]
    within = [city for city in cities if len(city) > 3 and _has(wanted, city)]
    return [name for city in sorted(within, key=len, reverse=True) for name in cities[city]]


def _by_likeness(wanted: str) -> list[str]:
    cities, names = _cities(), _folded_names()
    by_city = [cities[city][0] for city in get_close_matches(wanted, cities, n=3, cutoff=0.75)]
    return by_city + [names[name] for name in get_close_matches(wanted, names, n=3, cutoff=0.8)]
