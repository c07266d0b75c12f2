"""Who may import whom, and how long anything may get: the picture of the architecture, held by its arrows."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "provisioner"
FILES = {".".join(f.relative_to(ROOT.parent).with_suffix("").parts): f for f in sorted(ROOT.rglob("*.py"))}
TREES = {module: ast.parse(path.read_text("utf-8")) for module, path in FILES.items()}

# A room's name, or a longer path where only a part of a room may be used.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "errors": (),
    "finding": (),
    "stage": (),
    "kinds": ("errors",),
    "state": ("errors", "kinds"),
    "opening": ("errors", "kinds"),
    "lint": ("errors", "kinds", "opening"),
    "risk": ("errors", "kinds", "opening", "plan.change"),
    "manifest": ("errors", "kinds", "state", "lint"),  # the settings name rules
    "schema": ("errors", "kinds", "lint", "manifest"),
    "layout": ("errors", "manifest"),
    "plan": ("errors", "kinds", "state"),
    "providers": (
        "errors",
        "kinds",
        "state",
        "plan.change",
        "finding",
        "stage",
    ),  # calls are spelled from changes, never from a planner
    "apply": ("errors", "kinds", "state", "plan.change", "providers.base", "providers.clock", "stage"),
    "reading": (),  # its files have arrows of their own
    "reading.survey": ("errors", "kinds", "state", "plan.match", "providers.base", "stage"),
    "reading.census": ("errors", "kinds", "providers.base"),
    "export": ("errors", "kinds", "plan.change"),  # what a plan would change of it is taken back
    "pull": ("errors", "kinds", "state", "manifest", "layout", "plan.change"),  # texts that say what a plan saw
    "reading.inspection": ("errors", "kinds", "state", "opening", "plan.match", "providers.base", "reading.survey"),
    "reading.appointments": ("errors", "kinds", "opening", "plan.change", "plan.match", "providers.base", "risk"),
    "verify": ("errors", "kinds", "state", "opening", "providers.base", "reading.inspection"),
    "rehearsal": ("plan.change", "apply.outcome", "providers.clock"),  # an apply's own values, and its time
    "report": (
        "errors",
        "kinds",
        "state",
        "plan.change",
        "providers.base",
        "plan.unmanaged",
        "apply.outcome",
        "finding",
        "opening",
        "export",
        "rehearsal.result",
        "verify.result",
        "verify.pairs",
    ),  # the values it prints
    "telemetry": ("errors", "kinds", "plan.change", "providers.base", "apply.outcome", "stage"),  # what stages tell
    "sandbox": (),
    "cli": (
        "errors",
        "kinds",
        "state",
        "opening",
        "lint",
        "manifest",
        "plan",
        "providers",
        "apply",
        "reading",
        "export",
        "finding",
        "report",
        "schema",
        "layout",
        "pull",
        "rehearsal",
        "verify",
        "sandbox",
        "stage",
        "telemetry",
    ),
}
PURE = ("kinds", "plan", "report", "opening", "risk", "lint", "export")
IMPURE = frozenset({"httpx", "sqlite3", "asyncio", "yaml", "click", "socket", "subprocess", "aiohttp", "starlette"})
IMPURE |= {"os", "pathlib", "shutil", "tempfile", "urllib", "io", "logging"}
IMPURE_CALLS = frozenset({"open", "print", "input"})

LONGEST_FILE, LONGEST_FUNCTION = 400, 60
LONGER_FILES = {
    "provisioner.kinds.values": "one section per sort of scalar, each short; they share their error messages",
    "provisioner.kinds.calendar": "dates, times, days and weeks are one grammar, read top to bottom",
}


def room(module: str) -> str:
    """The room of a module, or its file where that one has arrows of its own."""
    name, _, rest = module.partition(".")[2].partition(".")
    own = f"{name}.{rest}"
    return own if own in MAY_IMPORT else name


def for_types_only(tree: ast.Module) -> set[int]:
    """The lines of imports that exist for the type checker alone."""
    blocks = (n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test).endswith("TYPE_CHECKING"))
    return {each.lineno for block in blocks for statement in block.body for each in ast.walk(statement) if isinstance(
        each, (ast.Import, ast.ImportFrom))}  # fmt: skip


def imports(module: str, *, types: bool = True) -> Iterator[tuple[str, int]]:
    """Every imported module with its line; a name that is a module of ours counts as that module."""
    tree = TREES[module]
    skipped = set[int]() if types else for_types_only(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and node.lineno not in skipped:
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.lineno not in skipped:
            assert node.level == 0, f"{module}:{node.lineno} imports relatively"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield (full if full in FILES or f"{full}.__init__" in FILES else str(node.module)), node.lineno


def allowed(own: str, target: str) -> bool:
    inner = target.removeprefix("provisioner").lstrip(".")
    return not inner or room(target) == own or any(inner == a or inner.startswith(f"{a}.") for a in MAY_IMPORT[own])


@pytest.mark.parametrize("own", [*MAY_IMPORT])
def test_a_room_imports_only_what_it_may(own: str) -> None:
    wrong = [
        f"{FILES[module].relative_to(ROOT.parent)}:{line} imports {target}"
        for module in FILES
        if room(module) == own
        for target, line in imports(module)
        if target.split(".")[0] == "provisioner" and not allowed(own, target)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_room_stands_in_the_table() -> None:
    assert {room(module) for module in FILES} - {"", "__main__", "__init__"} == set(MAY_IMPORT)


@pytest.mark.parametrize("own", PURE)
def test_a_pure_room_does_no_input_and_no_output(own: str) -> None:
    found = [
        f"{module}:{line} imports {target}"
        for module in FILES
        if room(module) == own
        for target, line in imports(module, types=False)
        if target.split(".")[0] in IMPURE
    ]
    found += [
        f"{module}:{node.lineno} calls {ast.unparse(node.func)}"
        for module in FILES
        if room(module) == own
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS
    ]
    assert not found, "\n".join(found)


def test_a_vendor_is_named_by_the_registry_alone() -> None:
    vendors = [p.name for p in (ROOT / "providers").iterdir() if p.is_dir() and (p / "__init__.py").exists()]
    wrong = [
        f"{module}:{line} imports {target}"
        for module in FILES
        for target, line in imports(module)
        for vendor in vendors
        if target.startswith(f"provisioner.providers.{vendor}")
        and not module.startswith(f"provisioner.providers.{vendor}")
        and module not in ("provisioner.providers", "provisioner.providers.__init__")
    ]
    assert not wrong, "\n".join(wrong)


def test_opentelemetry_is_known_in_one_room_which_one_file_opens() -> None:
    knows = {m for m in FILES for target, _ in imports(m) if target.split(".")[0] in ("opentelemetry", "requests")}
    opens = {m for m in FILES for target, _ in imports(m) if target.startswith("provisioner.telemetry")}
    assert {room(module) for module in knows} == {"telemetry"}
    assert {module for module in opens if room(module) != "telemetry"} == {"provisioner.cli.tracing"}


def test_what_a_command_remembers_is_where_the_settings_say() -> None:
    """`state_store` alone decides that; a state file is opened by its name where nothing else can be meant."""
    known = {
        "provisioner.cli.stores",
        "provisioner.cli.tenant",
        "provisioner.cli.commands.sandbox",  # the embedded sandbox's own
        "provisioner.cli.own_checks",  # the dialect of a host, beside it
    }
    using = {
        module
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if "state_file" in (getattr(node, "id", ""), getattr(node, "attr", ""))
    }
    assert using <= known, using - known


def test_there_are_no_circles() -> None:
    """A package's own file imports its parts, and they may not import it back."""
    names = {module.removesuffix(".__init__") for module in FILES}
    graph = {
        module.removesuffix(".__init__"): {t for t, _ in imports(module, types=False) if t in names} for module in FILES
    }
    for module, targets in graph.items():
        targets.discard(module)
    list(TopologicalSorter(graph).static_order())


def test_no_file_is_too_long() -> None:
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in FILES.items()}
    long = {module for module, length in lengths.items() if length > LONGEST_FILE}
    assert long == set(LONGER_FILES), {module: lengths[module] for module in long ^ set(LONGER_FILES)}


def test_no_function_is_too_long() -> None:
    functions = (
        (module, node) for module, tree in TREES.items() for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )  # fmt: skip
    lengths = {f"{m}.{n.name}": (n.end_lineno or n.lineno) - n.lineno + 1 for m, n in functions}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}


def test_every_module_says_what_it_is() -> None:
    silent = [module for module, tree in TREES.items() if tree.body and not ast.get_docstring(tree)]
    assert not silent
