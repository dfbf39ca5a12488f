#!/usr/bin/env python3
"""`claimvet whatif`: tables that are expected, and over generated claims that the form as billed is
what `audit` and `price` say and that no allowed form changes the charge. Speaks TAP.

usage: check_whatif.py CLAIMVET GEN837
"""
import decimal
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BINARY, GEN837 = (os.path.abspath(word) for word in sys.argv[1:3])
GENERATED = ("--claims", "120", "--seed", "11", "--wrong", "30")
folder = tempfile.TemporaryDirectory()
tmp = pathlib.Path(folder.name)


def run(*words, data=None):
    return subprocess.run([BINARY, *words], input=data, capture_output=True, timeout=120,
                          check=False)


def line(code, modifiers="", units=1, charge=None, pointers="A"):
    made = {"code": code, "modifiers": modifiers.split(), "units": units,
            "diagnosis_pointers": list(pointers)}
    return made | ({"charge": charge} if charge else {})


def claim(lines, payer="medicare", dx="M51.16", **more):
    made = {"claim_id": "C1", "place_of_service": "11", "service_date": "2026-08-10",
            "patient": {"age": 68, "sex": "F"}, "history": [],
            "diagnoses": dict(zip("ABCD", dx.split())),
            "lines": [{"line": i, **one} for i, one in enumerate(lines, 1)]}
    if payer:
        made["payer"] = {"profile": payer, "state": "CA"}
    return made | more


def whatif(case, *options):
    done = run("whatif", "-f", "json", "--national", *options, data=json.dumps(case).encode())
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def priced(lines, pos="11", on="2026-08-10"):
    words = ["-".join([one["code"], *one["modifiers"]]) + f"x{one['units']}"
             + (f"={one['charge']}" if one.get("charge") else "") for one in lines]
    return json.loads(run("price", "-f", "json", "--national", "--pos", pos, "--on", on,
                          *words).stdout)


def table(answer, group=1):
    """form -> (verdict, rank, what is left)"""
    return {one["form"]: (one["verdict"], one["rank"], one["left"]["allowed"])
            for one in answer["variants"] if one["group"] == group}


def form(answer, name, group=1):
    return next(one for one in answer["variants"]
                if one["form"] == name and one["group"] == group)


def rules(variant):
    return {one["rule"] for one in variant["findings"] if one["decides"]}


def same(got, wanted):
    assert got == wanted, f"{got}, wanted {wanted}"


def coded(variant):
    return [("-".join([one["code"], *one["modifiers"]]), one["units"], one["charge"])
            for one in variant["lines"]]


# ---- both sides ------------------------------------------------------------------------------


def epidural():
    answer = whatif(claim([line("64483", "50", charge="850.01")], total_charge="850.01"))
    fee = decimal.Decimal(priced([line("64483")])["allowed"])
    half_more = (fee * 3 / 2).quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP)
    same(table(answer), {"modifier_50": ("allowed", 1, str(half_more)),
                         "two_lines": ("denies", None, "0.00"),
                         "two_units": ("denies", None, "0.00")})
    same(rules(form(answer, "two_lines")), {"bilateral_two_lines_mue"})
    same(rules(form(answer, "two_units")), {"mue_exceeded", "laterality_missing"})
    best = form(answer, "modifier_50")
    assert best["as_billed"] and best["payer_convention"]
    same(form(answer, "two_lines")["allowed"], str(half_more))
    same(coded(form(answer, "two_lines")),
         [("64483-RT", 1, "425.01"), ("64483-LT", 1, "425.00")])
    same(coded(form(answer, "two_units")), [("64483", 2, "850.01")])


def epidural_on_two_lines():
    lines = [line("64483", "KX LT", charge="500.00", pointers="A"),
             line("64483", "RT KX", charge="350.01", pointers="B")]
    answer = whatif(claim(lines, dx="M51.16 M54.16"))
    same(table(answer)["modifier_50"][:2], ("allowed", 1))
    assert form(answer, "two_lines")["as_billed"]
    same(coded(form(answer, "modifier_50")), [("64483-KX-50", 1, "850.01")])


def facets_of_medicare():
    lines = [line("64493", "50 KX", charge="900.00"), line("64494", "50 KX", charge="500.00")]
    answer = whatif(claim(lines, dx="M47.816"))
    same({name: row[:2] for name, row in table(answer).items()},
         {"modifier_50": ("allowed", 1), "two_lines": ("denies", None),
          "two_units": ("denies", None), "addon_two_units": ("denies", None),
          "addon_two_lines": ("denies", None)})
    assert "bilateral_addon_convention" in rules(form(answer, "addon_two_units"))
    same(form(answer, "modifier_50")["allowed"], priced(lines)["allowed"])
    left = priced([line("64493", "50 KX")])["allowed"]
    same(form(answer, "addon_two_units")["left"]["allowed"], left)


