#!/usr/bin/env python3
"""What claimvet fix writes, looked at with a little X12 reader of its own. Speaks TAP.

usage: check_fix.py CLAIMVET GEN837
The list of changes must turn the input into the output byte by byte, so nothing else was touched;
counts, totals and line numbers must still add up; findings that were cured must be gone when the
output is vetted; damaged files must leave nothing behind; the questions of --ask are answered over
a terminal of our own.
"""
import collections
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import termios
import time
from decimal import Decimal, InvalidOperation

binary, gen837 = (os.path.abspath(path) for path in sys.argv[1:3])
root = pathlib.Path(__file__).resolve().parent.parent.parent
shared = pathlib.Path(os.environ.get("SHARED", root.parent / "shared"))
small = root / "tests/cli/cases/fix.837"
folder = tempfile.TemporaryDirectory()
tmp = pathlib.Path(folder.name)


def run(*words, data=None):
    return subprocess.run([binary, *map(str, words)], input=data, capture_output=True, timeout=120,
                          check=False)


def fix(source, *options):
    """Exit status, changes, bytes of the output or None, standard error."""
    out = tmp / "out.837"
    out.unlink(missing_ok=True)
    done = run("fix", "-f", "json", source, "-o", out, *options)
    changes = [json.loads(line) for line in done.stdout.splitlines()]
    written = out.read_bytes() if out.exists() else None
    left = [path.name for path in tmp.glob("*.tmp")]
    assert not left, f"left behind: {left}"
    return done.returncode, changes, written, done.stderr.decode()


def audit(source, *options):
    done = run("audit", "-q", "-f", "json", source, *options)
    return [json.loads(line) for line in done.stdout.splitlines()]


def applied(changes):
    return [change for change in changes if change["result"] == "applied"]


def remade(data, changes):
    """The input with the listed changes made: a later change of a place replaces an earlier one,
    and a line that goes takes the changes within it along."""
    edits = {}
    for change in applied(changes):
        first, end = change["byte"], change["byte"] + change["size"]
        now = edits[first][1] if first in edits else data[first:end]
        if change["element"] == "2400":
            edits = {at: edit for at, edit in edits.items() if not first <= at < end}
            now = data[first:end]
        assert now == change["before"].encode(), f"before is wrong: {change}"
        edits[first] = (end, change["after"].encode())
    out, at = [], 0
    for first, (end, text) in sorted(edits.items()):
        assert first >= at, "changes overlap"
        out += [data[at:first], text]
        at = end
    return b"".join(out + [data[at:]])


# ---- a reader that shares nothing with the program -----------------------------------------------

def segments(data):
    """Elements of each segment; the separators are those of the ISA."""
    data = data[3:] if data.startswith(b"\xef\xbb\xbf") else data
    text = data.decode("latin-1").lstrip()
    element = text[3]
    parts = text.split(element)
    terminator = parts[16][1]
    return [part.strip("\r\n").split(element) for part in text.split(terminator)
            if part.strip("\r\n ")], parts[16][0]


def envelope_wrong(data):
    """What the trailers count wrongly."""
    begun = sets = groups = 0
    for number, segment in enumerate(segments(data)[0]):
        tag = segment[0].strip()
        if tag == "ISA":
            groups = 0
        elif tag == "GS":
            sets, groups = 0, groups + 1
        elif tag == "ST":
            begun, sets = number, sets + 1
        right = {"SE": number - begun + 1, "GE": sets, "IEA": groups}.get(tag)
        if right is not None and int(segment[1]) != right:
            yield f"{tag}01 is {segment[1]}, not {right}"


Claim = collections.namedtuple("Claim", "id total segments charges numbers")


def claims_of(data):
    claims, current = [], None
    for segment in segments(data)[0]:
        tag = segment[0].strip()
        if tag == "CLM":
            current = Claim(segment[1], segment[2], [], [], [])
            claims.append(current)
        elif tag in ("HL", "SE"):
            current = None
        if current:
            current.segments.append(segment)
            if tag == "LX":
                current.numbers.append(segment[1])
            elif tag == "SV1":
                current.charges.append(segment[2])
    return claims


