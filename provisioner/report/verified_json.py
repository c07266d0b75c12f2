"""A verification as one JSON document: everything, whatever the text folds."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from provisioner.verify.result import Standing

if TYPE_CHECKING:
    from provisioner.report.head import Banner
    from provisioner.verify.pairs import Pair
    from provisioner.verify.result import Difference, Reason, Row, Verified

FORMAT_VERSION = "1.0"


def verified_json(verified: Verified, banner: Banner, reads: int) -> dict[str, Any]:
    """The document, of plain JSON values only; `format_version` grows when a reader could notice."""
    sample = verified.sample
    return {
        "format_version": FORMAT_VERSION,
        "tenant": asdict(banner),
        "reads": reads,
        "today": str(verified.today),
        "as_of": str(verified.since) if verified.since else None,
        "weeks": verified.weeks,
        "published": verified.published,
        "not_shown": dict(verified.hidden),
        "sample": {
            "number": sample.number,
            "seed": sample.seed,
            "not_asked": verified.published - len(verified.rows),
        }
        if sample
        else None,
        "counts": {standing.value: verified.count(standing) for standing in Standing},
        "exit_code": verified.exit_code,
        "results": [_row(row) for row in verified.rows],
        "differences": [_difference(each) for each in verified.differences],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        **_objects(row.pair),
        "location_name": row.location,
        "service_name": row.service,
        "timezone": row.zone or None,
        "standing": row.standing.value,
        "next": row.next.isoformat() if row.next else None,
        "bookable_from": str(row.since) if row.since else None,
        "reasons": [_reason(reason) for reason in row.reasons],
    }


def _objects(pair: Pair) -> dict[str, Any]:
    prefix = f"{pair.scope}/" if pair.scope else ""
    return {
        "account": pair.scope,
        "location": f"{prefix}location/{pair.location}" if pair.location else None,
        "service": f"{prefix}service/{pair.service}" if pair.service else None,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "cause": reason.cause.value,
        "reason": reason.words,
        "about": str(reason.about) if reason.about else None,
        "place": reason.place._asdict() if reason.place else None,
        "remedy": reason.remedy,
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        **_objects(difference.pair),
        "more": [each.isoformat() for each in difference.more],
        "less": [each.isoformat() for each in difference.less],
        "applied": difference.applied,
    }
