#!/usr/bin/env python3
"""The transcript in README.md is what the program prints: every stretch of it, in order. TAP."""
import os
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent
readme = (root / "README.md").read_text(encoding="utf-8")
shown = re.search(r"```\n\$ claimvet (.*)\n(?s:(.*?))\n```", readme)
print("1..1")
missing = ["a transcript"]
if shown:
    command = [os.path.abspath(sys.argv[1])] + shown[1].split()
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    output, at, missing = done.stdout.decode("utf-8"), 0, []
    for part in shown[2].split("…\n"):
        found = output.find(part.strip("\n"), at)
        if found < 0:
            missing.append(part.splitlines()[0])
        at = max(at, found)
print("ok 1 - README transcript" if not missing else "not ok 1 - README transcript")
for part in missing:
    print("# not printed:", part)
sys.exit(bool(missing))
