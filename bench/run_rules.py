#!/usr/bin/env python3
"""Prints what the entries of policies and the earlier services of the patients cost a claim, in one
run: bench/run_rules.py BUILD. bench/README.md says how to read it. With --tap it only sees that the
program runs."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from run import PINNED, generate, parser_of, print_load

RULES = Path(__file__).parents[1] / "rules"


def measure(build, folder, options):
    """Facts by name; the history holds the claims of the file itself."""
    path = generate(build, options)
    history = os.path.join(folder, "claims.history")
    subprocess.run([os.path.join(build, "src", "cli", "claimvet"), "history", "add", "--history",
                    history, path], stderr=subprocess.DEVNULL, check=True)
    done = subprocess.run(PINNED + [os.path.join(build, "bench", "bench_rules"), path, history,
                                    RULES, str(options.rounds)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench_rules failed with {done.returncode}: {done.stderr}")
    words = done.stdout.split()
    return dict(zip(words[::2], map(int, words[1::2])))


def show(facts):
    print(f"{facts['claims']:,} claims; reading and the whole audit with policies and history, no"
          f" report: {facts['whole_ps'] / 1e6:.2f} us a claim; loading the history:"
          f" {facts['load_us'] / 1e3:,.0f} ms")
    for name, words in (("rules", "policies"), ("history", "earlier services in memory")):
        print(f"{words + ', us a claim':44}{facts[name + '_ps'] / 1e6:12.2f}")
    print(f"{'both, us a claim, at most 1':44}{facts['both_ps'] / 1e6:12.2f}"
          f"  {'met' if facts['both_ps'] <= 1e6 else 'MISSED'}")


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--tap", action="store_true", help="a test: few, and no figures")
    options = parser.parse_args()
    if options.tap:
        options.claims, options.rounds = 300, 1
        print("1..1")
    with tempfile.TemporaryDirectory(dir=options.build) as folder:
        if not options.tap:
            print_load()
        facts = measure(options.build, folder, options)
    if options.tap:
        fine = facts["claims"] == 300
        print(f"{'ok' if fine else 'not ok'} 1 - all claims are audited three ways")
        sys.exit(not fine)
    show(facts)
    print_load()


if __name__ == "__main__":
    main()