def money(text):
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def balanced(claim):
    charges = [money(charge) for charge in claim.charges]
    return None not in charges and money(claim.total) == sum(charges)


def sequential(claim):
    return claim.numbers == [str(n + 1) for n in range(len(claim.numbers))]


def structure_check(before, after, changes):
    """Untouched claims are as they were; totals and numbers that were right are right."""
    named = collections.Counter(change["claim_id"] for change in applied(changes))
    gone = sum(change["element"] == "2400" for change in applied(changes))
    old, new = claims_of(before), claims_of(after)
    assert [claim.id for claim in old] == [claim.id for claim in new], "other claims"
    for a, b in zip(old, new):
        if a.id not in named:
            assert a == b, f"{a.id} was touched and is not listed"
        assert balanced(b) or not balanced(a), f"{a.id}: CLM02 does not follow"
        assert sequential(b) or not sequential(a), f"{a.id}: LX01 does not follow"
    assert gone == sum(len(a.charges) - len(b.charges) for a, b in zip(old, new)), "lines"
    assert not list(envelope_wrong(after)), list(envelope_wrong(after))


def findings_of(claims):
    """How often each rule fails in each claim, in the order of the file."""
    return [(claim["claim_id"],
             collections.Counter(f["rule"] for f in claim["findings"] if f["status"] == "fail"))
            for claim in claims if "claim_id" in claim]


# ---- the checks ----------------------------------------------------------------------------------

def samples():
    """Every public sample: read and rewritten byte by byte but for what is listed, or refused."""
    where = shared / "x12/samples"
    if not where.is_dir():
        return "the samples are not here"
    written = 0
    for path in sorted(path for path in where.rglob("*") if path.is_file()):
        status, changes, out, error = fix(path)
        if status in (0, 1):
            data = path.read_bytes()
            assert all(change["kind"] == "repair" for change in changes), path
            assert out == remade(data, changes), f"{path}: bytes differ that are not listed"
            written += 1
        else:
            assert status == 3 and out is None and len(error.splitlines()) == 1, (path, error)
    assert written > 20, written
    return None


def generated(claims=800, wrong=70, seed=11):
    path = tmp / "gen.837"
    subprocess.run([gen837, "--claims", str(claims), "--wrong", str(wrong), "--seed", str(seed),
                    "-o", path], check=True, capture_output=True)
    return path


def patchable(claims):
    """Rules with findings that carry a patch."""
    return sorted({finding["rule"] for claim in claims for finding in claim.get("findings", [])
                   if finding["status"] == "fail" and "patch" in finding.get("fix", {})})


def rule_check(source, rule, before, *options):
    data = source.read_bytes()
    status, changes, out, error = fix(source, "--apply", rule, *options)
    assert status in (0, 1), error
    assert out == remade(data, changes), f"{rule}: bytes differ that are not listed"
    cured = [change for change in changes if change["kind"] == "suggestion"]
    assert cured and {change["rule"] for change in cured} == {rule}, rule
    structure_check(data, out, changes)
    after = tmp / "after.837"
    after.write_bytes(out)
    assert run("audit", "-q", after, *options).returncode == status, f"{rule}: another status"
    old, new = findings_of(before), findings_of(audit(after, *options))
    gone = collections.Counter(change["claim_id"] for change in applied(cured))
    touched = {change["claim_id"] for change in applied(changes)}
    for (claim, was), (_, now) in zip(old, new):
        if gone[claim] and was[rule]:
            assert now[rule] < was[rule], f"{claim}: {rule} is still there"
        if claim not in touched:
            assert was == now, f"{claim}: {was} became {now}"
    return status, changes, out


