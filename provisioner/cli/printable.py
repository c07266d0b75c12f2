"""What may leave the process: text that moves no cursor, forges no line and gives a build server no command."""

from __future__ import annotations

import re

LONGEST = 2_000
"""Characters of a message; of a longer one the middle is left out."""
_TAIL = 400
"""Characters that stay of the end of a long message, where the remedy is."""

# GitHub's runner obeys a line that begins with `::` after blanks, and `##[` anywhere in a line (actions/runner:
# ActionCommand.cs, TryParseV2 and TryParse); Azure's agent obeys `##vso[` anywhere (azure-pipelines-agent: Command.cs),
# TeamCity `##teamcity[` (its manual: Service Messages). GitLab's section marks need a carriage return and an escape,
# which are controls.
_LINE_COMMAND = re.compile(r"^( *):(?=:)", re.MULTILINE)
_COMMAND = re.compile(r"#(?=#\w*\[)")


def printable(text: str) -> str:
    """Text with each character that does not print, and what a build server takes for a command, escaped as JSON does.

    Controls, bidi marks and lone surrogates do not print; line breaks stay. Escapes that are there already are left
    alone, and a JSON document means the same as before.
    """
    if not text.isprintable():
        text = "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))
    if "::" in text:
        text = _LINE_COMMAND.sub(r"\1\\u003a", text)
    return _COMMAND.sub(r"\\u0023", text) if "##" in text else text


def one_line(text: str) -> str:
    """A message, which is one printable line of bounded length whatever it repeats of a file or an answer."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - _TAIL]}... ({len(text)} characters) ...{text[-_TAIL:]}"
    return printable(text).replace("\n", "\\n")


def _escaped(line: str) -> str:
    import json

    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)
