#!/usr/bin/env python3
"""What a trace says agrees with the findings, and asking for it changes none of them. Speaks TAP.

usage: trace.py CLAIMVET
Over the sample file, and over the acceptance cases where they are ($SHARED).
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

binary = os.path.abspath(sys.argv[1])
root = pathlib.Path(__file__).resolve().parent.parent.parent
shared = pathlib.Path(os.environ.get("SHARED", root.parent / "shared"))
OUTCOMES = {"fired", "passed", "not_evaluated", "not_applicable"}


def audit(data, *options):
    done = subprocess.run([binary, "audit", "-q", "-f", "json", *options], input=data, timeout=300,
                          capture_output=True, check=False)
    return done.stdout.splitlines(keepends=True)


def stripped(line):
    """The claim without sessions, trace and the steps of its amounts, keys in their order: what an
    audit without --trace writes."""
    claim = json.loads(line)
    for part in ("sessions", "trace"):
        claim.pop(part)
    claim.pop("opportunities_blocked", None)
    for priced in claim.get("money", {}).get("lines", []):
        priced.pop("steps", None)
    return json.dumps(claim)


def wrong(claim):
    """What the trace of one claim says wrongly."""
    outcomes = collections.defaultdict(set)
    for entry in claim["trace"]:
        outcomes[entry["rule"], entry["entry"]].add(entry["outcome"])
        if entry["outcome"] not in OUTCOMES:
            yield f"outcome {entry['outcome']}"
        if entry["outcome"] == "not_applicable" and not entry["reason"]:
            yield f"{entry['rule']} {entry['entry']} does not apply, and no reason is given"
        if entry["outcome"] == "passed" and not entry["values"]:
            yield f"{entry['rule']} {entry['entry']} passed, and no value is named"
    of_rule = collections.defaultdict(set)
    for (rule, _), found in outcomes.items():
        of_rule[rule] |= found
        if "passed" in found and len(found) > 1:
            yield f"an entry of {rule} passed and {found}"
    fired = {finding["rule"] for finding in claim["findings"]}
    gaps = {gap["rule"] for gap in claim["not_evaluated"]}
    for rule in sorted(fired):
        if "fired" not in of_rule[rule]:
            yield f"{rule} is a finding and did not fire"
    mechanical = {rule for rule, entry in outcomes if entry == 0}
    for rule in sorted(gaps - (fired & mechanical)):
        if "not_evaluated" not in of_rule[rule]:
            yield f"{rule} was not evaluated and the trace says {of_rule[rule]}"
    for rule, found in sorted(of_rule.items()):
        if "fired" in found and rule not in fired:
            yield f"{rule} fired and is no finding"
        if "not_evaluated" in found and rule not in gaps:
            yield f"{rule} could not be evaluated and is no gap"


def check(number, name, data):
    plain = audit(data)
    traced = audit(data, "--trace")
    faults = []
    if [stripped(line) for line in traced] != [json.dumps(json.loads(line)) for line in plain]:
        faults.append("the audit differs without its trace")
    for line in traced:
        claim = json.loads(line)
        faults += [f"{claim['claim_id']}: {fault}" for fault in wrong(claim)]
    if not plain:
        faults.append("no claim was read")
    print(f"{'not ok' if faults else 'ok'} {number} - {name}")
    print("".join(f"# {fault}\n" for fault in faults[:40]), end="")
    return not faults


print("1..2")
sample = (root / "examples" / "pain-clinic.837").read_bytes()
fine = check(1, "trace of the sample file", sample)
cases = shared / "acceptance" / "cases.json"
if cases.exists():
    claims = [case["claim"] for case in json.loads(cases.read_text(encoding="utf-8"))["cases"]]
    fine &= check(2, "trace of the acceptance cases",
                  "".join(json.dumps(claim) + "\n" for claim in claims).encode())
else:
    print("ok 2 - trace of the acceptance cases # SKIP shared not present")
sys.exit(not fine)
