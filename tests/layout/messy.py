"""Manifests written by someone in a hurry: every indentation, order, quote and comment there is. Made from a number."""

from __future__ import annotations

import random

from provisioner.kinds import BY_SECTION
from provisioner.kinds.base import specs

_SCALARS = (
    "45 min", "'45 min'", '"45 min"', "01234", "'it''s'", "'say \"x\"'", "'back\\slash'", '"tab\\t"', "NO", "null",
    "Null", "1e3", "'#no comment'", "a#b", "${var:CITY}", "'${var:CITY}'", "é ü", "''", '""', "2027-08-03", "0x10",
    "'a: b'", "9:00", "'Cut # 5'", '"Cut # 6"', "'${var:A # b}'",
)  # fmt: skip
_WORDS = ("front desk", "# twice", "key: value", "it's", '"', "- x", "[", "{")
_STEPS = (1, 2, 3, 4, 8)


class Messy:
    """A writer of one text."""

    def __init__(self, number: int) -> None:
        self.dice = random.Random(number)
        self.lines: list[str] = []
        self.names = 0

    def text(self) -> str:
        """The whole text."""
        for number in range(self.dice.randrange(1, 3)):
            if number or self.likely(0.2):
                self.lines.append(f"---{self.dice.choice(('', ' # next'))}")
            self.document()
        ending = self.dice.choice(("\n", "", "\n\n\n", "\n# the end", "\n  # the end\n"))
        body = "\n".join(self.lines) + ending
        return body.replace("\n", "\r\n") if self.likely(0.1) else body

    def document(self) -> None:
        """Some sections, each once."""
        column = self.dice.choice((0, 0, 0, 2))
        sections = [name for name, kind in BY_SECTION.items() if not kind.key_kinds]
        for section in self.dice.sample(sections, self.dice.randrange(1, 4)):
            self.between(column)
            self.say(column, f"{section}:")
            step = column + self.dice.choice(_STEPS)
            for _ in range(self.dice.randrange(1, 4)):
                self.resource(section, step)
        if self.likely(0.4):
            self.links(column)

    def resource(self, section: str, column: int) -> None:
        """One resource in brackets or in lines."""
        self.names += 1
        self.between(column)
        known = [name for name in specs(BY_SECTION[section]) if "." not in name]
        fields = self.dice.sample(known, min(len(known), self.dice.randrange(1, 6)))
        if self.likely(0.4):
            self.say(column, f"k{self.names}: {self.brackets(fields, column)}")
            return
        anchor = f" &a{self.names}" if self.likely(0.05) else ""
        self.say(column, f"k{self.names}:{anchor}")
        step = column + self.dice.choice(_STEPS)
        for name in fields:
            self.between(step)
            self.field(name, step)
        if section == "employees" and self.likely(0.6):
            self.inside(step)

    def brackets(self, fields: list[str], column: int) -> str:
        """A mapping on one line or on several."""
        parts = [f"{name}: {self.scalar(flow=True)}" for name in fields]
        if self.likely(0.3):
            gap = f",\n{' ' * (column + self.dice.randrange(1, 9))}"
            comment = f"   # {self.dice.choice(_WORDS)}" if self.likely(0.3) else ""
            return "{" + gap.replace(",", f",{comment}").join(parts) + "}"
        return "{" + self.dice.choice((", ", ",  ", " , ")).join(parts) + self.dice.choice(("}", " }", ", }"))

    def field(self, name: str, column: int) -> None:
        """A field with a scalar of one line or more."""
        match self.dice.randrange(10):
            case 0:
                self.say(column, f"{name}: {self.dice.choice(('|', '>', '|-', '|+', '>-', '|2'))}")
                step = column + (2 if self.lines[-1].endswith("2") else self.dice.choice(_STEPS))
                self.lines += [f"{' ' * step}text # no comment", f"{' ' * step}   more"]
                self.lines += [""] * self.dice.randrange(3)
            case 1:
                self.say(column, f"{name}: one")
                self.lines.append(f"{' ' * (column + self.dice.choice(_STEPS))}two")
            case 2:
                self.say(column, f"{name}: 'one")
                self.lines += ["", f"{' ' * (column + self.dice.choice(_STEPS))}{self.dice.choice(('', '# '))}two'"]
            case _:
                behind = self.dice.choice(("", "", "  ", " # why", "      # aligned", f" # {self.dice.choice(_WORDS)}"))
                self.say(column, f"{name}:{' ' * self.dice.randrange(1, 4)}{self.scalar()}{behind}")
                if behind.strip() and self.likely(0.2):
                    self.say(self.lines[-1].rindex(" #") + 1, "# and more")

    def inside(self, column: int) -> None:
        """Where an employee works."""
        one, two = (column + self.dice.choice(_STEPS) for _ in range(2))
        self.say(column, "at:")
        self.say(one, "studio:")
        inner = one + self.dice.choice(_STEPS)
        if self.likely(0.5):
            self.say(inner, "services: [a,  b]")
        self.say(inner, "hours:")
        dash = inner + self.dice.choice((0, 2, 4))
        for _ in range(self.dice.randrange(1, 3)):
            self.between(dash)
            gap = " " * self.dice.randrange(1, 4)
            first, second = self.dice.sample(("dates: 2027", "week: {mon: 09:00-17:00}"), 2)
            self.say(dash, f"-{gap}{first}")
            self.between(dash + 1 + len(gap))
            self.say(dash + 1 + len(gap), second)
        if two == inner or self.likely(0.3):
            self.say(inner, "services: all") if "services" not in "".join(self.lines[-9:]) else None

    def links(self, column: int) -> None:
        """A list of brackets and of lines."""
        self.say(column, "links:")
        dash = column + self.dice.choice((0, 2, 3))
        self.say(dash, "- {services: all, employees: [a], locations: all}")
        self.between(dash)
        self.say(dash, "-   services: all")
        self.say(dash + 4, "employees: all")
        self.between(dash + 4)
        self.say(dash + 4, "locations: all")

    def between(self, column: int) -> None:
        """Blank lines and comments, rarely where they belong."""
        if self.likely(0.15):
            self.lines.append(" " * self.dice.choice((0, 0, 3)))
        if self.likely(0.2):
            at = self.dice.choice((column, column, column, 0, column + 2))
            self.lines.append(f"{' ' * at}# {self.dice.choice(_WORDS)}")
        if self.likely(0.05):
            self.lines.append("")

    def scalar(self, *, flow: bool = False) -> str:
        """One scalar, as it may stand in brackets."""
        chosen = self.dice.choice(_SCALARS)
        return f'"{chosen}"' if flow and chosen.startswith("$") else chosen

    def say(self, column: int, text: str) -> None:
        self.lines.append(f"{' ' * column}{text}")

    def likely(self, share: float) -> bool:
        return self.dice.random() < share
