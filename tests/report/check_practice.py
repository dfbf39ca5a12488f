#!/usr/bin/env python3
"""check_practice.py CLAIMVET GEN837: `claimvet report` against what the files and `claimvet audit
--format json` say, counted a second time here; its html read by another parser. Speaks TAP."""
import collections
import csv
import datetime
import html.parser
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

ROOT = Path(os.environ["SOURCE_ROOT"])
CLAIMVET, GEN837 = (os.path.abspath(word) for word in sys.argv[1:3])
EXAMPLE = "examples/pain-clinic.837"
CLAIMS = 3000
HOSTILE = "=1+\"<script>alert('x')\x1b[31m\u202e&;,\n"
TESTS = []
FOLDER = tempfile.TemporaryDirectory()
TMP = Path(FOLDER.name)


class Skip(Exception):
    """What cannot be asked of this program, and why."""


def test(function):
    TESTS.append(function)
    return function


def same(found, expected, what=""):
    if found != expected:
        raise AssertionError(f"{what}: {str(found)[:600]} instead of {str(expected)[:600]}")


def run(*words, status=(0, 1), stdin=b""):
    done = subprocess.run([CLAIMVET, *map(str, words)], cwd=ROOT, input=stdin, capture_output=True,
                          check=False, timeout=120)
    if done.returncode not in status:
        raise AssertionError(f"{words}: exit {done.returncode}: {done.stderr[:300]}")
    return done.stdout.decode("utf-8")


def tables(text):
    """The csv: {table: {name: row}}; the names of a table are told apart."""
    found = collections.defaultdict(dict)
    for row in csv.DictReader(io.StringIO(text, newline="")):
        key = (row["name"], row["id"]) if row["table"] == "payer" else row["name"]
        assert key not in found[row["table"]] or row["table"] == "claim", row
        found[row["table"]][key] = row
    return found


def money(text):
    return Decimal(text or "0")


def generated():
    path = TMP / "generated.837"
    if not path.exists():
        subprocess.run([GEN837, "--claims", str(CLAIMS), "--seed", "5", "--wrong", "30", "-o",
                        path], stderr=subprocess.DEVNULL, check=True)
    return path


# ---- the files, read here --------------------------------------------------------------------

def x12_claims(path):
    """Claims of a generated file: id, payer, lines with code, units, charge, date, NPI."""
    claims, claim, billing, payer = [], None, "", ("", "")
    for segment in path.read_text(encoding="ascii").replace("\n", "").split("~"):
        part = segment.split("*")
        if part[0] == "NM1" and part[1] == "85":
            billing = part[9]
        elif part[0] == "NM1" and part[1] == "PR":
            payer = (part[3], part[9])
        elif part[0] == "CLM":
            claim = {"id": part[1], "payer": payer, "npi": billing, "lines": []}
            claims.append(claim)
        elif part[0] == "NM1" and part[1] == "82":
            (claim["lines"][-1] if claim["lines"] else claim)["npi"] = part[9]
        elif part[0] == "SV1":
            claim["lines"].append({"code": part[1].split(":")[1], "charge": Decimal(part[2] or "0"),
                                   "units": part[4], "from": ""})
        elif part[0] == "DTP" and part[1] == "472":
            claim["lines"][-1]["from"] = part[3][:8]
    return claims


def patients(path):
    """What nobody may find in a report: member ids, birth dates, record numbers, names."""
    words = set()
    for segment in path.read_text(encoding="ascii").replace("\n", "").split("~"):
        part = segment.split("*")
        if part[0] == "NM1" and part[1] in ("IL", "QC"):
            words.update(part[3:5] + part[9:10])
        elif part[0] == "DMG":
            words.update((part[2], f"{part[2][:4]}-{part[2][4:6]}-{part[2][6:]}"))
        elif part[0] == "REF" and part[1] == "EA":
            words.add(part[2])
    return {word for word in words if len(word) > 2}


def answers(path):
    """What audit says of each claim, in order."""
    text = run("audit", "--format", "json", path)
    return [answer for answer in map(json.loads, text.splitlines()) if "claim_id" in answer]


def failed(answer):
    return [finding for finding in answer["findings"] if finding["status"] == "fail"]


