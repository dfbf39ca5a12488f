#!/usr/bin/env python3
"""check_selfaudit.py CLAIMVET: histories with known cases, for each query one that exceeds and one
at the limit, and what claimvet selfaudit says of them. Amounts are computed here a second time from
data/mpfs.tsv. Speaks TAP."""
import csv
import html.parser
import io
import json
import os
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

ROOT = Path(os.environ["SOURCE_ROOT"])
CLAIMVET = sys.argv[1]
TESTS = []
NPI, OTHER_NPI = "1234567893", "1245319599"


def test(function):
    TESTS.append(function)
    return function


def same(found, expected, what=""):
    if found != expected:
        raise AssertionError(f"{what}: {str(found)[:600]} instead of {str(expected)[:600]}")


def schedule():
    lines = [line for line in (ROOT / "data/mpfs.tsv").read_text(encoding="utf-8").split("\n")
             if line and not line.startswith("#")]
    names = lines[0].split("\t")
    rows = [dict(zip(names, line.split("\t"))) for line in lines[1:]]
    return [row for row in rows if row["modifier"] == "-"], names


ROWS, NAMES = schedule()


def dollars(code, day, units=1, facility=False):
    """The row with the earliest end on or after the day; None without an amount."""
    total = NAMES[NAMES.index("total_facility" if facility else "total_nonfacility")]
    fits = [row for row in ROWS if row["code"] == code and (row["to"] == "-" or row["to"] >= day)]
    if not fits:
        return None
    row = min(fits, key=lambda r: "9999" if r["to"] == "-" else r["to"])
    factor = next(row[n] for n in NAMES if n.startswith("conv"))
    exact = Decimal(row[total]) * Decimal(factor) * units
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if exact else None


