"""Workspaces that somebody made to break things: nearly right ones from a grammar, spoiled ones, bombs, odd encodings.

Every case follows from its number alone, so that a failure is found again by it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from provisioner.kinds import BY_SECTION
from provisioner.kinds.base import Spec, specs

EXAMPLES = Path(__file__).parents[2] / "examples"
SETTINGS = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
Files = dict[str, bytes]


class Case(NamedTuple):
    """The files of a workspace, and how they were made."""

    sort: str
    files: Files


# -- from a grammar

_KEYS = ("a", "b", "c", "west", "all", "location", "A b", "", "é", "x" * 64, "0", "-")
_BY_FORM = {
    "text": ("Juniper", "Ana's", "é\u0301", "${var:CITY}", "a: b", "x" * 300),
    "boolean": ("true", "false", "yes", "1"),
    "integer": ("0", "5", "-1", "1_000", "9" * 5000, "５"),
    "count": ("0", "5", "-1", "9" * 5000, "５"),
    "money": ("30", "29.50", "$30", "1e9", "NaN", "-0", "9" * 40),
    "zone": ("America/Los_Angeles", "Europe/Oslo", "../../etc/passwd", "+02:00"),
    "e-mail": ("ana@x.example", "a@x.example", "a@", "@" * 50),
    "URL": ("https://x.example", "javascript:1", "http://a@b/", "https://" + "a." * 200),
    "duration": ("45 min", "1 h 30 min", "2 d", "never", "1.5 h", "9" * 30 + " d"),
    "word": ("en", "none", "all", "12"),
    "degrees": ("34.0522", "-181", "NaN", "1e400"),
    "secret": ("${env:SECRET}", "${file:text.txt}", "plain", "${env:UNSET}", "${var:CITY}"),
}
_DURATIONS = (("whole hours", "2 h"), ("whole days", "3 d"))
_ODD = (
    "null", "~", "''", "[]", "{}", "[a, [b]]", "{a: {b: c}}", "*x", "&x [*x]", "&x v", "!!str a", "${", "${env:HOME}",
    "${file:../../etc/passwd}", "${file:/dev/zero}", "${file:text.txt|slug|upper}", "$${x}", "|\n  a\n",
    '"\\0\\e[31m\\u202e"', '"\\ud800"', "@x", "- a", "? a", "<<: *x", "2026-02-30", "2026..2025", "09:00-08:00",
    "closed", "mon-fri",
)  # fmt: skip
_ENDPOINTS = (
    "https://www.setster.com/api/v2", "HTTPS://www.ｓetster.com", "http://[::1", "http://127.0.0.1:99999", "ftp://x", "http://a@b",
    "https://" + "é" * 300, "https://x/${env:KEY}", "https://[v1.x]/", "httpſ://x.example", "//x", "{a: b}", "~", "https://\\x",
)  # fmt: skip
_HOURS = (
    "[{dates: 2026, week: {mon-fri: 09:00-17:00, sat: [09:00-11:00, 12:00-13:00]}}]",
    "[{dates: 2026-01-01..2026-06-30, week: {daily: 00:00-24:00}}]",
    "[{dates: 2026-01-01.., week: {daily: 00:00-24:00}}]",
    "[{dates: [2026], week: {mon: [09:00-10:00, 09:30-11:00]}}, {week: {}}]",
    "[{dates: 2026, spans: 3, week: {frid: 9}}]",
)
_SCOPES = ("all", "west", "w*", "[west, a]", "'[!'", "[]", "[all]", "nobody", "{a: b}", "${var:WHO}", "''")
_LINKS = (
    "{employees: all, locations: all, services: all}",
    "{employees: [a, b], locations: a, services: [c]}",
    "{employees: a}",
    "{employees: {a: b}, locations: [[a]], services: ~}",
    "a",
)


_BASE = """\
accounts:
  west: {company_name: West, nick_name: west}
  a: {company_name: A}