def kinds():
    return {rule["id"]: rule["kind"] for rule in map(json.loads, run("rules", "dump").splitlines())}


def stated(finding):
    """Numbers of the lines that a finding is about; two kinds also mention one beside them."""
    lines = list(finding["lines"])
    beside = {"not_together": -1, "one_region": 0}.get(KINDS[finding["rule"]])
    if beside is not None:
        lines.remove(int(re.findall(r"\(line (\d+)\)", finding["message"])[beside]))
    return set(lines)


def named(finding, claim):
    """The same, and all of them when it is about the claim."""
    return stated(finding) or set(range(1, len(claim["lines"]) + 1))


# ---- counts ----------------------------------------------------------------------------------

def rule_recount(audited):
    counts = collections.defaultdict(collections.Counter)
    for answer in audited:
        lines = collections.defaultdict(set)
        for finding in failed(answer):
            counts[finding["rule"]]["findings"] += 1
            counts[finding["rule"]]["errors"] += finding["severity"] == "error"
            lines[finding["rule"]].update(stated(finding))
        for rule, numbers in lines.items():
            counts[rule]["claims"] += 1
            counts[rule]["lines"] += len(numbers)
    return counts


@test
def rules_are_those_of_audit():
    found = tables(run("report", "-f", "csv", generated()))["rule"]
    expected = rule_recount(answers(generated()))
    same(set(found), set(expected), "rules")
    for rule, counts in expected.items():
        for column in ("findings", "claims", "lines"):
            same(int(found[rule][column]), counts[column], f"{rule} {column}")


@test
def totals_are_those_of_audit():
    found, audited = tables(run("report", "-f", "csv", generated())), answers(generated())
    verdicts = collections.Counter(answer["verdict"] for answer in audited)
    severities = collections.Counter(f["severity"] for a in audited for f in failed(a))
    same({name: int(row["claims"]) for name, row in found["verdict"].items()},
         {name: verdicts[name] for name in ("not_clean", "incomplete", "clean")}, "verdicts")
    for name, row in found["severity"].items():
        same(int(row["findings"]), severities[name], name)
    same(int(found["total"][""]["claims"]), CLAIMS, "claims")
    stale = {f"{e['table']} {e['release']}" for a in audited for e in a["editions"] if e["stale"]}
    assert stale <= set(found["stale"]), stale - set(found["stale"])


def line_recount(claims, audited, key):
    """Lines, claims, charges, findings and charge at risk by what `key` tells of a line."""
    counts = collections.defaultdict(collections.Counter)
    for claim, answer in zip(claims, audited):
        same(answer["claim_id"], claim["id"], "order")
        keys = [key(claim, line) for line in claim["lines"]]
        denied = set()
        for finding in failed(answer):
            lines = named(finding, claim)
            denied.update(lines if finding["severity"] == "error" else ())
            for name in {keys[number - 1] for number in lines}:
                counts[name]["findings"] += 1
                counts[name]["errors"] += finding["severity"] == "error"
        for name in set(keys):
            counts[name]["claims"] += 1
        for number, line in enumerate(claim["lines"], 1):
            counts[keys[number - 1]]["lines"] += 1
            counts[keys[number - 1]]["charge_at_risk"] += line["charge"] if number in denied else 0
    return counts


def line_table_check(name, key):
    claims, audited = x12_claims(generated()), answers(generated())
    found = tables(run("report", "-f", "csv", generated()))[name]
    expected = line_recount(claims, audited, key)
    same(set(found), set(expected), "names")
    for row, counts in expected.items():
        for column in ("claims", "lines", "findings", "errors"):
            same(int(found[row][column]), counts[column], f"{row} {column}")
        same(money(found[row]["charge_at_risk"]), counts["charge_at_risk"], f"{row} charge")


@test
def codes_are_those_of_the_lines():
    line_table_check("code", lambda claim, line: line["code"])


@test
def providers_are_those_who_rendered():
    line_table_check("provider", lambda claim, line: line.get("npi") or claim["npi"] or "no NPI")