class Practice:
    """A history in the making."""

    def __init__(self, folder):
        self.where, self.claims, self.folder = Path(folder) / "h.history", [], Path(folder)

    def visit(self, patient, day, *lines, payer="medicare", npi=NPI, pos="11"):
        """Lines are "64493-RT-KX" or ("64493-RT", {more})."""
        made = []
        for line in lines:
            text, more = line if isinstance(line, tuple) else (line, {})
            code, *modifiers = text.split("-")
            made.append({"code": code, "modifiers": modifiers, "units": 1, **more})
        self.claims.append({"claim_id": f"C{len(self.claims)}", "payer": {"profile": payer},
                            "patient": {"id": patient}, "place_of_service": pos,
                            "service_date": day, "rendering_provider": {"npi": npi},
                            "lines": made})

    def add(self, claims=None):
        path = self.folder / "claims.json"
        path.write_text("".join(json.dumps(c) + "\n" for c in claims or self.claims),
                        encoding="utf-8")
        done = subprocess.run([CLAIMVET, "history", "add", path, "--history", self.where],
                              capture_output=True, text=True, check=False, timeout=60)
        same((done.returncode, "left out" in done.stderr), (0, False), done.stderr)

    def run(self, *words):
        done = subprocess.run([CLAIMVET, "selfaudit", "--history", self.where, *words],
                              capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def ask(self, *words, facility=False):
        """The head and the answers by query."""
        if self.claims:
            self.add()
        status, out, said = self.run("-f", "json", *words)
        same(said, "", "standard error")
        head, *answers = map(json.loads, out.splitlines())
        answers = {answer["query"]: answer for answer in answers}
        hits = any(a["rows"] and a["severity"] == "error" for a in answers.values())
        same(status, int(hits), "exit")
        check_sums(answers, facility)
        return head, answers


def check_sums(answers, facility):
    """Counts agree with the rows, and every amount with the fee schedule."""
    for query, answer in answers.items():
        if "estimate" not in answer:
            continue
        rows = answer["rows"]
        lines = [(line, row["service_date"]) for row in rows for line in row["lines"]]
        patients = {row["patient_key"] for row in rows}
        same(answer["found"], counts(len(patients), len(rows), len(lines)), query)
        for line, day in lines:
            expected = dollars(line["code"], day, Decimal(str(line["units"])), facility)
            same(line["amount"], expected and str(expected), f"{query} {line}")
        for row in rows:
            total = sum(Decimal(line["amount"] or 0) for line in row["lines"])
            same(Decimal(row["amount"]), total, query)
        same(Decimal(answer["estimate"]["amount"]), sum(Decimal(r["amount"]) for r in rows), query)
        same(answer["estimate"]["lines_not_estimated"],
             sum(line["amount"] is None for line, _ in lines), query)
        keys = [(row["patient_key"], row["payer_key"]) for row in rows]
        same(keys, sorted(keys), "order")


def counts(patients, sessions, lines):
    return {"patients": patients, "sessions": sessions, "lines": lines}


def codes(row):
    return ["-".join([line["code"], *line["modifiers"]]) +
            (f" x{line['units']}" if line["units"] != 1 else "") for line in row["lines"]]


def only(answers, *queries):
    same([q for q, a in answers.items() if a["rows"]], list(queries), "queries with rows")


# ---- sessions --------------------------------------------------------------------------------

@test
def epidural_sessions_beyond_and_at_the_limit(place):
    for day in ("2026-01-05", "2026-02-05", "2026-03-05", "2026-04-06", "2026-05-06"):
        place.visit("A", day, "62323")
    for day in ("2026-01-05", "2026-02-05", "2026-03-05", "2026-04-06"):
        place.visit("B", day, "64483-RT", "64484-RT")
    place.visit("B", "2026-05-06", "64479-RT")  # another region
    _, answers = place.ask()
    only(answers, "epidural_sessions")
    answer = answers["epidural_sessions"]
    same(answer["looked_at"], counts(2, 10, 14))
    same(answer["found"], counts(1, 1, 1))
    row, = answer["rows"]
    same((row["service_date"], row["region"], codes(row)), ("2026-05-06", "LS", ["62323"]))
    same(row["days"][0], "2026-01-05")
    same(Decimal(row["amount"]), dollars("62323", "2026-05-06"), "amount")
    same(row["amount"], "273.22", "amount by hand: 8.18 x 33.4009")


@test
def all_lines_of_a_session_too_many(place):
    for month in range(1, 7):
        place.visit("A", f"2026-0{month}-10", "64483-LT", "64484-LT", "99213")
    _, answers = place.ask()
    answer = answers["epidural_sessions"]
    same(answer["found"], counts(1, 2, 4))
    same([r["service_date"] for r in answer["rows"]], ["2026-05-10", "2026-06-10"])
    same([len(r["days"]) for r in answer["rows"]], [5, 6])
    same(codes(answer["rows"][0]), ["64483-LT", "64484-LT"])
    same(Decimal(answer["estimate"]["amount"]),
         2 * (dollars("64483", "2026-05-10") + dollars("64484", "2026-05-10")))


@test
def window_ends_after_exactly_twelve_months(place):
    rest = ["2025-06-02", "2025-09-01", "2025-12-01"]
    for day in ["2025-03-10", *rest, "2026-03-10"]:
        place.visit("EDGE", day, "62321")
    for day in ["2025-03-10", *rest, "2026-03-09"]:
        place.visit("INSIDE", day, "62321")
    _, answers = place.ask()
    same([(r["service_date"], r["region"]) for r in answers["epidural_sessions"]["rows"]],
         [("2026-03-09", "CT")])
    same(answers["epidural_sessions"]["rows"][0]["amount"], str(dollars("62321", "2026-03-09")))


@test
def leap_day(place):
    rest = ["2024-06-03", "2024-09-02", "2024-12-02"]
    for patient, last in (("OUT", "2025-02-28"), ("IN", "2025-02-27")):
        for day in ["2024-02-28", *rest, last]:  # the 28th a year later is outside
            place.visit(patient, day, "62323")
    for day in ["2024-02-29", *rest, "2025-02-28"]:  # twelve months before it is the 28th
        place.visit("LEAP", day, "62323")
    for day in ["2023-03-01", "2023-06-05", "2023-09-04", "2023-12-04", "2024-02-29"]:
        place.visit("TO", day, "62323")  # twelve months before is 2023-02-28
    _, answers = place.ask()
    same(sorted(r["service_date"] for r in answers["epidural_sessions"]["rows"]),
         ["2024-02-29", "2025-02-27", "2025-02-28"])
    same(answers["epidural_sessions"]["estimate"]["lines_of_another_year"], 1, "2024 by 2025's")


@test
def facet_sessions_by_kind(place):
    months = range(1, 6)
    for month in months:  # KX to Medicare: diagnostic, on one line of the session
        place.visit("DX", f"2026-0{month}-12", "64493-RT-KX", "64494-RT")
        place.visit("TX", f"2026-0{month}-13", "64490-50")  # none: therapeutic
        place.visit("UNKNOWN", f"2026-0{month}-14", "64493-LT", payer="aetna")
        place.visit("STATED", f"2026-0{month}-15", ("64493-LT", {"kind": "tx"}), payer="aetna")
    for month in range(1, 5):  # four of each kind are fine
        place.visit("BOTH", f"2026-0{month}-16", "64493-RT-KX")
        place.visit("BOTH", f"2026-0{month}-23", "64493-RT")
    _, answers = place.ask()
    rows = {kind: answers[f"facet_sessions_{kind}"]["rows"]
            for kind in ("diagnostic", "therapeutic", "unknown")}
    found = {kind: [(r["service_date"], codes(r)) for r in rows[kind]] for kind in rows}
    same(found["diagnostic"], [("2026-05-12", ["64493-RT-KX", "64494-RT"])])
    same(sorted(found["therapeutic"]), [("2026-05-13", ["64490-50"]), ("2026-05-15", ["64493-LT"])])
    same(found["unknown"], [("2026-05-14", ["64493-LT"])])
    same(answers["facet_sessions_unknown"]["severity"], "warn")
    same(answers["facet_sessions_therapeutic"]["looked_at"]["sessions"], 14)


@test
def denervation_sessions(place):
    for day in ("2026-01-05", "2026-03-05", "2026-05-05"):
        place.visit("A", day, "64635-RT")
    for day in ("2026-01-05", "2026-05-05"):
        place.visit("B", day, "64635-LT")
        place.visit("B", day, "64633-LT")
    _, answers = place.ask()
    only(answers, "denervation_sessions")
    row, = answers["denervation_sessions"]["rows"]
    same((row["service_date"], row["amount"]), ("2026-05-05", str(dollars("64635", "2026-05-05"))))


@test
def payers_have_their_own_limits(place):
    for month in range(1, 6):
        place.visit("A", f"2026-0{month}-05", "62323", payer="aetna" if month > 3 else "medicare")
    head, answers = place.ask()
    only(answers)
    same((head["patients"], head["services"]), (1, 5))
    same(answers["epidural_sessions"]["looked_at"], counts(1, 5, 5))


# ---- levels ----------------------------------------------------------------------------------

@test
def joints_of_a_session(place):
    day = "2026-02-03"
    place.visit("AT", day, "64635-50", "64636-50")
    place.visit("SIDES", day, "64635-RT", "64635-LT", "64636-RT", "64636-LT")
    place.visit("UNITS", day, "64635-RT", ("64636-RT", {"units": 3}))
    place.visit("BOTH", day, ("64636-50", {"units": 2}), "64635-50")
    place.visit("LEFT", day, "64633-RT", "64633-LT", "64634-RT", ("64634-LT", {"units": 2}))
    place.visit("REGIONS", day, "64635-RT", "64636-RT", "64633-RT", "64634-RT")
    place.visit("BARE", day, "64635", ("64636", {"units": 2}))
    _, answers = place.ask()
    only(answers, "denervation_joints")
    answer = answers["denervation_joints"]
    rows = sorted((r["levels"], r["region"], r["side_unknown"], codes(r)) for r in answer["rows"])
    same(rows, [(3, "CT", False, ["64634-LT"]), (3, "LS", False, ["64636-50"]),
                (3, "LS", True, ["64636"]), (4, "LS", False, ["64636-RT x2"])])
    same(answer["sessions_by_levels"], [0, 4, 3, 1, 0])
    same(answer["looked_at"]["sessions"], 8)
    same(Decimal(answer["estimate"]["amount"]),
         dollars("64634", day) + 2 * dollars("64636", day) + dollars("64636", day, 2))


@test
def third_facet_level(place):
    day = "2026-02-03"
    place.visit("A", day, "64493-RT", "64494-RT", "64495-RT")
    place.visit("B", day, "64490-50", "64491-50", "64492-50", "64493-RT")
    place.visit("C", day, "64493-RT", "64493-LT", "64494-RT", "64494-LT")
    _, answers = place.ask()
    only(answers, "facet_third_level")
    answer = answers["facet_third_level"]
    same(sorted(codes(r)[0] for r in answer["rows"]), ["64492-50", "64495-RT"])
    same(answer["sessions_by_levels"], [1, 1, 2, 0, 0])
    same(answer["looked_at"], counts(3, 4, 11))


# ---- a day -----------------------------------------------------------------------------------

@test
def sedation_with_an_injection(place):
    place.visit("A", "2026-02-03", "64493-RT", ("99152", {}), ("99153", {"units": 2}))
    place.visit("B", "2026-02-03", "20552")
    place.visit("B", "2026-02-03", "01992", npi=OTHER_NPI)  # by another, the same day
    place.visit("C", "2026-02-03", "64635-RT", "99152")  # ablation is not among them
    place.visit("D", "2026-02-03", "62323")
    place.visit("D", "2026-02-04", "99152")
    place.visit("E", "2026-02-03", "62323", "63650", "99152")
    _, answers = place.ask()
    only(answers, "sedation")
    answer = answers["sedation"]
    same(answer["found"], counts(3, 3, 4))
    same(answer["looked_at"], counts(4, 4, 4))
    rows = {tuple(codes(r)): r for r in answer["rows"]}
    same(rows[("99152", "99153 x2")]["amount"],
         str(dollars("99152", "2026-02-03") + dollars("99153", "2026-02-03", 2)))
    same(answer["estimate"]["not_estimated"], ["01992"])
    same(rows[("01992",)]["lines"][0]["amount"], None)
    same(rows[("99152",)]["exceeds"], "with 62323; also that day: 63650")


@test
def addon_for_the_second_side(place):
    day = "2026-02-03"
    hits = [["64493-RT", "64494-LT"], ["64490-LT", "64491-RT"], ["64483", "64484-RT"],
            ["64479-RT", "64480-LT"], ["64633-RT", "64634-LT"], ["64635-LT", "64636-RT"]]
    fine = [["64493-50", "64494-LT"], ["64493-RT", "64494-RT"],
            ["64493-RT", "64493-LT", "64494-LT"], ["64493-RT", "64494-50"],
            ["64493-RT", "64494"], ["64494-LT"],
            ["64490-LT", "64493-RT", "64494-LT"]]  # T12-L1 is a first level of 64494
    for number, lines in enumerate(hits + fine):
        place.visit(f"P{number}", day, *lines)
    _, answers = place.ask()
    only(answers, "addon_second_side")
    answer = answers["addon_second_side"]
    same(sorted(codes(r)[0] for r in answer["rows"]), sorted(lines[1] for lines in hits))
    said = {codes(r)[0]: r["exceeds"] for r in answer["rows"]}
    same(said["64494-LT"], "64494-LT, but 64493-RT")
    same(said["64484-RT"], "64484-RT, but 64483 without a side")
    same(Decimal(answer["estimate"]["amount"]), sum(dollars(h[1][:5], day) for h in hits))


# ---- modifiers -------------------------------------------------------------------------------

@test
def modifiers_by_provider_and_code(place):
    for n in range(30):  # 20 of 30
        place.visit(f"A{n}", "2026-02-03", "20610-59" if n < 20 else "20610", npi=OTHER_NPI)
    for n in range(29):  # all, but too few of them
        place.visit(f"B{n}", "2026-02-03", "20605-XS")
    for n in range(141):
        place.visit(f"C{n}", "2026-02-03", "20552")
    _, answers = place.ask()
    only(answers, "distinct_modifiers")
    answer = answers["distinct_modifiers"]
    same((answer["looked_at"], answer["carrying"]), (counts(200, 200, 200), counts(49, 49, 49)))
    provider, code = answer["rows"]
    same((code["code"], code["lines"], code["carrying"]), ("20610", 30, 20))
    same((provider["lines"], provider["carrying"]), (30, 20))
    same(code["exceeds"], "66.7 % of 30 lines, the practice 24.5 %")


@test
def modifiers_exactly_twice_are_not_above(place):
    for n in range(60):  # 20 of 30, and of all 20 of 60
        place.visit(f"A{n}", "2026-02-03", "20610-59" if n < 20 else "20610" if n < 30 else "20552")
    only(place.ask()[1])


# ---- what is looked at -----------------------------------------------------------------------

@test
def days_and_payers(place):
    for month in range(1, 8):
        place.visit("A", f"2026-0{month}-05", "62323")
        place.visit("A", f"2026-0{month}-06", "62323", payer="aetna")
    head, answers = place.ask("--from", "2026-06-05", "--to", "2026-06-05")
    same([r["service_date"] for r in answers["epidural_sessions"]["rows"]], ["2026-06-05"])
    same(len(answers["epidural_sessions"]["rows"][0]["days"]), 6, "earlier ones count")
    same((head["services"], head["from"]), (1, "2026-06-05"))
    _, answers = place.ask("--payer", "Aetna")
    same({r["service_date"][-2:] for r in answers["epidural_sessions"]["rows"]}, {"06"})
    status, _, said = place.run("--payer", "nobody")
    same((status, "no services of that payer" in said), (0, True))


@test
def facility_amounts(place):
    for month in range(1, 6):
        place.visit("A", f"2026-0{month}-05", "62323", pos="24")
    row, = place.ask(facility=True)[1]["epidural_sessions"]["rows"]
    same(row["amount"], str(dollars("62323", "2026-05-05", facility=True)))
    same(row["amount"] == str(dollars("62323", "2026-05-05")), False)


@test
def order_of_adding_does_not_matter(place):
    for patient in ("A", "B", "C", "D"):
        for month in range(1, 8):
            place.visit(patient, f"2026-0{month}-05", "64483-RT", "64484-LT", "64493-59")
    place.add()
    first = [place.run("-f", form)[1] for form in ("json", "csv", "text")]
    other = Practice(tempfile.mkdtemp(dir=place.folder))
    other.add(list(reversed(place.claims)))
    second = [other.run("-f", form)[1] for form in ("json", "csv", "text")]
    same([text.split("\n")[1:] for text in second], [text.split("\n")[1:] for text in first])


@test
def formats(place):
    for month in range(1, 8):
        place.visit("A", f"2026-0{month}-05", "64493-RT", "64494-LT", "64495-LT", "99152-59")
    _, answers = place.ask()
    rows = list(csv.DictReader(io.StringIO(place.run("-f", "csv")[1])))
    same(len(rows), sum(len(a["rows"]) for a in answers.values()))
    same({row["patient_key"] for row in rows}, {answers["sedation"]["rows"][0]["patient_key"]})
    same(sum(Decimal(r["amount"]) for r in rows if r["query"] == "sedation"),
         Decimal(answers["sedation"]["estimate"]["amount"]))
    text = place.run()[1]
    same([line for line in text.splitlines() if len(line) > 100], [], "100 columns")
    same("\x1b" in text, False)
    out = place.folder / "report.html"
    status, said, _ = place.run("-f", "html", "-o", out)
    same((status, said), (1, ""))
    check_html(out.read_text(encoding="utf-8"), sum(len(a["rows"]) for a in answers.values()))


def check_html(text, row_count):
    opened, rows = [], 0

    class Parser(html.parser.HTMLParser):
        def handle_starttag(self, tag, attrs):
            nonlocal rows
            rows += tag == "tr"
            same([a for a in attrs if a[0] in ("src", "onclick")], [], "nothing is loaded")
            if tag not in ("meta", "br"):
                opened.append(tag)

        def handle_endtag(self, tag):
            same(opened.pop(), tag, "tags")

    Parser().feed(text)
    same((opened, text.count("<script")), ([], 0))
    same(rows >= row_count, True, "rows")


@test
def text_as_it_was(place):
    """tests/cli/selfaudit.golden; BLESS=1 writes it anew."""
    for month in range(1, 7):
        place.visit("A", f"2026-0{month}-05", "64483-RT", "64484-LT")
        place.visit("B", f"2026-0{month}-05", "64493-RT-KX", "64494-RT-KX", "99152")
        place.visit("C", f"2026-0{month}-05", "20552", "00600")
    place.visit("B", "2026-06-30", "64635-50", ("64636-50", {"units": 2}))
    place.visit("B", "2026-07-14", "64493-LT", "64494-LT", "64495-LT")
    for n in range(40):
        place.visit(f"D{n}", "2026-07-01", "20610-59" if n < 30 else "20610", npi=OTHER_NPI)
    place.add()
    status, text, said = place.run()
    same((status, said), (1, ""))
    head, rest = text.split("\n", 1)
    same(head.startswith("Self-audit of "), True)
    golden = ROOT / "tests/cli/selfaudit.golden"
    if os.environ.get("BLESS") == "1":
        golden.write_text(rest, encoding="utf-8")
    same(rest, golden.read_text(encoding="utf-8"))


@test
def names_are_escaped(place):
    place.where = place.folder / "<b>&.history"
    place.visit("A", "2026-01-05", "62323")
    place.add()
    text = place.run("-f", "html")[1]
    same(("&lt;b&gt;&amp;.history" in text, "<b>&" in text), (True, False))


@test
def nothing_there(place):
    place.visit("A", "2026-01-05", "62323")
    void = dict(place.claims[0], frequency_code="8", original_reference="C0", claim_id="V")
    place.add([place.claims[0], void])
    place.claims = []
    head, answers = place.ask()
    same((head["patients"], head["services"], head["first"]), (0, 0, None))
    only(answers)
    for form in ("text", "csv", "html"):
        same((place.run("-f", form)[0], bool(place.run("-f", form)[1])), (0, True), form)
    place.where = place.folder / "none.history"
    status, out, said = place.run()
    same((status, out, "none.history: " in said), (3, "", True))


def main():
    print(f"1..{len(TESTS)}")
    failed = False
    for number, function in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(Practice(folder))
                print(f"ok {number} - {function.__name__}", flush=True)
            except Exception as error:  # pylint: disable=broad-except
                failed = True
                print(f"not ok {number} - {function.__name__}\n# {error!r}", flush=True)
    sys.exit(failed)


main()
