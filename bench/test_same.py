#!/usr/bin/env python3
"""The audit over SQLite writes what claimvet writes, byte by byte: the opponent of the benchmark
makes the same checks and finds the same rows.

    test_same.py GEN837 CLAIMVET AUDIT_STORE_SQLITE
"""
import os
import subprocess
import sys
import tempfile

GEN837, CLAIMVET, OPPONENT = sys.argv[1:4]
CLAIMS, WRONG = 3000, 30


def answers():
    """Exit status and lines of both programs."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.837")
        subprocess.run([GEN837, "--claims", str(CLAIMS), "--seed", "59", "--wrong", str(WRONG),
                        "-o", path], stderr=subprocess.DEVNULL, check=True)
        ours = subprocess.run([CLAIMVET, "audit", "--quiet", "--format", "json", path],
                              capture_output=True, check=False)
        theirs = subprocess.run([OPPONENT, path], capture_output=True, check=False)
    return ours, theirs


def difference(ours, theirs):
    """The first line that differs, None when there is none."""
    for number, (a, b) in enumerate(zip(ours, theirs), 1):
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            start = max(0, at - 60)
            return f"line {number}, byte {at}: {a[start:at + 60]} beside {b[start:at + 60]}"
    return None if len(ours) == len(theirs) else f"{len(ours)} lines beside {len(theirs)}"


def main():
    ours, theirs = answers()
    lines = ours.stdout.splitlines()
    failed = sum(b'"status":"fail"' in line for line in lines)
    results = [
        ("both programs run", None if ours.returncode == 1 and theirs.returncode == 0 else
         f"{ours.returncode} and {theirs.returncode}: {ours.stderr[:300]} {theirs.stderr[:300]}"),
        ("there is something to compare",
         None if len(lines) >= CLAIMS and failed > CLAIMS * WRONG // 200 else
         f"{len(lines)} lines, {failed} with findings"),
        ("the outputs are the same", difference(lines, theirs.stdout.splitlines())),
    ]
    print(f"1..{len(results)}")
    for number, (name, wrong) in enumerate(results, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - same: {name}")
        if wrong:
            print(f"# {wrong}")
    return 1 if any(wrong for _, wrong in results) else 0


if __name__ == "__main__":
    sys.exit(main())
