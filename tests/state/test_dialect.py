"""What a probe found is written whole, read back, and not trusted when it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.errors import StateError
from provisioner.state.dialect import DialectFile, Spoken

SPOKEN = Spoken({"put": "full", "links": "merge"}, "2346", "2026-03-02T16:00:00+00:00")


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = DialectFile(tmp_path / "state/host/dialect.json")
    assert file.load() is None
    file.save(SPOKEN)
    assert file.load() == SPOKEN
    assert file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"answers": [], "account_id": 1, "at": 1}', '"x"'])
def test_what_is_no_dialect_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dialect.json"
    path.write_text(text)
    with pytest.raises(StateError, match="holds no dialect: remove it, and probe again"):
        DialectFile(path).load()


def test_what_cannot_be_written_or_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="cannot be written"):
        DialectFile(tmp_path / "file/dialect.json").save(SPOKEN)
    (tmp_path / "dialect.json").mkdir()
    with pytest.raises(StateError, match="cannot be read"):
        DialectFile(tmp_path / "dialect.json").load()
