"""What a lost record costs, in one phrase: most kinds are found by name, some are known by their recorded id alone."""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.kinds.base import Resource


def found_again(kinds: Iterable[type[Resource]]) -> str:
    """How live objects of these kinds are found that no state knows: a clause, which may go on after "and"."""
    known = dict.fromkeys(kinds)
    lost = [kind.with_article() for kind in known if not kind.is_found()]
    if not lost:
        return "everything is found by name"
    named = "what has a name is found by it; " if len(lost) < len(known) else ""
    return (
        f"{named}nothing but its id finds {' or '.join(lost)}: what is live already is made again, unless "
        "provisioner import ADDRESS ID takes it over first"
    )