def facets_of_bcbs():
    lines = [line("64493", "50", charge="900.00"), line("64494", "50", charge="500.00")]
    bare = whatif(claim(lines, payer="bcbs", dx="M47.816"))
    assert not any(one["ranked"] for one in bare["variants"])
    twice = form(bare, "addon_two_units")
    same((twice["verdict"], twice["payer_convention"], twice["not_evaluated"]),
         ("allowed", True, ["schedule"]))
    same(coded(twice), [("64493-50", 1, "900.00"), ("64494", 2, "500.00")])
    same(coded(form(bare, "addon_two_lines")),
         [("64493-50", 1, "900.00"), ("64494", 1, "250.00"), ("64494", 1, "250.00")])
    same(rules(form(bare, "modifier_50")), {"bilateral_addon_convention"})
    schedule = tmp / "schedule.csv"
    schedule.write_text("payer,code,modifier,percent\nbcbs,*,,120\n", encoding="utf-8")
    answer = whatif(claim(lines, payer="bcbs", dx="M47.816"), "--schedule", str(schedule))
    best = form(answer, "addon_two_units")
    same((best["rank"], form(answer, "two_lines")["rank"]), (1, 2))
    assert form(answer, "two_lines")["pays_same"]
    assert form(answer, "modifier_50")["as_billed"]
    same(form(answer, "addon_two_lines")["allowed"], None)


def knees():
    lines = [line("20610", "RT", charge="200.00"), line("20610", "LT", charge="200.00")]
    answer = whatif(claim(lines, dx="M17.0"))
    pays = priced(lines)["allowed"]
    same(table(answer), {"modifier_50": ("allowed", 1, pays), "two_lines": ("allowed", 2, pays),
                         "two_units": ("denies", None, pays)})
    assert form(answer, "two_lines")["pays_same"] and form(answer, "two_lines")["as_billed"]
    same(rules(form(answer, "two_units")), {"laterality_missing"})


def no_second_side():
    answer = whatif(claim([line("20552", "50", charge="90.00")], dx="M79.18"))
    same({row[0] for row in table(answer).values()}, {"denies"})
    assert "bilateral_not_allowed" in rules(form(answer, "modifier_50"))
    answer = whatif(claim([line("64615", "50", charge="300.00")], dx="G43.709"))
    same({name: row[:2] for name, row in table(answer).items()},
         {"once": ("allowed", 1), "modifier_50": ("denies", None), "two_lines": ("denies", None),
          "two_units": ("denies", None)})
    same(coded(form(answer, "once")), [("64615", 1, "300.00")])
    answer = whatif(claim([line("62323", "50", charge="300.00")]))
    same({row[0] for row in table(answer).values()}, {"denies"})


def two_groups():
    lines = [line("64483", "50", charge="850.00"), line("20610", "50", charge="400.00")]
    answer = whatif(claim(lines, dx="M51.16 M17.0"))
    same({one["group"] for one in answer["variants"]}, {1, 2})
    assert all(len(one["lines"]) >= 2 for one in answer["variants"])


# ---- the record and the payer -----------------------------------------------------------------


def record_decides():
    lines = [line("64483", "50", charge="850.00"), line("64484", "50", charge="400.00")]
    for chart in {"bilateral": False}, {"levels_count": 1}:
        answer = whatif(claim(lines, documentation=chart))
        same({(one["verdict"], one["ranked"]) for one in answer["variants"]},
             {("unsupported", False)})
    answer = whatif(claim(lines, documentation={"bilateral": True, "levels_count": 2}))
    same(table(answer)["modifier_50"][:2], ("allowed", 1))


def two_units_may_be_two_joints():
    lines = [line("20610", units=2, charge="400.00")]
    answer = whatif(claim(lines, dx="M17.0"))
    same(table(answer)["modifier_50"][:2], ("not_evaluated", None))
    same(form(answer, "modifier_50")["not_evaluated"], ["chart:bilateral"])
    answer = whatif(claim(lines, dx="M17.0", documentation={"bilateral": True}))
    same(table(answer)["modifier_50"][:2], ("allowed", 1))
    assert form(answer, "two_units")["as_billed"]
    lines = [line("64483", "50", charge="8.00"), line("64484", units=2, charge="4.00")]
    answer = whatif(claim(lines))
    same(form(answer, "modifier_50")["not_evaluated"], ["chart:bilateral"])


def convention_not_known():
    for payer, need in (None, "claim:payer"), ("aetna", "payer:bilateral_convention"):
        answer = whatif(claim([line("20610", "50", charge="400.00")], payer=payer, dx="M17.0"))
        assert not any(one["ranked"] or one["payer_convention"] for one in answer["variants"])
        same(answer["convention"], "unknown")
        assert need in form(answer, "modifier_50")["not_evaluated"]
        same(form(answer, "modifier_50")["verdict"], "not_evaluated")
    text = run("whatif", data=json.dumps(claim([line("20610", "50")], payer=None)).encode())
    assert b"the payer is not known" in text.stdout and b"no form is ranked" in text.stdout


