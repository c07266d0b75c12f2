"""A plan over 10,000 resources of which 1 % changed: CPU beyond the reads, memory, and a ratio against a floor.

    python tests/benchmarks/bench_planner.py [RESOURCES]

The floor is libyaml reading the same files and nothing else. The tenant is a sandbox in a process of its own, so that
its CPU and memory are not counted; the child process that plans is a fresh one, as a person's would be.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from provisioner.kinds.live import Evidence
    from provisioner.providers.base import Ask, Provider

ACCOUNTS = 10
RUNS = 5


def write_workspace(root: Path, resources: int) -> None:
    """Locations, services and employees in a ratio of 1:1:2, spread over sub-accounts, one file an account and kind."""
    (root / "provisioner.yaml").write_text("version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n")
    accounts = "".join(
        f"  a{n}: {{company_name: A{n}, nick_name: a{n}, email: o{n}@example.com, password: '${{file:secret}}'}}\n"
        for n in range(ACCOUNTS)
    )
    (root / "secret").write_text("bench")
    (root / "accounts.yaml").write_text(f"accounts:\n{accounts}")
    each = (resources - ACCOUNTS) // ACCOUNTS // 4
    for n in range(ACCOUNTS):
        (root / f"a{n}-locations.yaml").write_text(
            f"account: a{n}\nlocations:\n" + "".join(_location(n, i) for i in range(each))
        )
        (root / f"a{n}-services.yaml").write_text(
            f"account: a{n}\nservices:\n" + "".join(_service(i) for i in range(each))
        )
        (root / f"a{n}-employees.yaml").write_text(
            f"account: a{n}\nemployees:\n" + "".join(_employee(n, i) for i in range(2 * each))
        )


def _location(n: int, i: int) -> str:
    return (
        f"  l{i}:\n    name: Location {n}-{i}\n    street1: {i} Main Street\n    city: Los Angeles\n    state: CA\n"
        f"    zip: {i:05}\n    country: USA\n    phone: +1310555{i:04}\n    timezone: America/Los_Angeles\n"
    )


def _service(i: int) -> str:
    return (
        f"  s{i}:\n    name: Service {i}\n    duration: 45 min\n    price: {i}.50\n"
        f"    description: What it is like, number {i}\n"
        "    duration_padding: 10 min\n    prior_notice: 2 h\n"
    )


def _employee(n: int, i: int) -> str:
    return (
        f"  e{i}:\n    email: e{i}@a{n}.example\n    first_name: First{i}\n    last_name: Last{i}\n    job: Stylist\n"
        f"    phone: (310) 555-{i:04}\n    bio: Someone who has been here for {i} years\n"
    )


def change_one_percent(root: Path) -> None:
    """Every hundredth service and location, and every fiftieth employee of each second account."""
    for path in sorted(root.glob("a*-services.yaml")):
        path.write_text(path.read_text().replace("price: 7", "price: 8"))
    for path in sorted(root.glob("a*-locations.yaml"))[:5]:
        path.write_text(path.read_text().replace("street1: 13 Main", "street1: 14 Main"))


class Watched:
    """A provider whose reading is timed, in CPU seconds."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.seconds = 0.0

    def __getattr__(self, name: str) -> object:
        return getattr(self._provider, name)

    async def read(self, asks: Sequence[Ask]) -> Evidence:
        """What the provider reads."""
        before = time.process_time()
        try:
            return await self._provider.read(asks)
        finally:
            self.seconds += time.process_time() - before


@contextmanager
def served(db: Path) -> Iterator[str]:
    """A sandbox in a process of its own."""
    code = f"from provisioner.sandbox.serve import run; run({str(db)!r}, on_ready=lambda url: print(url, flush=True))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().rstrip("/") + "/api/v2"
        finally:
            process.terminate()


def child(root: Path, endpoint: str) -> None:
    """Plan once in this process and print the parts as JSON."""
    started = time.process_time()
    from provisioner.apply.recovery import Recovered
    from provisioner.cli import compose, tenant
    from provisioner.cli.options import Options
    from provisioner.report.text import plan_text

    imported = time.process_time()
    options = Options(endpoint=endpoint)
    workspace = compose.read_workspace(root, options)
    loaded = time.process_time()
    place = tenant.locate(workspace.settings, endpoint)

    async def whole() -> tuple[compose.Planned, float]:
        async with tenant.connected(root, workspace.settings, place) as provider:
            watched = Watched(provider)
            remembered = Recovered(tenant.state_file(root, place).load().state)
            seen = cast("Provider", watched)
            planned = await compose.plan_workspace(workspace, place, seen, options, remembered)
            return planned, watched.seconds

    planned, reading = compose.run(whole())
    text = plan_text(planned.plan, planned.banner, planned.effort)
    total = time.process_time()
    print(
        json.dumps(
            {
                "start": imported - started,
                "load": loaded - imported,
                "read": reading,
                "plan": total - loaded - reading,
                "beyond": total - started - reading,
                "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "resources": planned.plan.managed,
                "changes": len(planned.plan.writes),
                "lines": text.count("\n"),
            }
        )
    )


def floor(root: Path) -> float:
    """CPU seconds of libyaml's events alone, over the same files."""
    import yaml

    texts = [path.read_text() for path in sorted(root.glob("*.yaml"))]
    started = time.process_time()
    for text in texts:
        loader = yaml.CBaseLoader(text)
        while loader.check_event():
            loader.get_event()
    return time.process_time() - started


def main(resources: int) -> None:
    """Apply everything once, change one in a hundred, plan five times."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "sandbox.db") as endpoint:
        root = Path(folder) / "workspace"
        root.mkdir()
        write_workspace(root, resources)
        command = [sys.executable, "-m", "provisioner", "-C", str(root)]
        started = time.perf_counter()
        subprocess.run([*command, "apply", "--yes", "--endpoint", endpoint], check=True, capture_output=True)
        applied = time.perf_counter() - started
        change_one_percent(root)
        rows = []
        for _ in range(RUNS):
            run = [sys.executable, __file__, "--child", str(root), endpoint]
            rows.append(json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout))
        bare = sorted(floor(root) for _ in range(RUNS))[RUNS // 2]
    median = {key: sorted(row[key] for row in rows)[RUNS // 2] for key in rows[0]}
    print(f"{median['resources']} resources, {median['changes']} changes, {median['lines']} lines of plan")
    print(f"first apply of everything: {applied:.1f} s wall")
    print("CPU seconds, median of five fresh processes:")
    for key in ("start", "load", "plan", "beyond", "read"):
        print(f"  {key:<8}{median[key]:6.2f}   {median[key] / bare:5.1f} x the floor")
    print(f"  floor   {bare:6.2f}   (libyaml's events over the same files)")
    print(f"peak memory {median['rss']:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]), sys.argv[3])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
