#!/usr/bin/env python3
"""Prints what looking up an edit costs in a store, in LMDB and in SQLite: bench/run_store.py BUILD

Twice: with the rows of the official files, unzipped into a temporary folder, or, where they are not
at hand, with as many invented ones; and with 4.5 million invented pairs. bench/README.md says how
to read it.
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile
import zipfile

from run import PINNED, print_load

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OFFICIAL = os.path.join(os.environ.get("SHARED", os.path.join(ROOT, "..", "shared")), "data",
                        "ncci_ptp", "*ccipra-v302r0-f?.zip")
OFFICIAL_PAIRS = 2238466
LARGE_PAIRS = 4500000


def unzip(folder):
    """The texts of the official files, none when they are not there."""
    paths = []
    for archive in sorted(glob.glob(OFFICIAL)):
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                if name.lower().endswith(".txt"):
                    paths.append(opened.extract(name, folder))
    return paths


def measure(program, folder, options, rows):
    command = [program, folder, "--questions", str(options.questions), "--rounds",
               str(options.rounds), *rows]
    done = subprocess.run(PINNED + command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench_lookup failed with {done.returncode}: {done.stderr}")
    words = done.stdout.split()
    return dict(zip(words[::2], map(int, words[1::2])))


def show(name, facts, options):
    each = facts["image_bytes"] / facts["rows"]
    print(f"\n{name}: {facts['rows']:,} rows, {each:.2f} bytes a row,"
          f" built in {facts['build_us'] / 1e6:.2f} s; "
          f"{facts['answers'] / options.questions:.0%} of the questions found an edit")
    for side in ("store", "lmdb", "sqlite"):
        if side + "_ps" not in facts:
            print(f"left out: {side} (its library is not installed)")
            continue
        ratio = facts.get(side + "_ratio_milli")
        print(f"{side:44}{facts[side + '_ps'] / 1000:9.1f} ns" +
              (f"{ratio / 1000:8.1f} times the store" if ratio else ""))


def bars(real, large):
    """The bars of the project; (text, measured, met)."""
    rows = [("SQLite / store, at least 15", f"{real['sqlite_ratio_milli'] / 1000:.1f}",
             real["sqlite_ratio_milli"] >= 15000)]
    if "lmdb_ratio_milli" in real:
        rows.append(("LMDB / store, at least 7", f"{real['lmdb_ratio_milli'] / 1000:.1f}",
                     real["lmdb_ratio_milli"] >= 7000))
    growth = large["store_ps"] / real["store_ps"]
    rows.append(("4.5 million pairs / this, at most 2", f"{growth:.2f}", growth <= 2))
    rows.append(("open, warm, us, below 1,000", f"{real['open_warm_ns'] / 1000:.1f}",
                 real["open_warm_ns"] < 1000000))
    print()
    for text, measured, met in rows:
        print(f"{text:44}{measured:>12}  {'met' if met else 'MISSED'}")
    print(f"{'open, cold, us (no bar)':44}{real['open_cold_ns'] / 1000:12.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="release build folder with tests")
    parser.add_argument("--questions", type=int, default=500000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    program = os.path.join(options.build, "bench", "bench_lookup")
    if not os.path.exists(program):
        sys.exit(f"{program} is not built")
    print_load()
    with tempfile.TemporaryDirectory(dir=options.build) as folder:
        rows = unzip(folder)
        if not rows:
            print("left out: the official files (not at hand), invented rows instead")
        real = measure(program, folder, options, rows or ["--pairs", str(OFFICIAL_PAIRS)])
        show("official files" if rows else "invented", real, options)
        large = measure(program, folder, options, ["--pairs", str(LARGE_PAIRS)])
        show("4.5 million pairs", large, options)
    bars(real, large)
    print_load()


if __name__ == "__main__":
    main()
