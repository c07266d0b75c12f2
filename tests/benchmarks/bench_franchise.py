"""A franchise from one CSV: sub-accounts of 5 employees and 8 services each, planned, applied and planned again.

Seconds, memory, reads and writes of the real command, against the embedded sandbox: `bench_franchise.py [STORES ...]`.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

COMMAND = Path(sys.executable).with_name("provisioner")
SETTINGS = """\
version: 1
provider: setster
endpoint: sandbox
company_id: 2345
policy: {max_destroy: 100%, max_update: 100%}
"""
EMPLOYEES, SERVICES = range(5), range(8)
HEAD = """\
generate:
  - from: data/stores.csv
    as: store
    manifest:
      - accounts:
          ${store.slug}:
            company_name: ${store.name}
            nick_name: acme${store.slug}
            email: owner@${store.slug}.example
            password: ${env:STORE_PASSWORD}
            timezone: America/Los_Angeles
      - account: ${store.slug}
        locations:
          main: {main: true, name: "${store.name}", street1: "${store.street}", zip: "${store.zip}"}
        services:
          s0: {name: Service 0, duration: 30 min, price: 20, default: true}
"""
SERVICE = "          s{0}: {{name: Service {0}, duration: 30 min, price: 2{0}}}\n"
EMPLOYEE = """\
          e{0}:
            email: e{0}@${{store.slug}}.example
            first_name: ${{store.first{0}}}
            last_name: Diaz
            at:
              main:
                services: [s0, s1, s2, s3, s4, s5, s6, s7]
                hours: [{{dates: 2027, week: {{mon-fri: 09:00-17:00}}}}]
"""


class Cost(NamedTuple):
    """What one command took."""

    seconds: float
    cpu: float
    megabytes: float
    out: str


def workspace(root: Path, stores: int) -> None:
    """Settings, one template, one CSV."""
    (root / "data").mkdir()
    (root / "provisioner.yaml").write_text(SETTINGS)
    services = "".join(SERVICE.format(n) for n in SERVICES[1:])
    employees = "".join(EMPLOYEE.format(n) for n in EMPLOYEES)
    (root / "franchise.yaml").write_text(f"{HEAD}{services}        employees:\n{employees}")
    with (root / "data/stores.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["slug", "name", "street", "city", "zip", *(f"first{n}" for n in EMPLOYEES)])
        for n in range(stores):
            people = [f"Ana{n}x{e}" for e in EMPLOYEES]
            rows.writerow([f"s{n:04}", f"Acme Store {n}", f"{n} Main Street", "Los Angeles", "90210", *people])


def measured(root: Path, *arguments: str) -> Cost:
    """Run the command, and ask the kernel what it took."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "STORE_PASSWORD": "a-long-password-1"}
    with (root / "out.txt").open("w+") as out:
        began = os.times().elapsed
        process = subprocess.Popen(
            [COMMAND, *arguments], cwd=root, env=environment, stdout=out, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = os.times().elapsed - began
        out.seek(0)
        text = out.read()
    if status:
        raise SystemExit(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}: {text[-500:]}")
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, text)


def main(sizes: list[int]) -> None:
    """One table, a line for each command and size."""
    print("| stores | resources | command | s | CPU s | MB | reads | writes |\n|---|---|---|---|---|---|---|---|")
    for stores in sizes:
        with TemporaryDirectory() as folder:
            root = Path(folder)
            workspace(root, stores)
            for name in ("validate", "plan", "apply --yes", "plan"):
                cost = measured(root, *name.split())
                reads, writes = (re.search(rf"([\d,]+) {what}", cost.out) for what in ("reads", "writes"))
                managed = stores * (1 + 1 + len(SERVICES) + 2 * len(EMPLOYEES) + len(EMPLOYEES) * len(SERVICES))
                print(
                    f"| {stores:,} | {managed:,} | {name.split()[0]} | {cost.seconds:.1f} | {cost.cpu:.1f} "
                    f"| {cost.megabytes:.0f} | {reads[1] if reads else ''} | {writes[1] if writes else ''} |",
                    flush=True,
                )


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [100, 1_000])
