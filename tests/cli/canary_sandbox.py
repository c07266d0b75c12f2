"""A sandbox whose API key is a canary, served until a signal: `canary_sandbox.py DB`, with the key in CANARY_KEY."""

from __future__ import annotations

import os
import sys

from provisioner.sandbox.serve import run

run(sys.argv[1], api_key=os.environ["CANARY_KEY"], on_ready=lambda url: print(url, flush=True))
