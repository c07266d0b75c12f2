"""What ended a run, as a part of the JSON document; problems have their places as numbers."""

from __future__ import annotations

from typing import Any

from provisioner.errors import ManifestError, Problem, ProvisionerError, StaleError
from provisioner.report.layout import counted


def error_json(error: ProvisionerError) -> dict[str, Any]:
    """What stands under the key `error`."""
    problems = [_told(problem) for problem in error.problems] if isinstance(error, ManifestError) else []
    message = error_title(error) if problems else str(error)
    moved = list(error.moved) if isinstance(error, StaleError) else []
    return {"exit_code": error.exit_code, "message": message, "problems": problems, "moved": moved}


def error_title(error: ProvisionerError) -> str:
    """An error in one sentence: of problems their number."""
    if not isinstance(error, ManifestError):
        return str(error)
    return ("at least " if error.more else "") + counted(len(error.problems), "problem")


def _told(problem: Problem) -> dict[str, Any]:
    return {name: value for name, value in problem._asdict().items() if name != "rows"}  # its message names them
