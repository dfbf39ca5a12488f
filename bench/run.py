#!/usr/bin/env python3
"""Prints, in one run, what claimvet costs beside what it is compared with: bench/run.py BUILD

The programs take turns on the same generated file, each pinned to one core where that can be done;
figures are medians over the rounds, ratios are medians of the ratios within a round, so that a
machine that slows down slows both sides. What is not built is named and left out.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

CORE = str((os.cpu_count() or 1) - 1)
PINNED = ["taskset", "-c", CORE] if shutil.which("taskset") else []


class Program:
    """One of the programs that take turns."""

    def __init__(self, name, what, command, good=(0,)):
        self.name, self.what, self.command, self.good = name, what, command, good
        self.seconds = []

    def is_built(self):
        return shutil.which(self.command[0]) is not None

    def run(self):
        started = time.monotonic()
        done = subprocess.run(PINNED + self.command, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        self.seconds.append(time.monotonic() - started)
        if done.returncode not in self.good:
            sys.exit(f"{self.name} failed with {done.returncode}: {done.stderr.decode()}")

    def peak_kib(self):
        """Largest resident memory, read from /proc while one more run goes on."""
        peak = 0
        with subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as child:
            while child.poll() is None:
                try:
                    with open(f"/proc/{child.pid}/status", encoding="ascii") as status:
                        found = re.search(r"VmHWM:\s*(\d+)", status.read())
                    peak = max(peak, int(found.group(1)) if found else 0)
                except OSError:
                    pass
                time.sleep(0.002)
        return peak


def generate(build, options):
    """The file that all read; made anew each time, it takes less than a second."""
    folder = os.path.join(build, "bench-data")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"claims-{options.claims}-{options.seed}-{options.wrong}.837")
    subprocess.run([os.path.join(build, "bench", "gen837"), "--claims", str(options.claims),
                    "--seed", str(options.seed), "--wrong", str(options.wrong), "-o", path],
                   stderr=subprocess.DEVNULL, check=True)
    return path


def programs_for(build, path):
    """Those that are built, by name; says which are not."""
    bench = os.path.join(build, "bench")
    claimvet = os.path.join(build, "src", "cli", "claimvet")
    listed = [
        Program("wc", "wc -l", ["wc", "-l", path]),
        Program("read", "file to claims", [os.path.join(bench, "bench_read"), path]),
        Program("audit", "whole audit, JSON",
                [claimvet, "audit", "--format", "json", "--quiet", path], good=(0, 1)),
        Program("silent", "audit, no report", [os.path.join(bench, "bench_index"), path]),
        Program("sqlite", "audit, SQLite text keys",
                [os.path.join(bench, "audit_store_sqlite"), path]),
        Program("packed", "audit, SQLite integers",
                [os.path.join(bench, "audit_store_sqlite_packed"), path]),
        Program("lean", "look-ups alone, SQLite", [os.path.join(bench, "audit_sqlite"), path],
                good=(0, 1)),
    ]
    for program in listed:
        if not program.is_built():
            print(f"left out: {program.what} ({program.command[0]} is not built)")
    return {program.name: program for program in listed if program.is_built()}


def take_turns(programs, rounds):
    for program in programs.values():
        program.run()  # warms caches
        program.seconds.clear()
    for _ in range(rounds):
        for program in programs.values():
            program.run()


def print_times(programs, claims):
    heads = ("median s", "fastest", "slowest", "claims/s", "peak KiB")
    print(f"\n{'':24}" + "".join(f"{head:>12}" for head in heads))
    for program in programs.values():
        middle = statistics.median(program.seconds)
        print(f"{program.what:24}{middle:12.3f}{min(program.seconds):12.3f}"
              f"{max(program.seconds):12.3f}{claims / middle:12,.0f}{program.peak_kib():12,}")


def ratio(programs, over, under):
    """Median of `over` / `under` within the rounds, None when one of them is left out."""
    if over not in programs or under not in programs:
        return None
    pairs = zip(programs[over].seconds, programs[under].seconds)
    return statistics.median(a / b for a, b in pairs)


def print_ratios(programs, claims):
    """The bars of the project, and how far the run is from them; (text, measured, met)."""
    rows = []
    reading = ratio(programs, "read", "wc")
    if reading:
        rows.append(("reading / wc -l, at most 4", f"{reading:.2f}", reading <= 4))
    against = ratio(programs, "sqlite", "audit")
    if against:
        rows.append(("SQLite, text keys / audit, at least 10", f"{against:.1f}", against >= 10))
    if "audit" in programs:
        speed = claims / statistics.median(programs["audit"].seconds)
        rows.append(("claims/s on one core, at least 300,000", f"{speed:,.0f}", speed >= 300000))
    print()
    for text, measured, met in rows:
        print(f"{text:44}{measured:>12}  {'met' if met else 'MISSED'}")
    packed = ratio(programs, "packed", "audit")
    if packed:
        print(f"{'SQLite, packed integers / audit (no bar)':44}{packed:12.1f}")
    lean = ratio(programs, "lean", "audit")
    if lean:
        print(f"{'SQLite look-ups alone / audit (no bar)':44}{lean:12.1f}")
    silent = ratio(programs, "lean", "silent")
    if silent:
        print(f"{'the same / audit without report (no bar)':44}{silent:12.1f}")


def print_load():
    """Others on the machine make every figure worse, and the ratios uncertain."""
    load = os.getloadavg()[0]
    cores = os.cpu_count() or 1
    print(f"load {load:.1f} on {cores} cores" +
          (": NOT QUIET, do not quote these figures" if load > cores else ""))


def print_index(build, path):
    program = os.path.join(build, "bench", "bench_index")
    if not os.path.exists(program):
        print("left out: index for checks across claims (bench_index is not built)")
        return
    said = subprocess.run([program, path], capture_output=True, text=True, check=True).stdout
    words = said.split()
    facts = dict(zip(words[::2], map(int, words[1::2])))
    each = facts["index_bytes"] / max(1, facts["index_lines"])
    print(f"{'index bytes a line, at most 24':44}{each:12.1f}  {'met' if each <= 24 else 'MISSED'}")


def parser_of(about):
    """The options of a run over the generated file."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("build", help="release build folder with tests")
    parser.add_argument("--claims", type=int, default=200000)
    parser.add_argument("--seed", type=int, default=837)
    parser.add_argument("--wrong", type=int, default=10, help="per cent of the claims")
    parser.add_argument("--rounds", type=int, default=7)
    return parser


def main():
    parser = parser_of(__doc__)
    options = parser.parse_args()
    path = generate(options.build, options)
    size = os.path.getsize(path)
    print(f"{options.claims:,} claims, {options.wrong} % of them wrong, {size / 1e6:,.1f} MB, "
          f"{size / options.claims:,.0f} bytes a claim, {options.rounds} rounds, "
          f"{'pinned to core ' + CORE if PINNED else 'not pinned (no taskset)'}")
    print_load()
    programs = programs_for(options.build, path)
    take_turns(programs, options.rounds)
    print_times(programs, options.claims)
    print_ratios(programs, options.claims)
    print_index(options.build, path)
    print_load()


if __name__ == "__main__":
    main()
