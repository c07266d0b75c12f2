"""Manifests as people write them, with the lines of every value: made from a number, and good enough to be applied."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

COMMENTS = ("", "", "", "  # why", '   # ask Ana: "38?"', "\t# a tab before", " # {not: brackets}")
TEXTS = (
    "Plain words", "it's here", 'say "yes"', "a: colon", "no # comment", "# begins so", "null", "true", "012",
    "- dash", "{brace", "é ü 日本", "x, y", "${not ours}", "tab\there", "*star", "&and", "100 %", "@home", "a  b",
    "two\nlines", "two\n\nparagraphs", "C:\\path", "...", "---", "~", "=", "[1]", "trailing:", "'quoted'",
)  # fmt: skip
WEEKS: tuple[dict[str, Any], ...] = (
    {"mon-fri": "9:00-17:00"},
    {"mon-fri": "09:00-17:00", "sat": "10:00-14:00"},
    {"mon wed": ["08:00-12:00", "13:00-18:00"], "fri": "8:00-12:00"},
    {"daily": "10:00-20:00"},
    {"tue-thu": "07:30-15:30", "sun": "closed"},
)
DATES = ("2027", "2028-01", "2028-02-01..2028-05-31", "2028-06", "2029")
AWAY = ("2027-08-02..2027-08-13", "2027-12-24", "2028-03", "2028-07-01..2028-07-04")
OPTIONS = ("Friend", "Web", "it's", "a, b", "Radio", "yes: no")
EVENTS = ("appointment.created", "appointment.canceled", "appointment.updated", "appointment.reminder")
Where = tuple[str, str]
"""An address and a field."""


class Untidy:
    """A writer of one manifest; `where` has the lines, from 0, on which each value is written."""

    def __init__(self, number: int) -> None:
        self.dice = random.Random(number)
        self.lines: list[str] = []
        self.where: dict[Where, set[int]] = {}
        self.anchors: dict[str, tuple[str, set[int]]] = {}
        self.services = [f"s{n}" for n in range(self.dice.randrange(1, 4))]
        self.places = [f"l{n}" for n in range(self.dice.randrange(1, 3))]

    def text(self) -> str:
        """The whole text."""
        sections = [self.locations, self.menu, self.people, self.questions, self.hooks]
        for section in sections:
            self.between(0)
            section()
        if self.likely(0.2):
            self.lines.insert(0, "---")
            self.where = {key: {line + 1 for line in lines} for key, lines in self.where.items()}
        ending = self.dice.choice(("\n", "\n", "", "\n\n# the end\n"))
        body = "\n".join(self.lines) + ending
        return body.replace("\n", "\r\n") if self.likely(0.15) else body

    # -- sections

    def locations(self) -> None:
        self.say(0, "locations:")
        for number, key in enumerate(self.places):
            fields = [("name", f"Place {key}")]
            fields += [("main", "true")] if not number else []
            fields += self.some([("city", self.words()), ("zip", "01234"), ("description", self.words()),
                                 ("phone", "(213) 555-0142"), ("virtual", "false")])  # fmt: skip
            self.resource(f"location/{key}", key, fields)

    def menu(self) -> None:
        self.say(0, "services:")
        for key in self.services:
            fields = [("name", f"Service {key}"), ("duration", self.dice.choice(("45 min", "1 h", "90 min")))]
            fields += self.some([("price", self.dice.choice(("30", "29.50", "38"))), ("description", self.words()),
                                 ("auto_confirm", "true"), ("duration_padding", "10 min"),
                                 ("widget_message", self.words()),
                                 ("prior_notice", "2 h"), ("max_clients", "3")])  # fmt: skip
            self.resource(f"service/{key}", key, fields)

    def people(self) -> None:
        self.say(0, "employees:")
        for key in ("ana", "ben")[: self.dice.randrange(1, 3)]:
            self.between(2)
            self.say(2, f"{key}:")
            more = self.some([("job", self.words()), ("bio", self.words()), ("active", "true")])
            names = [("email", f"{key}@x.example"), ("first_name", key.title()), ("last_name", "Diaz")]
            for name, text in (*names, *more):
                self.field(f"employee/{key}", name, text, 4)
            if self.likely(0.8):
                self.inside(key)
            if self.likely(0.6):
                self.listed(f"away/{key}", "away", self.dice.sample(AWAY, self.dice.randrange(1, 4)), 4)

    def inside(self, key: str) -> None:
        self.between(4)
        self.say(4, "at:")
        for place in self.some(self.places) or self.places[:1]:
            self.say(6, f"{place}:")
            chosen = self.some(self.services)
            if chosen:
                self.listed(f"link/{key}/{place}", "services", chosen, 8)
            if self.likely(0.8) or not chosen:
                self.hours(f"hours/{key}/{place}", 8)

    def hours(self, address: str, column: int) -> None:
        begin = len(self.lines)
        self.say(column, f"hours:{self.dice.choice(COMMENTS)}")
        dash = column + self.dice.choice((0, 2))
        for dates in sorted(self.dice.sample(DATES, self.dice.randrange(1, 3))):
            week = self.dice.choice(WEEKS)
            self.between(dash)
            if self.likely(0.5):
                self.say(dash, f"- {{dates: {dates}, week: {brackets(week)}}}{self.dice.choice(COMMENTS)}")
                continue
            self.say(dash, f"-  dates: {dates}{self.dice.choice(COMMENTS)}")
            if self.likely(0.5):
                self.say(dash + 3, f"week: {brackets(week)}")
            else:
                self.say(dash + 3, "week:")
                for days, hours in week.items():
                    self.say(dash + 6, f"{days}: {brackets(hours)}{self.dice.choice(COMMENTS)}")
        self.where[address, "hours"] = set(range(begin, len(self.lines)))

    def questions(self) -> None:
        self.say(0, "custom_fields:")
        self.say(2, "q:")
        self.field("custom_field/q", "label", "How?", 4)
        self.say(4, "type: dropdown")
        self.listed("custom_field/q", "options", self.dice.sample(OPTIONS, self.dice.randrange(2, 5)), 4)

    def hooks(self) -> None:
        self.say(0, "webhooks:")
        self.say(2, "crm:")
        self.say(4, "target_url: https://crm.example/hook")
        self.listed("webhook/crm", "events", self.dice.sample(EVENTS, self.dice.randrange(1, 4)), 4)

    # -- values

    def resource(self, address: str, key: str, fields: Sequence[tuple[str, str]]) -> None:
        """In brackets on one line or several, or in lines."""
        self.between(2)
        kind = self.dice.randrange(4)
        if kind == 0:
            parts = [f"{name}: {self.quoted(text, flow=True)}" for name, text in fields]
            for name, _ in fields:
                self.where[address, name] = {len(self.lines)}
            self.say(2, f"{key}: {{{', '.join(parts)}}}{self.dice.choice(COMMENTS)}")
        elif kind == 1:
            self.say(2, f"{key}: {{")
            for number, (name, text) in enumerate(fields):
                self.where[address, name] = {len(self.lines)}
                comma = "," if number + 1 < len(fields) or self.likely(0.5) else ""
                self.say(5, f"{name}: {self.quoted(text, flow=True)}{comma}{self.dice.choice(COMMENTS)}")
            self.say(2, "}")
        else:
            self.say(2, f"{key}:{self.dice.choice(COMMENTS)}")
            for name, text in fields:
                self.field(address, name, text, 2 + self.column)

    @property
    def column(self) -> int:
        """How much deeper fields stand; the same in one text."""
        return 2 + len(self.services) % 2

    def field(self, address: str, name: str, text: str, column: int) -> None:
        self.between(column)
        begin = len(self.lines)
        anchor = self.anchors.get(name)
        if anchor and anchor[0] == text and self.likely(0.7):
            self.say(column, f"{name}: *{name}{self.dice.choice(COMMENTS)}")
            self.where[address, name] = {begin} | anchor[1]
            return
        if "\n" in text or (len(text) > 8 and self.likely(0.15) and "${" not in text and "\t" not in text):
            self.say(column, f"{name}: |-{self.dice.choice(COMMENTS)}")
            self.lines += [f"{' ' * (column + 2)}{line}" if line else "" for line in text.split("\n")]
        elif anchor is None and self.likely(0.3):
            self.anchors[name] = text, {begin}
            self.say(column, f"{name}: &{name} {self.quoted(text)}{self.dice.choice(COMMENTS)}")
        else:
            self.say(column, f"{name}:{' ' * self.dice.randrange(1, 4)}{self.quoted(text)}{self.dice.choice(COMMENTS)}")
        self.where[address, name] = set(range(begin, len(self.lines)))

    def listed(self, address: str, name: str, items: Sequence[str], column: int) -> None:
        begin = len(self.lines)
        match self.dice.randrange(3):
            case 0:
                inner = ", ".join(self.quoted(item, flow=True) for item in items)
                self.say(column, f"{name}: [{inner}]{self.dice.choice(COMMENTS)}")
            case 1:
                self.say(column, f"{name}: [")
                for item in items:
                    self.say(column + 2, f"{self.quoted(item, flow=True)},{self.dice.choice(COMMENTS)}")
                self.say(column, "]")
            case _:
                self.say(column, f"{name}:{self.dice.choice(COMMENTS)}")
                dash = column + self.dice.choice((0, 2))
                for item in items:
                    self.between(dash)
                    self.say(dash, f"-{' ' * self.dice.randrange(1, 3)}{self.quoted(item)}{self.dice.choice(COMMENTS)}")
        self.where[address, name] = set(range(begin, len(self.lines)))

    def quoted(self, text: str, *, flow: bool = False) -> str:
        """In some quotes that can hold it."""
        said = text.replace("${", "$${")
        plain = said.replace(" ", "").replace(".", "").replace(":", "").replace("-", "").replace("@", "")
        simple = plain.isalnum() and said[0].isalnum() and not said.endswith(":") and ": " not in said
        if simple and said != "null" and not (flow and ":" in said) and self.likely(0.6):
            return said
        if self.likely(0.5) and said.isprintable():
            return "'" + said.replace("'", "''") + "'"
        escaped = said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'

    def words(self) -> str:
        return self.dice.choice(TEXTS)

    def some(self, items: Sequence[Any]) -> list[Any]:
        return [item for item in items if self.likely(0.5)]

    def between(self, column: int) -> None:
        if self.likely(0.12):
            self.lines.append("")
        if self.likely(0.12):
            self.lines.append(
                f"{' ' * self.dice.choice((column, 0, column + 1))}# {self.dice.choice(('note', 'a: b', '- x'))}"
            )

    def say(self, column: int, text: str) -> None:
        self.lines.append(f"{' ' * column}{text}")

    def likely(self, share: float) -> bool:
        return self.dice.random() < share


def brackets(value: Any) -> str:
    """A week or the hours of a day on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {brackets(each)}" for key, each in value.items()) + "}"
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)