def each_rule():
    source = generated()
    before = audit(source)
    rules = patchable(before)
    assert len(rules) >= 5, rules
    for rule in rules:
        rule_check(source, rule, before)
    _, changes, out, _ = fix(source, "--apply", ",".join(rules))
    assert out == remade(source.read_bytes(), changes)
    structure_check(source.read_bytes(), out, changes)
    return None


def dressed():
    """Other separators, line ends, a byte order mark: the same changes, in another dress."""
    plain = generated(claims=600).read_bytes()
    source = tmp / "dressed.837"
    dresses = {"crlf": plain.replace(b"~\n", b"~\r\n"), "one line": plain.replace(b"~\n", b"~"),
               "mark": b"\xef\xbb\xbf" + plain,
               "separators": plain.replace(b"*", b"|").replace(b":", b">"),
               "lines": plain.replace(b"~\n", b"\n"),
               "crlf lines": plain.replace(b"~\n", b"\r\n"),
               "indented": plain.replace(b"~\n", b"~\n  ")}
    counted = set()
    for name, data in dresses.items():
        source.write_bytes(data)
        rules = patchable(audit(source))
        status, changes, out, error = fix(source, "-a", ",".join(rules))
        assert status == 1, (name, error)
        assert out == remade(data, changes), f"{name}: bytes differ that are not listed"
        if name != "crlf lines":
            structure_check(data, out, changes)
        counted.add((len(applied(changes)), sum(c["element"] == "2400" for c in applied(changes))))
    assert len(counted) == 1, counted
    return None


def units():
    """A dose in the chart: the units of the drug follow it."""
    data = small.read_bytes().replace(b"SV1*HC:77003*210*UN*1***1~", b"SV1*HC:J3301*210*UN*1***1~")
    source, chart = tmp / "units.837", tmp / "chart.json"
    source.write_bytes(data)
    chart.write_text('{"claim_id":"PC-1002","lines":[{"line":2,"dose_mg":40}]}')
    before = audit(source, "--chart", chart)
    assert "drug_units_vs_dose" in patchable(before), patchable(before)
    _, changes, out = rule_check(source, "drug_units_vs_dose", before, "--chart", chart)
    assert b"SV1*HC:J3301*210*UN*4***1~" in out
    assert [c["element"] for c in changes if c["kind"] == "suggestion"] == ["SV104"]
    return None


def refused(data, rule, reason):
    source = tmp / "refused.837"
    source.write_bytes(data)
    assert rule in patchable(audit(source)), (rule, audit(source))
    status, changes, out, _ = fix(source, "--apply", rule)
    left = [change for change in changes if change["kind"] == "suggestion"]
    assert status == 1 and len(left) == 1, left
    assert left[0]["result"] == "not_applied" and reason in left[0]["reason"], left
    assert left[0]["byte"] is None and left[0]["patch"], left
    assert out == remade(data, changes)
    text = run("fix", source, "-o", tmp / "out.837", "--apply", rule).stdout.decode()
    assert "not applied" in text and reason in text, text


def refusals():
    """A cure that brings another error, or leaves the claim without lines, is not applied."""
    data = small.read_bytes()
    line = b"SV1*HC:77003*210*UN*1***1~"
    refused(data.replace(line, b"SV1*HC:62323:50*720*UN*1***1~"), "bilateral_not_allowed",
            "another finding would come: duplicate_line")
    start, end = data.index(b"LX*2~"), data.index(b"HL*3*")
    one = data[:start].replace(b"62323", b"36000") + data[end:]
    refused(one, "code_not_payable", "the last line")
    other = data.replace(b"NM1*82*", b"SBR*S*18*******CI~\nNM1*82*", 1)
    refused(other, "ncci_ptp", "another payer's amounts")
    return None


