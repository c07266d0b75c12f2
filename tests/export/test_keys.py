"""Keys of live things: made from their names, each once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from provisioner.export.keys import keyed
from provisioner.kinds.known import open_address
from provisioner.kinds.live import Live


def services(*names: str) -> list[Live]:
    """Live services of these names, the ids from 1 on."""
    return [Live("service", str(number), {"name": name}) for number, name in enumerate(names, 1)]


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["Cut", "Cut", ""], ["cut", "cut-2", "service-3"]),
        (["", "Service 1"], ["service-1-2", "service-1"]),
        (["", "", "Service 1", "Service 1 2"], ["service-1-3", "service-2", "service-1", "service-1-2"]),
    ],
)
def test_each_key_is_there_once(names: Sequence[str], keys: Sequence[str]) -> None:
    found = keyed("service", services(*names))
    assert [found[str(number)] for number in range(1, len(names) + 1)] == keys


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://crm.example/hook", "https://crm.example/hook"),
        ("https://u:pw@crm.example/hook?token=t", "https://crm.example"),
        ("https://crm.example:8443?token=t", "https://crm.example:8443"),
        ("HTTP://u@[::1]:80/x", "HTTP://[::1]:80"),
        ("https://u:p#w@crm.example/", ""),
        ("https://u:p/w@crm.example/", ""),
        ("crm.example/x?token=t", ""),
        ("https://u@a\\b@c/", ""),
    ],
)
def test_what_may_be_secret_in_an_address_is_not_told(address: str, told: str) -> None:
    assert open_address(address) == told
