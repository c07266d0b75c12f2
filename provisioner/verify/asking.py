"""Puts the questions to the vendor, all at once; its client bounds how many are in flight, and how fast they leave."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from provisioner.errors import SignInError, UnreachableError, VendorError
from provisioner.providers.base import Provider, Question
from provisioner.verify.pairs import Pair

AT_ONCE = 64
"""Questions that are on their way or wait for a slot: as many as any client has in flight, and a few more."""
LOST = 5
"""Questions in a row that nobody answers, after which no more are asked."""


class Answer(NamedTuple):
    """The local starts that the vendor offers, ascending."""

    starts: tuple[datetime, ...]


class Silence(NamedTuple):
    """Why there is no answer."""

    why: str


@dataclass(slots=True)
class Asking:
    """One round of questions."""

    provider: Provider
    told: Callable[[int, int], None]
    """Is told how many of how many were asked."""
    _done: int = 0
    _lost: int = 0
    _refused: SignInError | None = None

    async def all(self, questions: Mapping[Pair, Question]) -> dict[Pair, Answer | Silence]:
        """The answers. Raises SignInError."""
        answers: dict[Pair, Answer | Silence] = {}
        left = iter(questions.items())

        async def work() -> None:
            for pair, question in left:
                answers[pair] = await self._ask(question, len(questions))

        await asyncio.gather(*(work() for _ in range(min(AT_ONCE, len(questions)))))
        if self._refused:
            raise self._refused
        return answers

    async def _ask(self, question: Question, total: int) -> Answer | Silence:
        if self._refused or self._lost >= LOST:
            return Silence("not asked: the vendor could not be reached")
        try:
            starts = await self.provider.openings(question)
        except SignInError as error:
            self._refused = error
            return Silence(str(error))
        except UnreachableError as error:
            self._lost += 1
            return Silence(str(error))
        except VendorError as error:
            return Silence(str(error))
        finally:
            self._done += 1
            self.told(self._done, total)
        self._lost = 0
        return Answer(starts)
