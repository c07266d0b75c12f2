"""A link: an employee offers a service at a location (seed: `links` of employee, location and service)."""

from __future__ import annotations

from typing import ClassVar

from provisioner.kinds.base import Resource


class Link(Resource):
    """The services that someone offers at a location; where any are named, the others are taken away."""

    kind: ClassVar[str] = "link"
    section: ClassVar[str] = "links"
    title: ClassVar[str] = "link"
    key_kinds: ClassVar[tuple[str, ...]] = ("employee", "location", "service")
    goes_with: ClassVar[frozenset[str]] = frozenset({"employee", "location", "service"})
    strands: ClassVar[frozenset[str]] = frozenset({"delete"})
    whole: ClassVar[int] = 2
