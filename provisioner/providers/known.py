"""Reading what is known by its id alone, so that one that cannot be read does not hide the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from provisioner.errors import NotReadError, SignInError, VendorError

T = TypeVar("T")


async def read_each(ids: Iterable[str], read: Callable[[str], Awaitable[T]]) -> list[T]:
    """What `read` makes of each id. Raises NotReadError with all that the vendor refused, or what else it raises."""
    names = sorted(ids)
    found = await asyncio.gather(*map(read, names), return_exceptions=True)
    why: dict[str, str] = {}
    for name, each in zip(names, found, strict=True):
        if isinstance(each, VendorError) and not isinstance(each, SignInError):
            why[name] = str(each)
        elif isinstance(each, BaseException):
            raise each
    if why:
        raise NotReadError(why)
    return [each for each in found if not isinstance(each, BaseException)]