locations: {lobby: {name: Lobby}}
services: {cut: {name: Cut, duration: 45 min}}
---
account: all
locations: {lobby: {name: Lobby}}
services: {cut: {name: Cut, duration: 45 min}}
"""


class _Grammar:
    """A writer of manifests, most of whose choices are right; `malice` is how often they are not."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.malice = dice, dice.choice((0, 0.3, 1))
        self.count = 0

    def workspace(self) -> Files:
        files = {"provisioner.yaml": self.settings(), "text.txt": "Please be on time.\n"}
        for number in range(self.dice.randrange(1, 3)):
            documents = [self.document(first=number == 0 and n == 0) for n in range(self.dice.randrange(1, 4))]
            files[f"{'sub/' * number}m{number}.yaml"] = "---\n".join(documents)
        return {name: text.encode("utf-8", "surrogatepass") for name, text in files.items()}

    def settings(self) -> str:
        if not self.odd_one(0.3):
            return SETTINGS
        extra = (
            "credentials: {email: '${env:EMAIL}', api_key: &x '${env:KEY}'}\n",
            "limits: {concurrency: 0, calls_per_second: null, settle: -1}\n",
            "policy: {prune: all, max_destroy: [10, 30%, 5], max_update: x}\n",
            f"defaults: {{locations: {{city: {self.odd()}}}}}\n",
            "---\n",
        )
        lines = SETTINGS.splitlines(keepends=True)
        if self.likely(0.3):
            lines[2] = f"endpoint: {self.dice.choice(_ENDPOINTS)}\n"
        lines.insert(self.dice.randrange(len(lines) + 1), self.dice.choice(extra))
        return "".join(lines)

    def document(self, *, first: bool) -> str:
        if first:
            return _BASE
        scope = self.dice.choice(_SCOPES[: None if self.odd_one(0.3) else 4])
        text = f"account: {scope}\n" if self.likely(0.6) else ""
        sections = [name for name in BY_SECTION if name != "accounts" or not text]
        chosen = sections if self.likely(0.3) else self.dice.sample(sections, 2)
        for section in chosen:
            text += self.section(section)
        if self.odd_one(0.2):
            text += f"removed: {{service/{self.key()}: {{how: {self.dice.choice(('delete', 'forget', 'x'))}}}}}\n"
        return text

    def section(self, name: str) -> str:
        kind = BY_SECTION[name]
        if kind.key_kinds:
            links = _LINKS if self.odd_one(0.4) else _LINKS[:1]
            return f"{name}:\n" + "".join(f"  - {self.dice.choice(links)}\n" for _ in range(2))
        if self.odd_one(0.06):
            return f"{name}: {self.odd()}\n"
        self.count += 1
        keys = [self.key() for _ in range(3)] if self.odd_one(0.2) else [f"k{self.count}-{n}" for n in range(2)]
        return f"{name}:\n" + "".join(f"  {key}:{self.resource(name)}" for key in keys)

    def resource(self, section: str) -> str:
        known = specs(BY_SECTION[section])
        usual = [name for name, spec in known.items() if spec.role is None or self.odd_one(0.2)]
        chosen = [n for n, spec in known.items() if spec.required] + self.dice.sample(usual, min(3, len(usual)))
        others = [name for name in chosen if name.count(".") == 0 or name == chosen[-1]]
        lines = [self.line(name, known[name]) for name in dict.fromkeys(others)]
        if section == "employees" and self.likely(0.5):
            hours = self.dice.choice(_HOURS if self.odd_one(0.4) else _HOURS[:2])
            if self.odd_one(0.5):
                lines.append(f"at: {{a: {{services: [a, c], hours: {hours}}}}}")
            else:
                lines.append(f"at: {{lobby: {{services: [cut], hours: {hours}}}}}")
            lines.append(f"away: {self.odd() if self.odd_one(0.2) else '[2026-08-03..2026-08-14, 2027]'}")
        if self.likely(0.05):
            lines.append(f"lifecycle: {{protect: true, was: [z], ignore: [{self.dice.choice(chosen)}], id: 8}}")
        if self.likely(0.5):
            return " {" + ", ".join(lines) + "}\n"
        return "\n" + "".join(f"    {line}\n" for line in lines)

    def line(self, name: str, spec: Spec) -> str:
        """A field with its value, in the group that it belongs to."""
        group, _, shown = name.rpartition(".")
        line = f"{self.field(shown)}: {self.value(spec)}"
        return f"{group}: {{{line}}}" if group else line

    def field(self, shown: str) -> str:
        """A name, rarely misspelt."""
        return shown if not self.odd_one(0.04) else self.dice.choice((shown[:-1], f"{shown}.x", "<<", '"\\t"', ""))

    def value(self, spec: Spec) -> str:
        if self.odd_one(0.04):
            return self.odd()
        choices = _BY_FORM.get(spec.form.name, ("x",))
        if self.odd_one(0.1):
            value = self.dice.choice(choices)
        elif spec.name in ("name", "email", "nick_name"):
            value = (
                f"{self.dice.choice('abcdefgh')}{self.dice.randrange(10_000)}{'@x.example' * (spec.name == 'email')}"
            )
        elif spec.form.name == "duration":
            value = next((right for word, right in _DURATIONS if word in spec.form.grammar), "45 min")
        else:
            value = str(spec.form.schema.get("enum", choices)[0])
        return f"'{value}'" if self.likely(0.9) and "'" not in value else value

    def key(self) -> str:
        return f'"{self.dice.choice(_KEYS)}"'

    def odd_one(self, share: float) -> bool:
        """Whether this is one of the choices that are not right."""
        return self.dice.random() < share * self.malice

    def likely(self, share: float) -> bool:
        return self.dice.random() < share

    def odd(self) -> str:
        return self.dice.choice(_ODD)


