"""What people know something live by, as a message may say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provisioner.kinds.base import Resource, specs
from provisioner.kinds.fields import URL

_HOST = re.compile(r"(https?://)(?:[^/?#\\]*@)?([\w.:\[\]-]+)(?=[/?#]|$)", re.IGNORECASE)


def known_by(kind: type[Resource], fields: Mapping[str, Any]) -> str:
    """The first field of its natural key; "" where it has none, or the field is somebody's own data.

    Of a web address with a user name or a query, which may hold a secret, only the scheme and the host are told.
    """
    if kind.personal or not kind.natural:
        return ""
    name = kind.natural[0][0]
    value = fields.get(name)
    if not isinstance(value, str):
        return ""
    return open_address(value) if specs(kind)[name].form is URL else value


def open_address(text: str) -> str:
    """A web address without what may be a secret in it."""
    if not re.search(r"[@?#]", text):
        return text
    found = _HOST.match(text)
    doubtful = "@" in text[found.end() :] if found else True
    return found[1] + found[2] if found and not doubtful else ""
