#!/usr/bin/env python3
"""Prints what the earlier services of a patient cost from the history and from SQLite with a row
for each service, in one run: bench/run_history.py BUILD. bench/README.md says how to read it.
With --tap it only sees that both give the same answers."""
import argparse
import os
import subprocess
import sys
import tempfile

from run import PINNED, print_load


def measure(program, folder, patients, questions, rounds):
    done = subprocess.run(PINNED + [program, folder, str(patients), str(questions), str(rounds)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench_history failed with {done.returncode}: {done.stderr}")
    words = done.stdout.split()
    return dict(zip(words[::2], map(int, words[1::2])))


def show(facts, options):
    services = facts["services"]
    print(f"{options.patients:,} patients, {facts['claims']:,} claims, {services:,} services of two"
          f" years; {facts['known_answers'] / options.questions:.1f} services a question about"
          " twelve months")
    for name, words in (("known", "a patient who is there"), ("ahead", "the same, fetched ahead"),
                        ("unknown", "a patient who is not")):
        print(f"{words:26}{facts[name + '_history_ps'] / 1000:9.1f} ns"
              f"{facts[name + '_rows_ps'] / 1000:11.1f} ns with SQLite"
              f"{facts[name + '_ratio_milli'] / 1000:8.1f} times")
    print(f"{'add':26}{facts['claims'] / facts['add_us'] * 1e6:12,.0f} claims/s, committed every"
          f" 20,000; {services / facts['add_us'] * 1e6:,.0f} services/s, SQLite rows without a"
          f" journal {services / facts['rows_add_us'] * 1e6:,.0f}")
    print(f"{'load':26}{facts['load_us'] / 1000:9.1f} ms,"
          f" {facts['load_us'] * 1000 / services:.0f} ns a service")
    rows = [("SQLite / history, fetched ahead, at least 8", facts["ahead_ratio_milli"] / 1000,
             facts["ahead_ratio_milli"] >= 8000),
            ("not there, ns, at most 300", facts["unknown_history_ps"] / 1000,
             facts["unknown_history_ps"] <= 300000),
            ("bytes a service in memory, at most 48", facts["bytes"] / services,
             facts["bytes"] <= 48 * services)]
    for text, measured, met in rows:
        print(f"{text:44}{measured:12.1f}  {'met' if met else 'MISSED'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="release build folder with tests")
    parser.add_argument("--patients", type=int, default=100000)
    parser.add_argument("--questions", type=int, default=200000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tap", action="store_true", help="a test: few, and no figures")
    options = parser.parse_args()
    program = os.path.join(options.build, "bench", "bench_history")
    if not os.path.exists(program):
        sys.exit(f"{program} is not built")
    with tempfile.TemporaryDirectory(dir=options.build) as folder:
        if options.tap:
            print("1..1")
            facts = measure(program, folder, 300, 2000, 1)
            fine = facts["known_answers"] > 2000 and facts["unknown_answers"] == 0
            print(f"{'ok' if fine else 'not ok'} 1 - the history and SQLite give the same answers")
            sys.exit(not fine)
        print_load()
        show(measure(program, folder, options.patients, options.questions, options.rounds), options)
    print_load()


if __name__ == "__main__":
    main()
