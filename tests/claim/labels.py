#!/usr/bin/env python3
"""Every 837 sample with an upstream expectation gets it, or a reason of labels.tsv. TAP.

valid: claims are read and nothing is an error about the file, but counts that LABELS.csv itself
calls wrong; reject: an error is told; warn: something is told. usage: labels.py CLAIMVET
"""
import csv
import json
import os
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
samples = pathlib.Path(os.environ["SHARED"]) / "x12" / "samples"
COUNTS = {"se01_count": "SE01=", "ge01_count": "GE01=", "iea01_count": "IEA01="}


def answers(path):
    """Number of claims, codes of errors about the file, codes of lesser notices."""
    done = subprocess.run([sys.argv[1], "audit", "-q", "-f", "json", path], capture_output=True,
                          text=True, check=False)
    claims, errors, notices = 0, set(), set()
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        claims += "claim_id" in answer
        errors |= {e["code"] for e in answer.get("errors", [])}
        for finding in answer.get("findings", []):
            told = finding.get("code", finding["rule"])
            if finding["rule"].startswith("x12_"):
                (errors if finding["severity"] == "error" else notices).add(told)
    return claims, errors, notices


def reasons(label):
    allowed = {code for code, text in COUNTS.items() if text in label["envelope"]}
    allowed |= {"se01_count"} if "SE01=" in ",".join(v or "" for v in label.values()) else set()
    for line in (here / "labels.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "part\t")):
            part, codes, _ = line.split("\t")
            allowed |= set(codes.split()) if part in label["file"] else set()
    return allowed


def wrong(label):
    claims, errors, notices = answers(samples / label["file"])
    allowed = reasons(label)
    if label["upstream"] == "reject":
        return None if errors else "is read without an error"
    if label["upstream"] == "warn":
        return None if errors | notices else "is read without a word"
    if not claims and "no_claims" not in allowed:
        return "gives no claim"
    left = errors - allowed
    return f"tells {', '.join(sorted(left))}" if left else None


if not samples.exists():
    print("1..1\nok 1 - labels of the samples # SKIP shared not present")
    sys.exit(0)
with open(samples.parent / "LABELS.csv", encoding="utf-8", newline="") as file:
    labels = [row for row in csv.DictReader(file)
              if row["cls"].startswith("837") and row["upstream"] not in ("unknown", "")]
print(f"1..{len(labels)}")
failed = 0
for number, row in enumerate(labels, 1):
    why = wrong(row)
    failed += why is not None
    print(f"{'not ok' if why else 'ok'} {number} - {row['upstream']} {row['file']}")
    if why:
        print("#", why)
sys.exit(failed > 0)