@test
def payers_are_those_of_the_claims():
    claims, audited = x12_claims(generated()), answers(generated())
    found = tables(run("report", "-f", "csv", generated()))["payer"]
    expected = collections.defaultdict(collections.Counter)
    for claim, answer in zip(claims, audited):
        counts = expected[claim["payer"]]
        counts["claims"] += 1
        counts["not_clean"] += answer["verdict"] == "not_clean"
        counts["errors"] += sum(f["severity"] == "error" for f in failed(answer))
    same(set(found), set(expected), "payers")
    for payer, counts in expected.items():
        for column in ("claims", "not_clean", "errors"):
            same(int(found[payer][column]), counts[column], f"{payer} {column}")


def day_of(text):
    try:
        return datetime.datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None


@test
def months_are_those_of_the_first_days():
    claims = x12_claims(generated())
    found = tables(run("report", "-f", "csv", generated()))["month"]
    days = [min(filter(None, (day_of(line["from"]) for line in claim["lines"])), default=None)
            for claim in claims]
    expected = collections.Counter(f"{day:%Y-%m}" if day else "no date" for day in days)
    same({name: int(row["claims"]) for name, row in found.items()}, expected, "months")
    same(sorted(found), list(found), "order")


# ---- money -----------------------------------------------------------------------------------

@test
def tables_add_up_to_the_total():
    for path in (EXAMPLE, generated()):
        found = tables(run("report", "-f", "csv", path))
        total = found["total"][""]
        for name in ("basis", "month", "payer", "provider", "code"):
            rows = found[name].values()
            for column in ("allowed", "allowed_at_risk", "charge_at_risk"):
                if name != "basis" or column == "allowed":
                    same(sum(money(row[column]) for row in rows), money(total[column]),
                         f"{name} {column}")
        assert money(total["allowed_at_risk"]) > 0
        assert money(total["allowed_at_risk"]) <= money(total["allowed"])


def at_risk_of(holder):
    amount = holder.get("money", {}).get("at_risk")
    return None if amount is None else Decimal(amount)


@test
def money_is_that_of_audit():
    for path in (EXAMPLE, generated()):
        audited = answers(path)
        if not any("allowed" in answer.get("money", {}) for answer in audited):
            raise Skip("audit shows no amounts of claims")
        found = tables(run("report", "-f", "csv", path))
        total = found["total"][""]
        same(money(total["allowed"]),
             sum(Decimal(a["money"].get("allowed") or "0") for a in audited), "allowed")
        same(money(total["allowed_at_risk"]), sum(at_risk_of(a) or 0 for a in audited), "at risk")
        for rule, expected in rule_money(audited).items():
            same(money(found["rule"][rule]["allowed_at_risk"]), expected["known"], rule)
            same(int(found["rule"][rule]["risk_not_known"]), expected["unknown"], rule)


def rule_money(audited):
    """A finding all of whose lines the rule has named before adds nothing; a claim is lost once."""
    sums = collections.defaultdict(lambda: {"known": Decimal(0), "unknown": 0})
    for answer in audited:
        covered, lost = collections.defaultdict(set), collections.Counter()
        for finding in failed(answer):
            rule, lines = finding["rule"], stated(finding)
            whole = "all" in covered[rule] or (lines and lines <= covered[rule])
            if finding["severity"] not in ("error", "warn") or whole:
                continue
            covered[rule].update(lines or {"all"})
            if at_risk_of(finding) is None:
                sums[rule]["unknown"] += 1
            else:
                lost[rule] += at_risk_of(finding)
        for rule, amount in lost.items():
            sums[rule]["known"] += min(amount, Decimal(answer["money"].get("allowed") or "0"))
    return sums


def visit(number, code="99213", **more):
    claim = {"claim_id": f"V{number:05d}", "payer": {"profile": "medicare", "name": "MEDICARE"},
             "patient": {"id": f"P{number}", "birth_date": "1950-02-03", "sex": "F"},
             "place_of_service": "11", "service_date": "2026-05-04",
             "billing_provider": {"npi": "1234567893", "tin": "123456789"},
             "rendering_provider": {"npi": "1234567893"}, "diagnoses": {"A": "M54.50"},
             "total_charge": 200, "lines": [{"line": 1, "code": code, "modifiers": [], "units": 1,
                                             "charge": 200, "dx_pointers": [1]}]}
    return {**claim, **more}


def written(name, claims):
    path = TMP / name
    path.write_text("".join(json.dumps(claim) + "\n" for claim in claims), encoding="utf-8")
    return path


