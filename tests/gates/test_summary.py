#!/usr/bin/env python3
"""tools/test_summary.py counts right, and turns red for everything that is no plain success."""
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.environ.get("SOURCE_ROOT") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SUMMARY = os.path.join(ROOT, "tools", "test_summary.py")


def result(stdout, verdict="OK", code=0, name="a"):
    return {"name": name, "stdout": stdout, "result": verdict, "returncode": code, "duration": 1}


# what is shown, log of the run, the closing line, exit status; the build knows tests "a" and "b"
# where the log speaks of both, otherwise only "a"
CASES = [
    ("all pass", [result("1..2\nok 1 - x\nok 2 - y\n")], "2 passed, 0 failed", 0),
    ("plan at the end", [result("ok 1 - x\n1..1\n")], "1 passed, 0 failed", 0),
    ("one fails", [result("1..2\nok 1 - x\nnot ok 2 - y\n", "FAIL", 1)], "1 passed, 1 failed", 1),
    ("a case is skipped", [result("1..2\nok 1 - x # SKIP no file\nok 2 - y\n")],
     "1 passed, 0 failed, 1 skipped", 0),
    ("cmocka's way to skip", [result("1..2\nok 1 # SKIP x\nok 2 - y\n")],
     "1 passed, 0 failed, 1 skipped", 0),
    ("a whole test is skipped", [result("1..0 # SKIP no file\n", "SKIP"),
                                 result("1..1\nok 1 - x\n", name="b")],
     "1 passed, 0 failed, 1 skipped", 0),
    ("only skips", [result("1..0 # SKIP no file\n", "SKIP")], "0 passed, 0 failed, 1 skipped", 1),
    ("it dies half-way", [result("1..3\nok 1 - x\n", "FAIL", -11)], "1 passed, 1 failed", 1),
    ("it dies before the plan", [result("", "ERROR", -6)], "0 passed, 1 failed", 1),
    ("it hangs", [result("1..2\nok 1 - x\n", "TIMEOUT", -15)], "1 passed, 1 failed", 1),
    ("fewer than planned", [result("1..3\nok 1 - x\nok 2 - y\n", "ERROR")],
     "2 passed, 1 failed", 1),
    ("more than planned", [result("1..1\nok 1 - x\nok 2 - y\n", "ERROR")],
     "2 passed, 1 failed", 1),
    ("no plan", [result("ok 1 - x\n", "ERROR")], "1 passed, 1 failed", 1),
    ("all ok, but a bad exit status", [result("1..1\nok 1 - x\n", "ERROR", 1)],
     "1 passed, 1 failed", 1),
    ("a TODO", [result("1..1\nnot ok 1 - x # TODO later\n", "OK")], "0 passed, 1 failed", 1),
    ("it gives up", [result("1..2\nok 1 - x\nBail out! no disk\n", "ERROR", 1)],
     "1 passed, 1 failed", 1),
    ("a suite in the name", [result("1..1\nok 1 - x\n", name="claimvet:base / a")],
     "1 passed, 0 failed", 0),
    ("a test left no result", [result("1..1\nok 1 - x\n", name="b")], "1 passed, 1 failed", 1),
    ("nothing ran", [], "0 passed, 1 failed", 1),
]


def summarise(entries):
    known = {"a"} | {entry["name"].split(" / ")[-1] for entry in entries}
    with tempfile.TemporaryDirectory() as build:
        for folder in ("meson-logs", "meson-info"):
            os.mkdir(os.path.join(build, folder))
        with open(os.path.join(build, "meson-logs", "testlog.json"), "w", encoding="utf-8") as log:
            log.writelines(json.dumps(entry) + "\n" for entry in entries)
        tests = [{"name": name, "protocol": "tap"} for name in sorted(known)]
        with open(os.path.join(build, "meson-info", "intro-tests.json"), "w",
                  encoding="utf-8") as info:
            json.dump(tests, info)
        return subprocess.run([sys.executable, SUMMARY, build], text=True, capture_output=True,
                              check=False)


def main():
    print(f"1..{len(CASES)}")
    bad = 0
    for number, (what, entries, closing, status) in enumerate(CASES, 1):
        done = summarise(entries)
        last = done.stdout.splitlines()[-1] if done.stdout else done.stderr
        if last == closing and done.returncode == status:
            print(f"ok {number} - {what}")
        else:
            bad += 1
            print(f"not ok {number} - {what}\n# got {last!r}, exit status {done.returncode}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
