"""`--undo RUN`: which run, what of it, and what is wanted instead."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from provisioner.errors import StateError, UsageError
from provisioner.kinds import Address
from provisioner.plan.followed import Followed, again, follow
from provisioner.plan.undo import Reversal, members_of, reversal
from provisioner.state.model import State
from provisioner.state.run import Ending, Step
from provisioner.state.runs import Kept
from provisioner.state.store import Store

if TYPE_CHECKING:
    from provisioner.cli.options import Options

LAST = "last"


def checked(options: Options) -> Options:
    """The same options. Raises UsageError for what does not go with `--undo`, or only with it."""
    if options.undo is None and options.overwrite:
        raise UsageError("--overwrite says what --undo may write over: give --undo RUN as well")
    if options.undo is not None and options.destroy:
        raise UsageError("--undo and --destroy are two plans: give one of them")
    if options.undo is not None and options.rotate:
        raise UsageError("--rotate sends what stands in the manifests, and --undo does not read them: leave it out")
    return options


def number_of(file: Store, text: str) -> int:
    """The run that is meant. Raises UsageError."""
    numbers = file.runs.numbers()
    if not numbers:
        raise UsageError(f"{text}: no run is kept here: the first apply keeps one")
    if text == LAST:
        return numbers[0]
    if text.isascii() and text.isdigit() and int(text) in numbers:
        return int(text)
    kept = str(numbers[0]) if len(numbers) == 1 else f"{numbers[-1]} to {numbers[0]}"
    raise UsageError(f"{text}: is no run that is kept: write {LAST}, or one of {kept}, see provisioner history")


def taken_back(file: Store, options: Options, state: State) -> tuple[Reversal, State] | None:
    """What is wanted instead of what the manifests say, and the state to look at the tenant with.

    None where no run is to be taken back. Raises UsageError and StateError.
    """
    if options.undo is None:
        return None
    kept = file.runs.read(number_of(file, options.undo))
    ending = file.ending(kept)
    done = _done(kept, ending)
    steps, made = [step for step in kept.steps if done(step.address)], ending.done if ending else {}
    followed = follow(kept.run, steps, made, state, _brought_back(file, kept.run.number))
    found = reversal(
        kept.run,
        followed,
        _named(options.targets, kept.steps, followed, "--target"),
        _named(options.overwrite, kept.steps, followed, "--overwrite", otherwise=False),
    )
    return found.state(state)


def _brought_back(file: Store, since: int) -> dict[tuple[str, str], str]:
    """The new ids of what later undos brought back, by kind and the id before. Raises StateError."""
    found: dict[tuple[str, str], str] = {}
    for number, run, _ in file.runs.listed():
        if number > since and run and run.undoes:
            with suppress(StateError):
                kept = file.runs.read(number)
                found |= again(kept.steps, (file.ending(kept) or Ending()).done)
    return found


def _done(kept: Kept, ending: Ending | None) -> Callable[[Address], bool]:
    """What a run changed, or may have: where nothing tells, what is live says the rest."""
    if ending is None:
        return lambda _: True
    begun = {*ending.done, *ending.maybe}
    moves = {step.address for step in kept.steps if step.action == "move"}
    return lambda address: address in begun or address in moves


def _named(
    globs: tuple[str, ...], steps: tuple[Step, ...], followed: Followed, option: str, *, otherwise: bool = True
) -> Callable[[Address], bool]:
    """Whether one of the globs names an address; `otherwise` is the answer where there is none. Raises UsageError."""
    if not globs:
        return lambda _: otherwise
    for glob in globs:
        if not any(each.matches(glob) for each in (*(step.address for step in steps), *followed.then)):
            near = get_close_matches(glob, [str(step.address) for step in steps], n=1)
            hint = f": did you mean {near[0]}?" if near else "; see provisioner history RUN"
            raise UsageError(f"{option} {glob} names nothing that the run changed{hint}")

    def named(address: Address) -> bool:
        both = (address, followed.then.get(address, address))
        return any(each.matches(glob) for own in both for each in (own, *members_of(own)) for glob in globs)

    return named


def resolved(file: Store, options: Options) -> Options:
    """The same with a number in the place of `last`: a plan that is kept must not mean another run later."""
    text = checked(options).undo
    return options if text is None else replace(options, undo=str(number_of(file, text)))