@test
def amounts_are_those_of_price():
    asked = {code: json.loads(run("price", f"{code}=200.00", "--national", "--pos", "11", "--on",
                                  "2026-05-04", "-f", "json"))["allowed"]
             for code in ("99213", "20610", "99204")}
    claims = [visit(i, code) for i, code in enumerate(list(asked) * 2)]
    for claim in claims[3:]:
        claim["diagnoses"] = {"A": "M54.5"}  # ended: an error of the claim
    found = tables(run("report", "--national", "-f", "csv", written("price.json", claims)))
    for code, amount in asked.items():
        same(money(found["code"][code]["allowed"]), 2 * Decimal(amount), code)
        same(money(found["code"][code]["allowed_at_risk"]), Decimal(amount), code)
    same(list(found["code"]), sorted(asked, key=lambda c: -Decimal(asked[c])), "order")
    same(list(found["claim"]), [f"V{3 + i:05d}" for i in sorted(
        range(3), key=lambda i: -Decimal(list(asked.values())[i]))], "claims")


# ---- order, hostile text, patients -----------------------------------------------------------

@test
def order_of_claims_does_not_matter():
    draw = random.Random(3)
    codes, diagnoses = ["99213", "20610", "62323", "64483"], ["M54.50", "M54.5", "M54.16"]
    claims = [visit(i, draw.choice(codes), service_date=f"2026-0{draw.randint(1, 6)}-15",
                    diagnoses={"A": draw.choice(diagnoses)}) for i in range(300)]
    for form in ("csv", "text", "html"):
        draw.shuffle(claims)
        first = run("report", "-f", form, written("order.json", claims))
        draw.shuffle(claims)
        same(run("report", "-f", form, written("order.json", claims)), first, form)
        same(run("report", "-f", form, TMP / "order.json"), first, form)


@test
def hostile_text_is_escaped():
    claims = [visit(i, claim_id=HOSTILE + str(i), payer={"name": HOSTILE, "id": HOSTILE},
                    rendering_provider={"npi": HOSTILE}, lines=[
                        {"line": 1, "code": HOSTILE, "units": 1, "charge": 9}]) for i in range(3)]
    path = written("hostile.json", claims)
    for form in ("csv", "text", "html"):
        text = run("report", "-f", form, path)
        assert "\x1b" not in text and "\u202e" not in text and "alert" in text, form
        assert form != "html" or "<script" not in text
    for row in csv.reader(io.StringIO(run("report", "-f", "csv", path), newline="")):
        same(len(row), 23, "columns")
        for cell in row:
            assert not cell or cell[0] not in "=+-@\t\r", cell


@test
def patients_are_not_named():
    for path in (ROOT / EXAMPLE, generated()):
        secret = patients(path)
        assert len(secret) > 20
        for form in ("csv", "text", "html"):
            words = set(re.findall(r"[A-Za-z0-9][A-Za-z0-9-]*", run("report", "-f", form, path)))
            assert not words & secret, words & secret


# ---- the html --------------------------------------------------------------------------------

class Page(html.parser.HTMLParser):
    """Nesting, ids, and what a table and a chart must have."""
    VOID = {"meta", "br"}
    HARMFUL = {"script", "img", "link", "iframe", "object", "form", "base", "image", "use", "a"}

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.wanted, self.levels = [], [], [], []
        self.tables, self.charts, self.style = [], [], ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        assert tag not in self.HARMFUL, tag
        assert len(given) == len(attrs), attrs
        for name, value in attrs:
            assert not name.startswith("on") and "//" not in value, (name, value)
        self.ids += [given["id"]] if "id" in given else []
        self.wanted += given.get("aria-labelledby", "").split()
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "table":
            self.tables.append(collections.Counter())
        elif tag == "svg":
            same(given.get("role"), "img", "role")
            self.charts.append(collections.Counter())
        elif tag == "th":
            assert given.get("scope") in ("row", "col"), given
        for inside, counters in (("table", self.tables), ("svg", self.charts)):
            if inside in self.open:
                counters[-1][tag] += 1
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        self.style += data if "style" in self.open else ""


