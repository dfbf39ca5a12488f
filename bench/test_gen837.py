#!/usr/bin/env python3
"""bench/gen837 writes the same bytes for the same options, and what it calls right adds up."""
import hashlib
import os
import subprocess
import sys
import tempfile

GEN837 = sys.argv[1]
# Of `--claims 2000 --seed 7 --wrong 20`. It changes only when the generator is meant to change:
# figures measured before and after are then figures of different files. Every compiler has to
# give it: .ci/run looks with gcc and with clang.
RECORDED = "dedb39a8ec0336f9fe9f7ce20516b649f1a20ba2330328ecc6c46aab2680024f"


def generate(*options):
    done = subprocess.run([GEN837, *options], capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def segments(data):
    return [segment.strip().split("*") for segment in data.decode().split("~") if segment.strip()]


def is_recorded():
    digest = hashlib.sha256(generate("--claims", "2000", "--seed", "7", "--wrong", "20")[1])
    return None if digest.hexdigest() == RECORDED else f"got {digest.hexdigest()}"


def is_stable():
    options = ("--claims", "500", "--seed", "3", "--wrong", "30")
    first = generate(*options)
    if first != generate(*options):
        return "two runs differ"
    other = generate("--claims", "500", "--seed", "4", "--wrong", "30")
    return "another seed gives the same file" if first[1] == other[1] else None


def envelopes_add_up():
    start, groups = 0, 0
    for position, segment in enumerate(segments(generate("--claims", "6000")[1])):
        if segment[0] == "ST":
            start, number = position, segment[2]
        elif segment[0] == "SE" and segment[1:] != [str(position - start + 1), number]:
            return f"SE {segment}, expected {position - start + 1} {number}"
        elif segment[0] == "GE":
            groups += 1
        elif segment[0] == "IEA" and segment[1] != str(groups):
            return f"IEA {segment}, expected {groups}"
    return None if groups > 1 else "one group only"


def npi_is_valid(npi):
    total = 24
    for place, digit in enumerate(map(int, npi)):
        doubled = digit * 2
        total += doubled // 10 + doubled % 10 if place % 2 == 0 else digit
    return len(npi) == 10 and npi[0] == "2" and total % 10 == 0


def right_claims_are_right():
    total = lines = pointers = 0
    for segment in segments(generate("--claims", "4000", "--wrong", "0")[1]):
        if segment[0] in ("CLM", "IEA"):
            if lines != total:
                return f"charges {lines} before {segment}, total {total}"
            total, lines = (int(segment[2]), 0) if segment[0] == "CLM" else (0, 0)
        elif segment[0] == "HI":
            pointers = len(segment) - 1
        elif segment[0] == "SV1":
            lines += int(segment[2])
            if not all(1 <= int(pointer) <= pointers for pointer in segment[7].split(":")):
                return f"pointer beyond {pointers}: {segment}"
        elif segment[0] == "NM1" and "XX" in segment and not npi_is_valid(segment[9]):
            return f"NPI {segment}"
    return None


def every_kind_occurs():
    with tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, "key")
        _, data, said = generate("--claims", "5000", "--wrong", "50", "--key", key)
        with open(key, encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
    counts = dict(reversed(line.split()) for line in said.splitlines()[1:])
    claims = {segment[1] for segment in segments(data) if segment[0] == "CLM"}
    if len(claims) != 5000:
        return f"{len(claims)} claim ids for 5000 claims"
    for rule, count in counts.items():
        found = sum(1 for row in rows if row[1] == rule)
        if found != int(count) or found == 0:
            return f"{rule}: {count} said, {found} in the key"
    strangers = [row for row in rows if row[0] not in claims]
    return f"not in the file: {strangers[:3]}" if strangers else None


def bad_options_are_refused():
    for options in (["--claims", "0"], ["--claims", "x"], ["--wrong", "101"], ["--claims"],
                    ["--what", "1"]):
        status, data, said = generate(*options)
        if status != 2 or data or not said.startswith("usage:"):
            return f"{options}: exit status {status}"
    return None


TESTS = [is_recorded, is_stable, envelopes_add_up, right_claims_are_right, every_kind_occurs,
         bad_options_are_refused]


def main():
    print(f"1..{len(TESTS)}")
    bad = 0
    for number, test in enumerate(TESTS, 1):
        wrong = test()
        print(f"{'not ok' if wrong else 'ok'} {number} - gen837 {test.__name__}")
        if wrong:
            bad += 1
            print(f"# {wrong}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
