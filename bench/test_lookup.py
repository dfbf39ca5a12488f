#!/usr/bin/env python3
"""The three sides of bench_lookup give the same answers: test_lookup.py BENCH_LOOKUP (TAP)"""
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    done = subprocess.run([sys.argv[1], folder, "--pairs", "30000", "--questions", "30000",
                           "--rounds", "1"], capture_output=True, text=True, check=False)
words = done.stdout.split()
facts = dict(zip(words[::2], map(int, words[1::2])))
found = facts.get("answers", 0)
good = done.returncode == 0 and 5000 < found < 25000 and "sqlite_ps" in facts
print("1..1")
print(f"{'ok' if good else 'not ok'} 1 - store, SQLite and LMDB answer alike")
if not good:
    print(f"# {done.returncode}, {found} answers: {done.stderr}")
sys.exit(not good)
