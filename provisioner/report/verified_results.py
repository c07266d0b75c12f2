"""A verification as findings: one a service and location, and one where other times are offered than promised."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.kinds.desired import Place
from provisioner.report.layout import counted
from provisioner.report.results import Level, Result
from provisioner.verify.pairs import Pair
from provisioner.verify.result import Difference, Reason, Row, Standing, Verified

BOOKABLE, PROMISED = "bookable", "as-promised"
HELP = "docs/verify.md"
_LEVELS = {
    Standing.BOOKABLE: Level.PASSED,
    Standing.NOT_BOOKABLE: Level.ERROR,
    Standing.NOT_YET: Level.INFO,
    Standing.UNKNOWN: Level.ERROR,
}


def verified_results(verified: Verified) -> list[Result]:
    """All of it; what is bookable is well."""
    return [*map(_row, verified.rows), *map(_difference, verified.differences)]


def _row(row: Row) -> Result:
    about = _about(row.pair)
    place = next((reason.place for reason in row.reasons if reason.place), None)
    words = "; ".join(_reason(reason, place) for reason in row.reasons)
    message = "" if row.standing is Standing.BOOKABLE else ": ".join(filter(None, [row.standing.value, words]))
    return Result(
        BOOKABLE, _LEVELS[row.standing], message, *(place or ("", 0, 0)), about=about, help=HELP, case=about
    )  # fmt: skip


def _reason(reason: Reason, shown: Place | None) -> str:
    """A cause with what mends it; its line where that is not the one that the finding stands at."""
    at = f" ({reason.place})" if reason.place and reason.place != shown else ""
    return f"{reason.words}{at}: {reason.remedy}" if reason.remedy else f"{reason.words}{at}"


def _difference(found: Difference) -> Result:
    about = _about(found.pair)
    parts = [
        f"{counted(len(starts), 'start')} {words}"
        for starts, words in ((found.more, "offered and not promised"), (found.less, "promised and not offered"))
        if starts
    ]
    why = "all settings are as the manifests say" if found.applied else "what is live is not what the manifests say"
    return Result(
        PROMISED, Level.WARNING, f"{' and '.join(parts)}: {why}", about=about, help=HELP, case=f"{about} as promised"
    )  # fmt: skip


def _about(pair: Pair) -> str:
    """The addresses of a pair, as one name; of an account that is not there, the account."""
    return " ".join(_addresses(pair)) or f"account/{pair.scope}"


def _addresses(pair: Pair) -> Iterator[str]:
    prefix = f"{pair.scope}/" if pair.scope else ""
    yield from (f"{prefix}{kind}/{key}" for kind, (key,) in pair.objects())
