"""What day it is for a command: the one place where questions about dates meet the computer's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

NOON = timedelta(hours=12)


def _date(_context: Any, _param: Any, given: str | None) -> date | None:
    """A day of the command line. Raises click.BadParameter."""
    from provisioner.kinds.calendar import parse_date

    try:
        return None if given is None else parse_date(given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def date_option(*names: str, help: str) -> Callable[[Any], Any]:  # noqa: A002 -- click's own word
    """An option that takes a day."""
    return click.option(*names, metavar="DATE", callback=_date, help=help)


def as_of_option(command: Any) -> Any:
    """`--as-of DATE`, for every command whose answer depends on the day."""
    return date_option("--as-of", "as_of", help="Look as if it were this day. Default: today.")(command)


def day_of(as_of: date | None) -> date:
    """The day that is asked for, or the one that began last of all: what was before it is over in every time zone."""
    return as_of or (datetime.now(UTC) - NOON).date()
