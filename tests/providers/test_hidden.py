"""What a vendor repeats of a secret is hidden, character by character in whatever spelling, and nothing else is."""

from __future__ import annotations

import html
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from provisioner.providers.hidden import hide, private


def every_byte(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode(errors="replace"))


SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda character: quote(character, safe="", errors="replace"),
    lambda character: quote_plus(character, safe="", errors="replace"),
    every_byte,
    lambda character: every_byte(character).lower(),
    html.escape,
)
SPELLED = st.lists(
    st.tuples(st.characters(exclude_characters="%"), st.sampled_from(SPELLINGS)), min_size=1, max_size=20
)


@given(spelled=SPELLED)
def test_a_secret_is_hidden_in_every_mix_of_its_spellings(spelled: list[tuple[str, Callable[[str], str]]]) -> None:
    secret = "".join(character for character, _ in spelled)
    assume(secret.strip())
    assert hide("".join(spelling(character) for character, spelling in spelled), [secret]) == "(secret)"


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    "secret", ["a%b", "%41.", "a\tb\x00", "a.b*", "(a|b)\\", "&", "a&", "k+ \xe4\U0001f511", "\udcff-"]
)
def test_a_hostile_secret_is_hidden_wherever_it_stands(secret: str, spelling: Callable[[str], str]) -> None:
    spelled = "".join(map(spelling, secret))
    assert hide(f"key={spelled}, {spelled}{spelled}!", [secret]) == "key=(secret), (secret)(secret)!"


@pytest.mark.parametrize("secret", ["key-1\n", "key-1\r\n", "two  words", "two\twords", "\u2003key-1"])
def test_white_space_is_hidden_with_it_however_it_was_changed(secret: str) -> None:
    assert hide(f"unknown key: {' '.join(secret.split())}.", [secret]).replace(" ", "") == "unknownkey:(secret)."


def test_the_longest_comes_first() -> None:
    assert hide("token-1-and-key", ["token-1", "token-1-and-key"]) == "(secret)"


def test_passwords_are_found_wherever_they_are_in_a_body() -> None:
    body = {"name": "Ana", "password": "p-1", "staff": [{"user": {"password": "p-2"}}, {"password": 3}], "links": None}
    assert private(body) == {"p-1", "p-2", "3"}
    assert private(None) == set()


def test_each_of_several_is_hidden() -> None:
    assert hide("a token-1 and a key-2, TOKEN-1", ["token-1", "key-2"]) == "a (secret) and a (secret), TOKEN-1"


def test_what_holds_no_secret_stays_as_it_is() -> None:
    """Before the first sign-in there is no token yet: an empty one stands everywhere."""
    for said in ("", "nothing to hide", "a+b%20c", "aXb"):
        assert hide(said, ["", " ", "a.b", "nothing too"]) == said
        assert hide(said, []) == said
