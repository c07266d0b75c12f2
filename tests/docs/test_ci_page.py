"""The page about pipelines, as a new user follows it: with this repository beside, and a bare one to push to."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.docs.pages import DOCS, ROOT, blocks
from tests.docs.shell import BIN
from tests.examples.pipelines import git, write_python

PAGE = DOCS / "ci.md"


def test_a_repository_from_nothing(tmp_path: Path) -> None:
    home, bare = tmp_path / "home", tmp_path / "salon.git"
    (home / "provisioner/examples").mkdir(parents=True)
    shutil.copytree(ROOT / "examples/gitops", home / "provisioner/examples/gitops")
    git("init", "--quiet", cwd=home / "provisioner")
    git("commit", "--quiet", "--allow-empty", "-m", "the tool", cwd=home / "provisioner")
    git("init", "--quiet", "--bare", str(bare), cwd=tmp_path)
    stubs = home / "stubs"
    write_python(stubs, tmp_path / "pip.log")
    (home / ".gitconfig").write_text("[user]\nname = ana\nemail = ana@salon.example\n", "utf-8")

    script = "\n".join(block.body for block in blocks(PAGE) if "setup" in block.words)
    assert script.count("git@github.com:your-company/salon.git") == 1
    script = script.replace("git@github.com:your-company/salon.git", str(bare))
    env = {"PATH": f"{stubs}:{BIN}:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["sh", "-euc", script], cwd=home, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings." in done.stdout
    assert "No changes. 11 resources are as the manifests say." in done.stdout
    assert git("log", "--format=%s", "cheaper", cwd=bare) == "Haircuts are cheaper\nThe salon"
    kept = git("ls-tree", "-r", "--name-only", "cheaper", cwd=bare).splitlines()
    assert "ci/run.sh" in kept
    assert not [name for name in kept if name.startswith((".venv/", "reports/", ".provisioner/"))]
    pinned = git("show", "cheaper:requirements.txt", cwd=bare)
    assert f"@{git('rev-parse', 'HEAD', cwd=home / 'provisioner')}" in pinned
    assert (tmp_path / "pip.log").read_text("utf-8") == "install --requirement requirements.txt\n"