def no_side_passes_an_edit():
    lines = [line("20552", "50", charge="200.00"), line("64615", charge="200.00")]
    answer = whatif(claim(lines, dx="M79.18"))
    same(form(answer, "two_lines")["verdict"], "unsupported")
    assert "pass an edit" in form(answer, "two_lines")["record"]


def facility_claim():
    answer = whatif(claim([line("64483", "50")], claim_type="facility_asc", place_of_service="24"))
    assert answer["facility_claim"] and answer["variants"] == []


# ---- places -----------------------------------------------------------------------------------


def places():
    lines = [line("64483", "50", charge="850.00"), line("20610", "RT", charge="200.00")]
    answer = whatif(claim(lines, dx="M51.16 M17.11"))
    same([(one["place_of_service"], one["as_billed"], one["ranked"], one["not_evaluated"])
          for one in answer["places"]],
         [("11", True, False, []), ("24", False, False, ["store:asc_fee"]),
          ("22", False, False, ["store:opps_addendum_b"])])
    for one in answer["places"]:
        price = priced(lines, one["place_of_service"])
        same([one["allowed"], one["patient"], one["paid"]],
             [price["allowed"], price["patient"], price["paid"]])
        same([row["allowed"] for row in one["lines"]], [row["allowed"] for row in price["lines"]])


def nothing_for_both_sides():
    lines = [line("62323", charge="700.00"), line("J1100", "JZ", units=10, charge="20.00")]
    answer = whatif(claim(lines, service_date="2026-02-10"))
    same(answer["variants"], [])
    for one in answer["places"]:
        facility = one["place_of_service"] != "11"
        same(one["falls_to_facility"], [2] if facility else [])
        rest = priced(lines[:1] if facility else lines, one["place_of_service"], "2026-02-10")
        same(one["left"]["allowed"], rest["allowed"])


def elsewhere():
    answer = whatif(claim([line("62323")], place_of_service="21"))
    same([(one["place_of_service"], one["as_billed"]) for one in answer["places"]],
         [("21", True), ("11", False), ("24", False), ("22", False)])


# ---- the command ------------------------------------------------------------------------------


def command():
    both = "\n".join(json.dumps(claim([line("64483", "50")], claim_id=name)) for name in "AB")
    done = run("whatif", "-f", "json", "--claim", "B", data=both.encode())
    same([json.loads(text)["claim_id"] for text in done.stdout.splitlines()], ["B"])
    done = run("whatif", "--claim", "C", data=both.encode())
    same((done.returncode, done.stderr), (2, b"claimvet: no claim C in the files\n"))
    same(run("whatif", "-f", "csv", data=both.encode()).returncode, 2)
    same(run("whatif", "--zip", "00000", data=both.encode()).returncode, 2)
    same(run("whatif", "--payer", "nobody", data=both.encode()).returncode, 2)
    here, there = (json.loads(run("whatif", "-f", "json", "--zip", zip_code, "--claim", "A",
                                  data=both.encode()).stdout)["variants"][0]["allowed"]
                   for zip_code in ("10001", "62701"))
    assert here != there, here
    for text in run("whatif", "--national", data=both.encode()).stdout.decode().splitlines():
        assert len(text) <= 100, text