def damaged():
    """Nothing is written, one line says why, an older output stays."""
    data = small.read_bytes()
    source, out = tmp / "damaged.837", tmp / "kept.837"
    broken = [data[:size] for size in range(1, len(data) - 24, 37)]
    broken += [data.replace(b"HI*", b"H!I*", 1), b"", b"\n", b"PK\x03\x04", b"ISA*00*",
               data.replace(b"*837*", b"*835*"), data.replace(b"X222", b"X223")]
    for text in broken:
        source.write_bytes(text)
        out.write_bytes(b"old")
        done = run("fix", source, "-o", out)
        assert done.returncode == 3, (text[-40:], done.stderr)
        assert done.stdout == b"" and len(done.stderr.splitlines()) == 1, done.stderr
        assert out.read_bytes() == b"old"
    return None


def inputs():
    """A pipe is read, a link to the input is not overwritten, the input stays as it was."""
    data = small.read_bytes()
    expected = fix(small)[2]
    out, link = tmp / "piped.837", tmp / "link.837"
    assert run("fix", "-", "-o", out, data=data).returncode == 1
    assert out.read_bytes() == expected
    link.symlink_to(small)
    assert run("fix", small, "-o", link).returncode == 2
    assert small.read_bytes() == data
    again, before = tmp / "again.837", tmp / "before.837"
    before.write_bytes(expected)
    done = run("fix", "-f", "json", before, "-o", again)
    assert done.stdout == b"" and again.read_bytes() == expected, "a second run repairs more"
    return None


def asked(keys, source, out):
    """Exit status and what the terminal showed, each key given when it is asked for."""
    master, slave = pty.openpty()
    with subprocess.Popen([binary, "fix", source, "-o", out, "--ask"], stdin=slave, stdout=slave,
                          stderr=slave, close_fds=True) as process:
        os.close(slave)
        shown, answered = b"", 0
        while True:
            try:
                got = os.read(master, 4096)
            except OSError:
                break
            if not got:
                break
            shown += got
            if answered < shown.count(b"no more questions: ") and answered < len(keys):
                while termios.tcgetattr(master)[3] & termios.ICANON:
                    time.sleep(0.002)
                os.write(master, keys[answered:answered + 1])
                answered += 1
        status = process.wait(timeout=60)
    os.close(master)
    return status, shown.decode().replace("\r\n", "\n"), answered


def questions():
    out = tmp / "asked.837"
    names = [finding["id"] for claim in audit(small) for finding in claim["findings"]
             if "patch" in finding.get("fix", {})]
    assert len(names) == 3, names
    for keys, kept in [(b"nnn", []), (b"yy", [names[0], names[2]]), (b"sy", [names[2]]),
                       (b"q", []), (b"nyq", names[1:2]), (b"aa", [names[0], names[2]]),
                       (b"yq", names[:1])]:
        out.unlink(missing_ok=True)
        status, shown, answered = asked(keys, small, out)
        assert answered == len(keys), (keys, shown)
        assert status == 1, (keys, status, shown)
        expected = fix(small, "--apply", ",".join(kept))[2] if kept else fix(small)[2]
        assert out.read_bytes() == expected, (keys, shown)
    assert "before  SV1*HC:77003*210*UN*1***1" in shown and "after   (the line goes)" in shown
    assert "charge  $930.00 -> $720.00" in shown
    for key in (b"\x03", b"\x04"):
        out.unlink(missing_ok=True)
        status, shown, _ = asked(key, small, out)
        assert status == 4 and not out.exists() and "nothing is written" in shown, (status, shown)
    return None


def main():
    tests = [samples, each_rule, dressed, units, refusals, damaged, inputs, questions]
    print(f"1..{len(tests)}")
    failed = 0
    for number, test in enumerate(tests, 1):
        skipped, wrong = None, None
        try:
            skipped = test()
        except AssertionError as error:
            wrong = error
        failed += wrong is not None
        print(f"{'not ok' if wrong is not None else 'ok'} {number} - {test.__name__}" +
              (f" # SKIP {skipped}" if skipped else ""))
        if wrong is not None:
            lines = str(wrong)[:3000].splitlines() or ["?"]
            print("".join(f"# {line}\n" for line in lines), end="")
    return failed > 0


sys.exit(main())
