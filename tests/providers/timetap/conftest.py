"""Studios for tests, each with a sandbox of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.timetap.studio import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A workspace that wants nothing yet."""
    opened = Studio(tmp_path / "studio", "{}")
    yield opened
    opened.close()
