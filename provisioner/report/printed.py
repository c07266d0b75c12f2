"""A plan as its readers get it: the JSON document, and the text beside it. Every other face is made of these two.

So a plan that was saved shows the same faces as one that was just made, and no face knows more than the document says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from provisioner.report.error import error_json
from provisioner.report.head import Banner, Effort

if TYPE_CHECKING:
    from provisioner.errors import ProvisionerError

Document = Mapping[str, Any]
FIRST = ("delete", "update", "create", "forget")
"""The actions in the order in which they are told: what is lost comes first."""
DRIFT = "Drift"
_CUT_OFF = "provisioner history says how far it came."
SYMBOLS = {"create": "+", "update": "~", "delete": "-", "adopt": "=", "forget": "."}
VERBS = {"create": "add", "update": "change", "delete": "destroy", "adopt": "adopt", "forget": "forget"}


def called(change: Document) -> str:
    """`service/h1 "Highlights"`: a key may have been made from anything."""
    return (
        f"{change['address']} {json.dumps(change['name'], ensure_ascii=False)}" if change["name"] else change["address"]
    )


@dataclass(frozen=True, slots=True)
class Printed:
    """One plan, ready to be shown."""

    document: Document
    """As `--json` prints it."""
    text: str
    """As a terminal of 80 columns shows it."""
    outcome: str = ""
    """What became of it, as a terminal shows that; "" before an apply."""
    title: str = "Plan"
    """What it is called: Plan, Apply, Destroy, Undo or Drift."""

    began: bool = False
    """Whether something of it may have been sent."""

    def failed(self, error: ProvisionerError) -> Printed:
        """The same of a run that this error ended."""
        return replace(self, document={**self.document, "error": error_json(error)})

    @property
    def ending(self) -> str:
        """How a run ended that is more than a plan, where its outcome does not say that; "" where it does."""
        error, done = self.document.get("error"), "outcome" in self.document
        if error:
            said = f"{self.title} failed: {error['message'].removesuffix('.')}."
            if done or "nothing was applied" in said or "nothing was changed" in said:
                return said
            return f"{said} {_CUT_OFF if self.began else 'Nothing was applied.'}"
        if done or not self.changes or self.title in ("Plan", DRIFT):
            return ""
        return f"{self.title} not finished. If it no longer runs, it was cut off: {_CUT_OFF}"

    @property
    def is_drift(self) -> bool:
        """Whether it tells what moved, and not what will be done."""
        return self.title == DRIFT

    @property
    def banner(self) -> Banner:
        """Whose plan it is."""
        return Banner(**self.document["tenant"])

    @property
    def effort(self) -> Effort:
        """What it costs."""
        return Effort(**self.document["effort"])

    @property
    def changes(self) -> Sequence[Document]:
        """All of them, in the plan's order."""
        changes: Sequence[Document] = self.document["changes"]
        return changes

    @property
    def told(self) -> list[Document]:
        """The changes but adoptions, what is lost first."""
        return [change for action in FIRST for change in self.changes if change["action"] == action]

    @property
    def risk(self) -> Mapping[str, Document]:
        """What is said of the appointments that each change strands, by its address."""
        return {each["address"]: each for each in (self.document["appointments"] or {}).get("by_change", ())}

    @property
    def starts(self) -> Mapping[str, str | None]:
        """The ids of all appointments that would be stranded, each with its start."""
        return {each["id"]: each["start"] for each in (self.document["appointments"] or {}).get("stranded", ())}

    def totals(self) -> str:
        """`1 to add, 3 to change, 0 to destroy`, and the rest where there is any."""
        counts = self.document["counts"]
        always = ("create", "update", "delete")
        named = (*always, *(action for action in ("adopt", "forget") if counts[action]))
        return ", ".join(f"{counts[action]} to {VERBS[action]}" for action in named)