# -- spoiled

_TOKENS = (
    b"\n", b"\t", b"  ", b": ", b":", b"- ", b"---\n", b"...\n", b"{", b"}", b"[", b"]", b"'", b'"', b"&x ", b"*x",
    b"<<: *x\n", b"!!binary ", b"%TAG ! x\n", b"%YAML 9.9\n", b"? ", b"|", b">-\n", b"#", b"\\", b"${", b"${var:CITY}",
    b"${env:KEY}",
    b"\x00", b"\x1b[2J", b"\x7f", b"\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80",
    b"\xef\xbb\xbf", b"\xf4\x90\x80\x80", b"\xe9", b"~", b"null", b"9" * 5000,
)  # fmt: skip


@cache
def examples() -> tuple[tuple[str, bytes], ...]:
    """Every manifest of the examples, by its path in them; hidden files are none."""
    return tuple((str(path.relative_to(EXAMPLES)), path.read_bytes()) for path in sorted(EXAMPLES.rglob("[!.]*.yaml")))


def _mutated(dice: random.Random) -> Files:
    """One example with bytes that were changed, cut, doubled or put elsewhere."""
    home = dice.choice(sorted({name.partition("/")[0] for name, _ in examples()}))
    files = {name.partition("/")[2]: data for name, data in examples() if name.startswith(f"{home}/")}
    name = dice.choice(sorted(files))
    data = files[name]
    for _ in range(dice.randrange(1, 6)):
        data = _spoil(data, dice)
    return files | {name: data}


def _spoil(data: bytes, dice: random.Random) -> bytes:
    at, end = sorted((dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)))
    match dice.randrange(7):
        case 0:
            return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        case 1:
            return data[:at] + data[min(end, at + 40) :]
        case 2:
            return data[:end] + data[at:]
        case 3:
            return data[:at]
        case 4:
            lines = data.splitlines(keepends=True)
            dice.shuffle(lines)
            return b"".join(lines)
        case _:
            return data[:at] + dice.choice(_TOKENS) + data[at:]


# -- encodings

_ENCODINGS: tuple[Callable[[str], bytes], ...] = (
    lambda text: text.encode("utf-16"),
    lambda text: text.encode("utf-16-be"),
    lambda text: text.encode("utf-32"),
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: b"\xef\xbb\xbf" * 2 + text.encode(),
    lambda text: text.encode("latin-1", "replace"),
    lambda text: text.encode("cp1252", "replace").replace(b"e", b"\x80"),
    lambda text: text.encode().replace(b"/", b"\xc0\xaf"),  # overlong
    lambda text: text.encode().replace(b"a", b"\xe0\x81\xa1"),
    lambda text: text.encode().replace(b"e", b"\xed\xa0\x80"),  # half of a surrogate pair
    lambda text: text.replace("e", "\\ud800").encode(),
    lambda text: text.encode().replace(b" ", b"\x00"),
    lambda text: text.encode().replace(b"\n", b"\r"),
    lambda text: text.encode().replace(b"\n", b"\xc2\x85"),
    lambda text: text.encode("utf-7"),
    lambda text: text.encode("cp037"),  # EBCDIC
    lambda text: bytes(reversed(text.encode())),
)


