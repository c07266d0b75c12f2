"""`provisioner explain`: what may be written, from the schemas that editors use."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from provisioner.cli.help import Formatter
from provisioner.cli.say import show


def _names(_context: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """The names that begin like this, one level at a time."""
    from provisioner.cli.commands.schema import vendors
    from provisioner.schema.topic import Unknown, find, topics

    before, dot, _ = incomplete.rpartition(".")
    try:
        inside = find(before, vendors()).fields if dot else topics(vendors())
    except Unknown:
        return []
    items = ((f"{before}{dot}{name}", words) for name, words in inside.items())
    return [CompletionItem(n, help=w) for n, w in items if n.startswith(incomplete)]


@click.command("explain")
@click.argument("name", metavar="[KIND[.FIELD]]", default="", shell_complete=_names)
def command(name: str) -> None:
    """Explain a kind, a field, or a part of a manifest or the settings.

    Without a name, list what can be explained. Such as: provisioner explain service, provisioner explain
    employee.at.hours, provisioner explain settings.limits.
    """
    from provisioner.cli.commands.schema import vendors
    from provisioner.errors import UsageError
    from provisioner.schema.topic import Unknown, find, topics

    if not name:
        show(_list(topics(vendors())))
        return
    try:
        topic = find(name, vendors())
    except Unknown as unknown:
        raise UsageError(str(unknown)) from None
    show(_explained(topic))


def _list(known: dict[str, str]) -> str:
    formatter = _formatter()
    formatter.write_dl(list(known.items()))
    formatter.write_paragraph()
    formatter.write_text("provisioner explain NAME says more; NAME.FIELD is one of its fields.")
    return formatter.getvalue().rstrip("\n")


def _explained(topic: Any) -> str:
    from provisioner.kinds import BY_NAME
    from provisioner.schema.topic import address

    formatter = _formatter()
    kind = BY_NAME.get(topic.name)
    place = f"Written {'' if topic.where.startswith('in ') else 'at '}{topic.where}" + (
        f", with the address {address(kind)}." if kind else "."
    )
    for text in (topic.name, topic.words, place):
        formatter.write_text(text)
        formatter.write_paragraph()
    if topic.fields:
        formatter.write_heading("Fields")
        formatter.indent()
        formatter.write_dl(list(topic.fields.items()))
    example = "".join(f"  {line}\n" for line in topic.example)
    return formatter.getvalue().rstrip("\n") + (f"\n\nExample:\n{example}".rstrip("\n") if example else "")


def _formatter() -> Formatter:
    from provisioner.cli.console import terminal_width

    return Formatter(width=terminal_width())
