#!/usr/bin/env python3
"""Runs the tests of a build folder and counts their cases; the last line is `N passed, N failed`.

    test_summary.py BUILD            count what meson-logs/testlog.json holds
    test_summary.py --run BUILD      run `meson test` first
    test_summary.py --counts FILE …  also append "passed failed skipped" to FILE, for .ci/run

Every TAP line is a case. A test that crashes, times out, prints no plan or another number of
cases than planned, or that is known to the build and left no result, is one more failed case.
Exits with 1 when anything failed or when nothing ran.
"""
import argparse
import json
import os
import re
import subprocess
import sys

TAIL_LINES = 25
CASE = re.compile(r"^(not )?ok\b\s*(\d+)?\s*(?:-\s*)?([^#]*)(?:#\s*(\w+)\b\s*(.*))?$")
PLAN = re.compile(r"^1\.\.(\d+)\s*(?:#\s*SKIP\b\s*(.*))?$", re.IGNORECASE)
GOOD_RESULTS = ("OK", "SKIP", "EXPECTEDFAIL")


class Tally:
    """Counts of cases, and the names of those that failed or were skipped."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def line(self):
        text = f"{self.passed} passed, {len(self.failed)} failed"
        return text + (f", {len(self.skipped)} skipped" if self.skipped else "")


def count_case(match, test, tally):
    """Counts one TAP line; a TODO is a failure like any other."""
    bad, number, name, directive, reason = match.groups()
    label = f"{test}: {name.strip() or number}"
    if directive and directive.upper() == "SKIP" and not bad:
        tally.skipped.append(f"{label} ({reason or 'no reason given'})")
    elif bad:
        tally.failed.append(label)
    else:
        tally.passed += 1


def count_tap(text, test, tally):
    """Counts the cases of one test; returns what is wrong with its TAP, or None."""
    planned, seen = None, 0
    for line in text.splitlines():
        plan = PLAN.match(line)
        case = CASE.match(line)
        if plan:
            if planned is not None:
                return "two plans"
            planned = int(plan.group(1))
            if planned == 0:
                tally.skipped.append(f"{test} ({plan.group(2) or 'no reason given'})")
        elif case:
            seen += 1
            count_case(case, test, tally)
        elif line.startswith("Bail out!"):
            return line
    if planned is None:
        return "no plan: it ended before its last case"
    return None if planned == seen else f"{planned} cases planned, {seen} seen"


def count_test(entry, tally):
    """Counts one entry of the log."""
    name, result, output = entry["name"], entry["result"], entry.get("stdout") or ""
    failed_before = len(tally.failed)
    if re.search(r"^(1\.\.\d|(not )?ok\b)", output, re.MULTILINE):
        fault = count_tap(output, name, tally)
    elif result == "OK" and entry.get("protocol") != "tap":
        tally.passed += 1
        return
    elif result == "SKIP":
        tally.skipped.append(name)
        return
    else:
        fault = "no case was reported"
    code = entry.get("returncode", 0)
    if result == "TIMEOUT":
        fault = f"timed out after {entry.get('duration', 0):.0f} s"
    elif code < 0 or 128 < code < 160:
        fault = f"killed by signal {-code if code < 0 else code - 128}"
    elif result not in GOOD_RESULTS and len(tally.failed) == failed_before:
        fault = fault or f"{result}, exit status {code}"
    if fault:
        tally.failed.append(f"{name}: {fault}")
    if len(tally.failed) > failed_before:
        print_failure(entry, tally.failed[failed_before:])


def print_failure(entry, names):
    print(f"\nFAILED {entry['name']} ({entry['result']}, {entry.get('duration', 0):.1f} s)")
    for name in names:
        print(f"  not ok: {name}")
    for stream in ("stdout", "stderr"):
        lines = (entry.get(stream) or "").splitlines()
        if lines:
            print(f"  --- {stream}, its last {min(TAIL_LINES, len(lines))} lines")
            print("\n".join("  " + line for line in lines[-TAIL_LINES:]))


def read_log(build):
    path = os.path.join(build, "meson-logs", "testlog.json")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8", errors="replace") as log:
        return [json.loads(line) for line in log if line.strip()]


def known_tests(build):
    """Protocol of every test that the build knows, by name."""
    path = os.path.join(build, "meson-info", "intro-tests.json")
    with open(path, encoding="utf-8") as tests:
        return {test["name"]: test.get("protocol") for test in json.load(tests)}


def run_tests(build, slow):
    log = os.path.join(build, "meson-logs", "testlog.json")
    if os.path.exists(log):
        os.remove(log)
    command = ["meson", "test", "-C", build, "--no-rebuild", "-t", str(slow)]
    subprocess.run(command, stdin=subprocess.DEVNULL, check=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", action="store_true", help="run the tests first")
    parser.add_argument("--counts", metavar="FILE", help="append the three numbers to FILE")
    parser.add_argument("--slow", type=int, default=1, metavar="N",
                        help="N times the time that each test may take")
    parser.add_argument("build", help="build folder")
    arguments = parser.parse_args()
    if arguments.run:
        run_tests(arguments.build, arguments.slow)
    sys.stdout.flush()
    tally = Tally()
    known = known_tests(arguments.build)
    entries = read_log(arguments.build)
    for entry in entries:
        entry["name"] = entry["name"].split(" / ")[-1]  # without its suite
        entry["protocol"] = known.get(entry["name"])
        count_test(entry, tally)
    for name in sorted(known.keys() - {entry["name"] for entry in entries}):
        print(f"\nFAILED {name} (left no result)")
        tally.failed.append(f"{name}: left no result")
    for name in tally.skipped:
        print(f"skipped {name}")
    if arguments.counts:
        with open(arguments.counts, "a", encoding="utf-8") as counts:
            print(tally.passed, len(tally.failed), len(tally.skipped), file=counts)
    if not tally.passed and not tally.failed:
        print("nothing ran")
    print(tally.line())
    sys.exit(0 if tally.passed and not tally.failed else 1)


if __name__ == "__main__":
    main()
