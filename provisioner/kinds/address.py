"""The name of a resource in the manifests: `[ACCOUNT/]KIND/KEY`, with as many keys as the kind has parts."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple


class Address(NamedTuple):
    """Where a resource stands; `account` is "" for the account that is acted as."""

    account: str
    kind: str
    key: tuple[str, ...]

    def __str__(self) -> str:
        local = f"{self.kind}/{'/'.join(self.key)}"
        return f"{self.account}/{local}" if self.account else local

    @property
    def local(self) -> str:
        """The address without its account, for lines that stand under the account's name."""
        return f"{self.kind}/{'/'.join(self.key)}"

    def matches(self, pattern: str) -> bool:
        """Whether a glob such as `acme-west/location/*` names this address (a `*` crosses slashes)."""
        return fnmatchcase(str(self), pattern)


def parse_address(text: str, sizes: dict[str, int]) -> Address:
    """Read an address; `sizes` maps each kind to its number of keys. Raises ValueError with the remedy."""
    parts = text.split("/")
    for account, rest in (("", parts), (parts[0], parts[1:])):
        if len(rest) >= 2 and rest[0] in sizes and len(rest) == 1 + sizes[rest[0]] and all(rest[1:]):
            return Address(account, rest[0], tuple(rest[1:]))
    forms = ", ".join("/".join([kind, *["KEY"] * size]) for kind, size in sizes.items())
    raise ValueError(f"'{text}' is no address: write [ACCOUNT/] and one of {forms}")
