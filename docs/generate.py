"""Writes the pages that come from the code: one for each kind, and one for the commands.

python docs/generate.py            write them
python docs/generate.py --check    exit 1 when a page is not what the code says
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
import yaml

from provisioner import errors
from provisioner.cli.main import cli
from provisioner.kinds import KINDS
from provisioner.kinds.base import Resource, Spec, specs
from provisioner.kinds.recurring_appointment import RecurringAppointment
from provisioner.kinds.values import text_bool
from provisioner.providers import VENDORS
from provisioner.providers.setster import account
from provisioner.providers.setster.registry import TABLES
from provisioner.providers.timetap.fields import FIELDS as SERIES

DOCS = Path(__file__).parent
MADE = "<!-- Written by docs/generate.py from the code. Do not edit it here. -->"
_HIDDEN = {kind: {n for n, w in table.fields.items() if not w.readable} for kind, table in TABLES.items()} | {
    "account": {n for n, w in (account.BUSINESS | account.PERSONAL).items() if not w.readable},
    "recurring_appointment": {n for n, s in specs(RecurringAppointment).items() if n not in SERIES},
}

EXIT_CODES: Mapping[int, str] = {
    0: "success; for `plan` also when there are changes, and for `apply` when there was nothing to do",
    1: "an error, or the question was not answered with the word that it asks for; stderr says which",
    2: "`plan --detailed-exitcode`: there are changes; `drift`: something moved outside",
    4: "refused by a safety rule: something in the plan is blocked, or credentials may not go to the endpoint",
    5: "partly applied: some changes were made, or values taken back, and some not; the output names each",
    6: "locked: another run is at work on the tenant; stderr names it",
    7: "pending: a create was sent and never answered, and a person must say what became of it (`state resolve`)",
    8: "stale: what a saved plan or a digest approved is not what would be done now; stderr names all that moved",
    64: "wrong usage of the command line",
    130: "interrupted by Ctrl-C",
    143: "interrupted by SIGTERM",
}


class Extra(NamedTuple):
    """What `kinds.yaml` says about a kind."""

    notes: str
    example: str


def extras() -> dict[str, Extra]:
    """The words and the example of each kind."""
    text = (DOCS / "kinds.yaml").read_text("utf-8")
    return {kind: Extra(**entry) for kind, entry in yaml.safe_load(text).items()}


def pages() -> dict[Path, str]:
    """Every generated page by its path from this folder."""
    known = extras()
    made = {Path("kinds") / f"{kind.kind}.md": "\n".join(_kind(kind, known[kind.kind])) + "\n" for kind in KINDS}
    return {**made, Path("kinds/README.md"): "\n".join(_index()) + "\n", Path("commands.md"): _commands()}


# -- kinds


def _index() -> Iterator[str]:
    yield from (MADE, "", "# Kinds", "", "| kind | written under | address | what it is |", "|---|---|---|---|")
    for kind in KINDS:
        yield f"| [{kind.kind}]({kind.kind}.md) | {_section(kind)} | `{_address(kind)}` | {_first(kind)} |"


def _kind(kind: type[Resource], extra: Extra) -> Iterator[str]:
    yield from (MADE, "", f"# {kind.kind}", "", f"{_first(kind)} {_where(kind)}", "")
    yield from (
        f"```yaml manifest provider={_providers(kind)[0]}",
        extra.example.rstrip(),
        "```",
        "",
        extra.notes.rstrip(),
        "",
    )
    yield from ("## How it is found and what removes it", "", *(f"- {line}" for line in _facts(kind)), "")
    yield from _fields(kind)


def _first(kind: type[Resource]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _section(kind: type[Resource]) -> str:
    inside = _nested(kind)
    parts = [f"`{kind.section}:`"] if kind.section else []
    return " or ".join([*parts, *inside])


def _nested(kind: type[Resource]) -> list[str]:
    found = []
    for owner in KINDS:
        path = owner.nested.get(kind.kind)
        if path:
            steps = [owner.section, "KEY", *(step.upper() if step in kind.key_kinds else step for step in path)]
            found.append(f"`{'.'.join(steps)}`")
    return found


def _address(kind: type[Resource]) -> str:
    keys = [part.upper() for part in kind.key_kinds] or ["KEY"]
    scope = "" if kind.kind == "account" else "[ACCOUNT/]"
    return f"{scope}{kind.kind}/{'/'.join(keys)}"


def _where(kind: type[Resource]) -> str:
    return f"It is written under {_section(kind)}, and its address is `{_address(kind)}`."


def _providers(kind: type[Resource]) -> list[str]:
    return [vendor.name for vendor in VENDORS if kind.kind in vendor.kinds]


def _facts(kind: type[Resource]) -> Iterator[str]:
    yield f"It is for workspaces with `provider: {_listed(_providers(kind), 'or')}`."
    roles = [f"`{name}: true`" for name, spec in specs(kind).items() if spec.role]
    if kind.key_kinds:
        yield f"It has no id of its own: it is identified by its {_listed(kind.key_kinds, 'and')}."
    elif kind.lists:
        keys = [f"`{key}`" for key in kind.lists]
        yield f"Each account has one for each of {_listed(keys, 'and')}, found by that key."
    else:
        keys = [" and ".join(f"`{name}`" for name in names) for names in kind.natural]
        order = ["the id in the state", "`lifecycle.id`", *roles, "`lifecycle.was`", *keys]
        yield f"It is found by, in this order: {', '.join(order)}."
    if kind.whole:
        yield f"What stands behind one {' and one '.join(kind.key_kinds[: kind.whole])} is managed as a whole set."
    if kind.goes_with:
        gone = _listed([f"the {part}" for part in kind.key_kinds if part in kind.goes_with], "or")
        yield f"When {gone} is deleted, it goes along without a call of its own."
    if not kind.removable:
        yield "It is never deleted."
    if kind.ending != Resource.ending:
        yield f"What leaves the manifests is {kind.ending}, and counts as destroyed."
    for role in sorted(kind.kept_roles):
        yield f"{_holder(kind, role)} is never deleted."
    if kind.to_create:
        yield f"Needed to create it: {', '.join(f'`{name}`' for name in kind.to_create)}."


def _holder(kind: type[Resource], role: str) -> str:
    """Who has a role: who claims it, or who lacks a flag of the vendor's."""
    if any(spec.role == role for spec in specs(kind).values()):
        return f"The one with the role `{role}`"
    table = TABLES[kind.kind]
    flag = next(name for name, lacked in table.lacking.items() if lacked == role)
    field = next(name for name, wire in table.fields.items() if wire.name == flag)
    return f"One with `{field}: false`"