@test
def html_is_strict_and_accessible():
    for path, charts in ((EXAMPLE, 3), (generated(), 3), ("-", 0)):
        text = run("report", "-f", "html", path, stdin=b"[]", status=(0, 1, 3))
        page = Page()
        page.feed(text)
        page.close()
        same(page.open, [], "open")
        same(len(page.ids), len(set(page.ids)), "ids")
        assert set(page.wanted) <= set(page.ids), set(page.wanted) - set(page.ids)
        same(page.levels[0], 1, "first heading")
        assert all(b <= a + 1 for a, b in zip(page.levels, page.levels[1:])), page.levels
        assert page.tables and all(t["caption"] == 1 and t["th"] for t in page.tables)
        same(len(page.charts), charts, "charts")
        assert all(c["title"] == 1 and c["desc"] == 1 for c in page.charts)
        assert "url(" not in page.style and "@import" not in page.style
        for wanted in ("@media print", "prefers-color-scheme:dark", "table-header-group"):
            assert wanted in page.style, wanted
        assert "http://" not in text and "https://" not in text


@test
def html_and_csv_say_the_same():
    page = run("report", "-f", "html", EXAMPLE)
    found = tables(run("report", "-f", "csv", EXAMPLE))
    for name in ("month", "rule", "payer", "provider", "code"):
        part = page.split(f'id="{name}-caption"')[1].split("</table>")[0]
        rows = re.findall(r'<tr><th scope="row" class="name">(.*?)</th>(.*?)</tr>', part)
        same(len(rows), len(found[name]), name)
        for (title, cells), row in zip(rows, found[name].values()):
            same(title, row["name"], name)
            numbers = re.findall(r'<td class="number">(.*?)</td>', cells)
            for column in ("allowed_at_risk", "charge_at_risk"):
                shown = f"${row[column]}" if row[column] else "not known"
                assert shown in numbers, (title, column, shown, numbers)


# ---- use -------------------------------------------------------------------------------------

@test
def formats_follow_the_name():
    for name, begins in (("r.html", "<!DOCTYPE html>"), ("r.csv", "table,name,"),
                         ("r.txt", "Practice report\n")):
        same(run("report", EXAMPLE, "-o", TMP / name), "", name)
        assert (TMP / name).read_text(encoding="utf-8").startswith(begins), name
    same(run("report", EXAMPLE, "-o", TMP / "x.csv", "-f", "html"), "", "format wins")
    assert (TMP / "x.csv").read_text(encoding="utf-8").startswith("<!DOCTYPE")
    assert run("report", EXAMPLE).startswith("Practice report\n")
    run("report", EXAMPLE, "-f", "json", status=(2,))
    assert "made on 2026-11-01" in run("report", EXAMPLE, "--on", "2026-11-01")
    assert "made on" not in run("report", EXAMPLE)
    run("report", EXAMPLE, "--on", "yesterday", status=(2,))


@test
def exit_status_is_that_of_audit():
    run("report", EXAMPLE, status=(1,))
    run("report", "-q", "no-such-file.837", status=(3,))
    run("report", EXAMPLE, "no-such-file.837", status=(3,))
    text = run("report", EXAMPLE, "no-such-file.837", "-f", "csv", status=(3,))
    assert text.startswith("table,name,")
    assert "1 part of the input is unreadable" in run("report", EXAMPLE, "no-such.837",
                                                      status=(3,))
    run("report", EXAMPLE, "-o", TMP / "no" / "such" / "folder.html", status=(4,))
    run("report", EXAMPLE, "--locality", "1/2", status=(2,))


@test
def text_stays_within_its_width():
    for path in (EXAMPLE, generated()):
        for line in run("report", path).splitlines():
            assert len(line) <= 100, line


KINDS = kinds()
print(f"1..{len(TESTS)}")
BAD = 0
for number, function in enumerate(TESTS, 1):
    try:
        function()
        print(f"ok {number} - {function.__name__}")
    except Skip as why:
        print(f"ok {number} - {function.__name__} # SKIP {why}")
    except Exception as wrong:  # pylint: disable=broad-except
        BAD += 1
        print(f"not ok {number} - {function.__name__}")
        print("".join(f"# {line}\n" for line in repr(wrong).splitlines()), end="")
FOLDER.cleanup()
sys.exit(BAD > 0)
