#!/usr/bin/env python3
"""What gen837 calls wrong, claimvet finds by the rule of the key; what it calls right has no error.

    test_key.py GEN837 CLAIMVET
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

GEN837, CLAIMVET = sys.argv[1:3]
CLAIMS, WRONG = 6000, 40


def audit():
    """Rules of the failed findings by claim: {claim id: {rule: severity}}, and the key."""
    with tempfile.TemporaryDirectory() as folder:
        path, key = os.path.join(folder, "a.837"), os.path.join(folder, "key.tsv")
        subprocess.run([GEN837, "--claims", str(CLAIMS), "--seed", "11", "--wrong", str(WRONG),
                        "--key", key, "-o", path], stderr=subprocess.DEVNULL, check=True)
        done = subprocess.run([CLAIMVET, "audit", "--format", "json", path], text=True,
                              capture_output=True, check=False)
        with open(key, encoding="utf-8") as file:
            wanted = dict(line.rstrip("\n").split("\t") for line in file)
    found = {}
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        if "claim_id" in answer:
            found[answer["claim_id"]] = {
                finding["rule"]: finding["severity"] for finding in answer["findings"]
                if finding["status"] == "fail"}
    return done, found, wanted


def wrong_errors(found, wanted):
    """Errors of claims that are right, counted by rule."""
    return collections.Counter(rule for claim, rules in found.items() if claim not in wanted
                               for rule, severity in rules.items() if severity in ("error", "warn"))


def main():
    done, found, wanted = audit()
    kinds = sorted(set(wanted.values()))
    print(f"1..{len(kinds) + 2}")
    results = [("all claims are read", None if done.returncode == 1 and len(found) == CLAIMS else
                f"exit status {done.returncode}, {len(found)} claims, {done.stderr[:500]}")]
    stray = wrong_errors(found, wanted)
    results.append(("right claims have no error and no warning", stray and
                    " ".join(f"{rule}:{count}" for rule, count in stray.most_common())))
    for kind in kinds:
        claims = [claim for claim, rule in wanted.items() if rule == kind]
        missed = [claim for claim in claims if kind not in found.get(claim, {})]
        results.append((f"{kind} fires for all {len(claims)}", missed and
                        f"not for {len(missed)}, as {missed[0]}: {found.get(missed[0])}"))
    for number, (name, wrong) in enumerate(results, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - key: {name}")
        if wrong:
            print(f"# {wrong}")
    return 1 if any(wrong for _, wrong in results) else 0


if __name__ == "__main__":
    sys.exit(main())
