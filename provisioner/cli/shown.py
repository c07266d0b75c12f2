"""What a saved plan shows is what it is: the file carries words beside the plan, and they have to say the same.

Its checksum finds damage and no intention: whoever writes the file can compute it. So the document that is shown must
have the changes that `apply` compares with its own, and the text must end as that document does.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from typing import Any

from provisioner.errors import UsageError
from provisioner.plan.saved import Saved
from provisioner.report.json import FORMAT_VERSION
from provisioner.report.printed import Printed
from provisioner.schema import plan_schema
from provisioner.schema.fitting import misfit

_DIGEST = re.compile(r"(?:[0-9a-f]{10})?")


def printed_plan(saved: Saved, name: str) -> Printed:
    """A saved plan as its faces take it. Raises UsageError, which calls the file `name`."""
    document = saved.document
    if document.get("format_version") != FORMAT_VERSION:
        raise UsageError(f"{name}: was saved by another version: plan again, with --save {name}")
    if place := misfit(document, plan_schema()["anyOf"][0], "document"):
        raise UsageError(f"{name}: damaged or edited ({place[:100]} is not as a plan has it): plan again")
    printed = Printed(document, saved.text)
    try:
        differs = _differs(saved, printed)
    except ValueError:
        raise UsageError(f"{name}: damaged or edited (a time in it is none): plan again") from None
    if differs:
        raise UsageError(f"{name}: edited (what it shows is not what it is: {differs}): plan again")
    return printed


def _differs(saved: Saved, printed: Printed) -> str:
    """What of the words is not of the plan that is applied, or "". Raises ValueError for a time that is none."""
    document, basis = saved.document, saved.basis
    tenant, changes = document["tenant"], document["changes"]
    whole = {change["address"] for change in changes}
    if (tenant["host"], tenant["company_id"]) != (basis.host, basis.company_id):
        return "the tenant"
    if document["digest"] != basis.digest or not _DIGEST.fullmatch(basis.digest):
        return "the digest"
    if _spelled(changes) != _spelled(list(basis.changes)):
        return "the changes"
    if not whole.issuperset(document["drift"]) or document["blocked"] or "outcome" in document:
        return "what moved outside"
    if {name: n for name, n in document["counts"].items() if n} != Counter(each["action"] for each in changes):
        return "the counts"
    _check_times(document["appointments"])
    return "" if _ends_so(printed) else "the text"


def _check_times(appointments: Any) -> None:
    """Raises ValueError."""
    if appointments:
        datetime.fromisoformat(appointments["read_at"])
        for start in filter(None, (each["start"] for each in appointments["stranded"])):
            datetime.fromisoformat(start)


def _ends_so(printed: Printed) -> bool:
    """Whether the text begins with the tenant and ends with the totals and the digest, wherever its lines break."""
    text = " ".join(printed.text.split())
    end = f"Plan: {printed.totals()}. Digest: {printed.document['digest']}".strip() if printed.told else ""
    return text.startswith(" ".join(str(printed.banner).split())) and text.endswith(end)


def _spelled(changes: Any) -> str:
    return json.dumps(changes, sort_keys=True)
