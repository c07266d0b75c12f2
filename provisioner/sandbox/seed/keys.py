"""The names that a seed document gives to ids it cannot know: `@spa` stands for what was made with the key `spa`."""

from __future__ import annotations

import re
from typing import Any

WORD = re.compile(r"\w[\w-]*")
_IN_PATH = re.compile(r"@(\w[\w-]*)")


class Keys:
    """The keys of one account; `own` are those that its document added, with their ids."""

    def __init__(self, given: dict[str, int]) -> None:
        self._given = given
        self.own: dict[str, int] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._given or key in self.own

    def __getitem__(self, key: str) -> int:
        known = self._given | self.own
        if key not in known:
            raise ValueError(f"@{key} is no key yet; there are {', '.join(known)}; a text that begins with @ is @@...")
        return known[key]

    def add(self, key: str, number: int) -> None:
        """Name an id."""
        if key not in self._given:
            self.own[key] = number

    def resolved(self, value: Any) -> Any:
        """Return a JSON value with ids in the place of keys; ValueError for a key that is not known."""
        if isinstance(value, dict):
            return {self._name(name): self.resolved(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.resolved(each) for each in value]
        return self._text(value) if isinstance(value, str) else value

    def in_path(self, path: str) -> str:
        """Return a path with ids in the place of keys; ValueError as for `resolved`."""
        return _IN_PATH.sub(lambda found: str(self[found[1]]), path)

    def _name(self, name: str) -> str:
        return str(self._text(name))

    def _text(self, text: str) -> str | int:
        if text.startswith("@@"):
            return text[1:]
        return self[text[1:]] if text.startswith("@") else text
