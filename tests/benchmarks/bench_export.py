"""A tenant of so many locations, exported and planned: seconds and memory of the real command, against the sandbox.

`bench_export.py [LOCATIONS ...]`: one account, with as many employees who each work at one location, and 50 services.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from provisioner.sandbox.app import create_app
from tests.benchmarks.bench_franchise import measured
from tests.export.years import Years, session_of

SETTINGS = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
SERVICES = 50


async def fill(path: Path, locations: int) -> None:
    """Make the tenant."""
    app = create_app(path)
    try:
        async with session_of(app) as session:
            years = Years(session)
            menu = [await years.service(n) for n in range(100, 100 + SERVICES)]
            for n in range(locations):
                place = await years.location(n, name=f"Shop {n}")
                await years.employee(n, [place], menu)
    finally:
        app.state.store.close()


def main(sizes: list[int]) -> None:
    """Print a line for each size and command."""
    for size in sizes:
        with TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "provisioner.yaml").write_text(SETTINGS)
            (root / ".provisioner").mkdir()
            asyncio.run(fill(root / ".provisioner/sandbox.db", size))
            for command in (("export",), ("validate",), ("plan",), ("plan", "--show-unmanaged"), ("rehearse",)):
                cost = measured(root, *command)
                words = cost.out.strip().splitlines()[-1][:70]
                took = f"{cost.seconds:6.1f} s {cost.cpu:6.1f} CPU s {cost.megabytes:6.0f} MB"
                print(f"{size:>6} {' '.join(command):<22} {took}   {words}", flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100, 1_000])