def damaged():
    done = run("whatif", "-f", "json", data=b'{"claim_id":"A","lines":[{"code":\n')
    same(done.returncode, 3)
    same([error["code"] for error in json.loads(done.stdout)["errors"]], ["json_syntax"])
    cut = subprocess.run([GEN837, "--claims", "3"], capture_output=True, check=True).stdout
    same(run("whatif", data=cut[:len(cut) // 2]).returncode, 3)
    same(run("whatif", data=b"").returncode, 3)


def chart_and_history():
    chart = tmp / "chart.jsonl"
    chart.write_text('{"claim_id":"C1","documentation":{"bilateral":false}}\n', encoding="utf-8")
    case = claim([line("64483", "50")], patient={"id": "P1", "age": 68, "sex": "F"},
                 rendering_provider={"npi": "1987654328"})
    same({one["verdict"] for one in whatif(case, "--chart", str(chart))["variants"]},
         {"unsupported"})
    earlier = tmp / "earlier.json"
    before = case | {"claim_id": "C0", "lines": [{"line": 1, **line("64483", "RT")}]}
    earlier.write_text(json.dumps(before), encoding="utf-8")
    kept = str(tmp / "kept.history")
    same(run("history", "add", "--history", kept, str(earlier)).returncode, 0)
    del case["history"]
    answer = whatif(case, "--history", kept)
    same(form(answer, "modifier_50")["verdict"], "denies")
    assert "mue_exceeded" in rules(form(answer, "modifier_50"))


# ---- generated claims -------------------------------------------------------------------------


def split(data):
    """Each claim of an 837P in an interchange of its own."""
    head, patient, own, claims = [], [], [], []
    part = head
    for text in (text.strip() for text in data.decode().split("~") if text.strip()):
        words = text.split("*")
        if words[0] in ("SE", "GE", "IEA"):
            continue
        if words[0] in ("ISA", "GS", "ST"):
            head = part = head[:("ISA", "GS", "ST").index(words[0])]
        elif words[0] == "HL" and words[3] == "20":
            kept = [one.split("*")[0] == "HL" for one in head]
            head = part = head[:kept.index(True) if True in kept else len(head)]
        elif words[0] == "HL":
            patient = part = list(patient if words[3] == "23" else [])
        elif words[0] == "CLM":
            own = part = []
            claims.append((head, patient, own))
        part.append(text)
    for head, patient, own in claims:
        body = head + patient + own
        start, group, control = (body[i].split("*")[at] for i, at in ((0, 13), (1, 6), (2, 2)))
        yield "~".join(body + [f"SE*{len(body) - 1}*{control}", f"GE*1*{group}",
                               f"IEA*1*{start}"]) + "~"


def objects(done):
    """What is said of claims, without what is said of the file."""
    said = (json.loads(text) for text in done.stdout.splitlines())
    return [one for one in said if "claim_id" in one]


def as_billed(answer):
    return [one for one in answer["variants"] + answer["places"] if one["as_billed"]]


def audit_differs(answer, text):
    report = objects(run("audit", "-q", "-f", "json", data=text.encode()))[0]
    wanted = sorted((one["rule"], one["lines"], one["message"]) for one in report["findings"]
                    if one["status"] == "fail" and one["severity"] in ("error", "warn"))
    for one in as_billed(answer):
        got = sorted((found["rule"], found["lines"], found["message"])
                     for found in one["findings"])
        if one["audit_verdict"] != report["verdict"] or got != wanted:
            yield f"{answer['claim_id']}: {got}, audit says {report['verdict']} {wanted}"


def generated():
    data = subprocess.run([GEN837, *GENERATED], capture_output=True, check=True).stdout
    answers = objects(run("whatif", "-f", "json", "--national", data=data))
    texts = list(split(data))
    same(len(answers), len(texts))
    assert sum(len(one["variants"]) for one in answers) >= 20
    for answer, text in zip(answers, texts):
        wrong = list(audit_differs(answer, text))
        assert not wrong, wrong[0]


def generated_amounts():
    """Medicare's amounts are those of `price`; where a form is allowed, the charge is the same."""
    data = subprocess.run([GEN837, *GENERATED], capture_output=True, check=True).stdout
    compared = allowed = 0
    for text in split(data):
        answer = objects(run("whatif", "-f", "json", "--national", data=text.encode()))[0]
        charges = {sum(decimal.Decimal(row["charge"]) for row in one["lines"])
                   for one in answer["variants"]}
        allowed += sum(one["verdict"] == "allowed" for one in answer["variants"])
        assert len(charges) <= 1, answer["claim_id"]
        days = {part.split("*")[3] for part in text.split("~") if part.startswith("DTP*472*D8")}
        place = as_billed(answer)[0] if as_billed(answer) else {}
        simple = answer["payer"] == "medicare" and len(days) == 1 and place.get("place_of_service")
        if not simple or any(row["units"] <= 0 or float(row["charge"]) <= 0
                             for row in place["lines"]):
            continue
        day = next(iter(days))
        price = priced(place["lines"], place["place_of_service"],
                       f"{day[:4]}-{day[4:6]}-{day[6:]}") if len(day) == 8 else {}
        if "lines" in price:
            compared += 1
            same([row["allowed"] for row in place["lines"]],
                 [row["allowed"] for row in price["lines"]])
    assert compared >= 30 and allowed >= 3, (compared, allowed)


TESTS = [epidural, epidural_on_two_lines, facets_of_medicare, facets_of_bcbs, knees,
         no_second_side, two_groups, record_decides, two_units_may_be_two_joints,
         convention_not_known, no_side_passes_an_edit, facility_claim, places,
         nothing_for_both_sides, elsewhere, command, damaged, chart_and_history, generated,
         generated_amounts]
print(f"1..{len(TESTS)}")
failed = 0
for number, test in enumerate(TESTS, 1):
    try:
        test()
        print(f"ok {number} - {test.__name__}")
    except (AssertionError, KeyError, StopIteration, json.JSONDecodeError) as error:
        failed += 1
        print(f"not ok {number} - {test.__name__}\n# {type(error).__name__}: {error}")
folder.cleanup()
sys.exit(failed > 0)
