"""The pages as the tests see them: their fenced blocks, each with what its info string says.

```yaml manifest file=NAME    a manifest; it must validate, and with a name it is written there when the page is run
```yaml settings file=NAME    the same for a provisioner.yaml
```diff file=NAME             an edit of that file: lines with - are replaced by lines with +
```console exit=N             commands after `$ ` and what they print; `...` alone stands for any lines; the last
                              command exits with N (0 unless said)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^```(\S+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    words: tuple[str, ...]
    body: str

    def option(self, name: str, default: str = "") -> str:
        """The value of `name=value` in the info string."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{name}=")), default)

    @property
    def where(self) -> str:
        """The page and the line, for a test's id and a failure's text."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Every page: those at the root, and all below docs/."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page that name a language."""
    text = page.read_text("utf-8")
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(page, line, found[1], tuple(found[2].split()), found[3])


def marked(language: str, word: str) -> list[Block]:
    """The blocks of all pages with this language and this word after it."""
    return [b for page in pages() for b in blocks(page) if b.language == language and word in b.words]