def _encoded(dice: random.Random) -> Files:
    text = 'services:\n  cut: {name: "Café Léa", duration: 45 min, description: "a\\u00e9"}\n'
    name = dice.choice(("m.yaml", "provisioner.yaml"))
    spoiled = dice.choice(_ENCODINGS)(text if name == "m.yaml" else SETTINGS + "# Café\n")
    return {"provisioner.yaml": SETTINGS.encode(), "m.yaml": text.encode(), name: spoiled}


# -- bombs, of a size that a test can pay for


def _chain(levels: int, width: int, deep: int) -> str:
    """Anchors that each hold the one before, several times over and deeply nested."""
    opening, closing = "[" * deep, "]" * deep
    lines = [f"a0: &a0 {opening}x{closing}"]
    lines += [f"a{n}: &a{n} {opening}{', '.join([f'*a{n - 1}'] * width)}{closing}" for n in range(1, levels)]
    return "\n".join(lines) + f"\nservices: {{cut: {{name: *a{levels - 1}, duration: *a0}}}}\nremoved: *a{levels - 1}\n"


def _everywhere(count: int) -> str:
    """Every service in every account, document by document."""
    accounts = "".join(f"  a{n}: {{company_name: A}}\n" for n in range(count))
    services = (f"services: {{s{n}: {{name: S{n}, duration: 15 min}}}}\n" for n in range(count))
    return f"accounts:\n{accounts}" + "".join(f"---\naccount: 'a*'\n{each}" for each in services)


_BOMBS: tuple[Callable[[int], str], ...] = (
    lambda n: _chain(n, 9, 1),
    lambda n: _chain(2 * n, 1, 50),
    lambda n: "services: &a\n  cut: {name: *a, duration: 15 min}\n  <<: *a\n" * (n % 3 + 1),
    lambda n: "a: " + "[" * 10_000 + ("]" * 10_000 if n % 2 else ""),
    lambda n: "a:\n" + "".join(f"{' ' * i}k:\n" for i in range(1, 10 * n)),
    lambda n: "services:\n  cut: " + "{name: " * n + "x" + "}" * n + "\n",
    lambda n: "? " * 10 * n + "x",
    lambda n: "locations:\n" + "".join(f"  a{i}: ~\n" for i in range(60 * n)),
    lambda n: "locations: {a: {name: '" + "${var:CITY}" * 100 * n + "'}}\n",
    lambda n: "locations: {a: {name: '" + "${" * 1000 * n + "'}}\n",
    lambda n: f"locations: {{a: {{name: {'x' * 10_000 * n}, {'y' * 10_000 * n}: z}}}}\n",
    _everywhere,
    lambda n: "links:\n" + "  - {employees: all, locations: all, services: all}\n" * 20 * n,
    lambda n: "\n---\n".join("services: {}" for _ in range(50 * n)),
    lambda n: "!x " * n + "a: b\n" + "%TAG !x! y\n" * n,
    lambda n: f"services: {{cut: {{name: x, duration: {'1 h ' * 100 * n}, price: {'9' * 500 * n}}}}}\n",
)  # fmt: skip


def _bomb(dice: random.Random) -> Files:
    text = dice.choice(_BOMBS)(dice.randrange(1, 12))
    if dice.random() < 0.15:
        return {"provisioner.yaml": (SETTINGS + text).encode()}
    return {"provisioner.yaml": SETTINGS.encode(), "m.yaml": text.encode()}


# -- all of them


def _grammatical(dice: random.Random) -> Files:
    return _Grammar(dice).workspace()


def _grammatical_and_spoiled(dice: random.Random) -> Files:
    files = _grammatical(dice)
    name = dice.choice(sorted(files))
    return files | {name: _spoil(files[name], dice)}


_SORTS: tuple[Callable[[random.Random], Files], ...] = (
    _grammatical,
    _grammatical,
    _grammatical_and_spoiled,
    _grammatical_and_spoiled,
    _mutated,
    _mutated,
    _mutated,
    _encoded,
    _bomb,
)


def case(number: int) -> Case:
    """The case of a number."""
    sort = _SORTS[number % len(_SORTS)]
    return Case(sort.__name__.strip("_"), sort(random.Random(number)))


def cases(first: int, count: int) -> Iterator[tuple[int, Case]]:
    """Some cases, each with its number."""
    return ((number, case(number)) for number in range(first, first + count))