def _listed(words: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _fields(kind: type[Resource]) -> Iterator[str]:
    known = specs(kind)
    if not known:
        yield from ("## Fields", "", "It has none.")
        return
    groups: dict[str, list[Spec]] = {}
    for name, spec in known.items():
        groups.setdefault(name.rpartition(".")[0], []).append(spec)
    for group, members in groups.items():
        yield from (f"## Fields of `{group}`" if group else "## Fields", "")
        yield from ("| field | value | meaning | marks |", "|---|---|---|---|")
        for spec in members:
            own = spec.name.removeprefix(f"{group}.")
            value = "`true`" if spec.role else _cell(spec.form.grammar)
            meaning = _cell(spec.doc.removesuffix("; cannot be read back"))
            yield f"| `{own}` | {value} | {meaning} | {', '.join(_marks(kind, spec))} |"
        yield ""
    if any(_marks(kind, spec) for spec in known.values()):
        yield "What the marks mean is on [the manifest's page](../manifest.md#marks)."


def _marks(kind: type[Resource], spec: Spec) -> list[str]:
    marks = ["required" + (f" but for the {spec.but_for}" if spec.but_for else "")] if spec.required else []
    if spec.sensitive:
        marks.append("sensitive")
    elif spec.instruction:
        marks.append("for a change")
    elif spec.name in _HIDDEN.get(kind.kind, ()):
        marks.append("cannot be read back")
    if spec.at_creation:
        marks.append("at creation")
    if spec.create_default:
        value = spec.create_default.value
        shown = text_bool(value) if isinstance(value, bool) else '""' if value == "" else spec.dump(value)
        marks.append(f"create default `{shown}`")
    if spec.role:
        marks.append(f"role `{spec.role}`")
    return marks


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# -- commands


def _commands() -> str:
    lines = [MADE, "", "# Commands", "", *_top(), *_exit_codes()]
    for path, command in _walk(cli, ()):
        lines += _command(path, command)
    return "\n".join(lines).rstrip() + "\n"


def _top() -> Iterator[str]:
    yield from ("```", "provisioner [OPTIONS] COMMAND [ARGS]...", "```", "")
    yield from ("These options stand before the command's name:", "")
    yield from (*_options(cli), "")
    yield "The plan and other results go to stdout. Progress and errors go to stderr."
    yield ""


def _exit_codes() -> Iterator[str]:
    missing = {error.exit_code for error in _errors(errors.ProvisionerError)} - EXIT_CODES.keys()
    if missing:
        raise SystemExit(f"EXIT_CODES lacks {sorted(missing)}: say what they mean")
    yield from ("## Exit codes", "", "| code | meaning |", "|---|---|")
    yield from (f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    yield ""


def _errors(error: type[errors.ProvisionerError]) -> Iterator[type[errors.ProvisionerError]]:
    yield error
    for child in error.__subclasses__():
        yield from _errors(child)


def _walk(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group, info_name=" ".join(("provisioner", *path)))
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            raise SystemExit(f"{name} is listed and there is no such command")
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _walk(command, (*path, name))


def _command(path: tuple[str, ...], command: click.Command) -> Iterator[str]:
    name = " ".join(path)
    context = click.Context(command, info_name=f"provisioner {name}")
    yield from (f"{'#' * (1 + len(path))} {name}", "")
    yield from ("```", " ".join([context.command_path, *command.collect_usage_pieces(context)]), "```", "")
    yield from (*(line.strip() for line in (command.help or "").strip().splitlines()), "")
    options = list(_options(command))
    yield from ([*options, ""] if options else [])


def _options(command: click.Command) -> Iterator[str]:
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    if options:
        yield from ("| option | meaning |", "|---|---|")
    for option in options:
        metavar = "" if option.is_flag else f" {_metavar(command, option)}"
        names = " / ".join([", ".join(option.opts), *option.secondary_opts])
        yield f"| `{names}{metavar}` | {_cell(option.help or '')}{_default(option)} |"


def _metavar(command: click.Command, option: click.Option) -> str:
    if option.metavar or not isinstance(option.type, click.IntRange):
        return option.make_metavar(click.Context(command))
    return "N"


def _default(option: click.Option) -> str:
    value: Any = option.default
    return f" Default: `{value}`." if option.show_default and value is not None else ""


# -- writing and checking


def stale() -> list[Path]:
    """The pages that are missing, differ, or stand there without a kind."""
    made = pages()
    wrong = [path for path, text in made.items() if _text(DOCS / path) != text]
    return sorted(wrong + [p for p in (q.relative_to(DOCS) for q in DOCS.glob("kinds/*.md")) if p not in made])


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def write() -> None:
    """Write every page."""
    for path, text in pages().items():
        (DOCS / path).parent.mkdir(exist_ok=True)
        (DOCS / path).write_text(text, "utf-8")


def main(arguments: list[str]) -> int:
    """The exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python docs/generate.py [--check]\n")
        return 64
    if not arguments:
        write()
    found = stale()
    for path in found:
        sys.stderr.write(f"docs/{path} is not what the code says: run python docs/generate.py\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
