#!/usr/bin/env python3
"""Runs claimvet as a user would and compares with golden files, speaking TAP.

usage: run.py CLAIMVET [--bless]
A case is cases/NAME.cmd: its first line holds the arguments ($EX is examples/, $CASES this
folder's cases/, $TMP an empty folder), the lines after it standard input. cases/NAME.golden holds
exit status, standard output and standard error; --bless (or BLESS=1) writes them anew. The lines of
cases/NAME.before are arguments of runs before it, to make what it needs, such as a history.
"""
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

binary = os.path.abspath(sys.argv[1])
bless = "--bless" in sys.argv or os.environ.get("BLESS") == "1"
here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent


def named(line, tmp):
    for name, path in {"$EX": "examples", "$CASES": "tests/cli/cases", "$TMP": tmp}.items():
        line = line.replace(name, path)
    return line


def run(case, tmp):
    first, _, stdin = case.read_text(encoding="utf-8").partition("\n")
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    before = case.with_suffix(".before")
    for line in before.read_text(encoding="utf-8").splitlines() if before.exists() else []:
        subprocess.run([binary] + shlex.split(named(line, tmp)), cwd=root, env=environment,
                       capture_output=True, timeout=60, check=True)
    first = named(first, tmp)
    done = subprocess.run([binary] + shlex.split(first), cwd=root, input=stdin.encode("latin-1"),
                          capture_output=True, timeout=60, env=environment, check=False)
    text = f"exit {done.returncode}\n--- stdout\n{done.stdout.decode('utf-8')}"
    text += f"--- stderr\n{done.stderr.decode('utf-8')}"
    for file in sorted(f for f in pathlib.Path(tmp).iterdir() if f.suffix != ".history"):
        text += f"--- {file.name}\n{file.read_text(encoding='utf-8')}"
    return text.replace(tmp, "$TMP")


cases = sorted((here / "cases").glob("*.cmd"))
print(f"1..{len(cases)}")
failed = 0
for number, case in enumerate(cases, 1):
    with tempfile.TemporaryDirectory() as tmp:
        got = run(case, tmp)
    golden = case.with_suffix(".golden")
    if bless:
        golden.write_text(got, encoding="utf-8")
    fine = golden.exists() and golden.read_text(encoding="utf-8") == got
    failed += not fine
    print(f"{'ok' if fine else 'not ok'} {number} - {case.stem}")
    if not fine:
        print("".join(f"# {line}\n" for line in got.splitlines()[:60]), end="")
sys.exit(failed > 0)
