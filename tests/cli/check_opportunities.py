#!/usr/bin/env python3
"""Opportunities: where each kind is shown and with what gain, what blocks its twin, and that a fact
which is missing shows nothing. Every patch that is shown is applied and the claim vetted again.

usage: check_opportunities.py CLAIMVET
Speaks TAP. The figures are national amounts of Medicare: July 2026, drugs of January 2026.
"""
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

binary = os.path.abspath(sys.argv[1])
root = pathlib.Path(__file__).resolve().parent.parent.parent
shared = pathlib.Path(os.environ.get("SHARED", root.parent / "shared"))

CHART = {"pain_duration_weeks": 26, "conservative_weeks": 8, "conservative_failed": True,
         "pain_scale_id": "NRS", "pre_procedure_pain_score": 7, "disability_scale_id": "ODI",
         "baseline_function_score": 44, "image_guidance": "fluoroscopy", "sedation": "none",
         "consent_signed": True, "radiculopathy": False, "intent_rfa": True}
EPIDURAL = {"contrast_documented": True, "views_saved": 2, "imaging_study": "MRI",
            "concordant_finding": True, "radicular": True, "series_planned": False}
TWO = {"joints": ["L4-5", "L5-S1"], "levels_count": 2}
THREE = {"joints": ["L3-4", "L4-5", "L5-S1"], "levels_count": 3}
KENALOG = {"steroid": "Triamcinolone", "steroid_mg": 40, "image_guidance": "none"}
FEBRUARY = "2026-02-10"


def block(day, relief, **more):
    return {"service_date": day, "code": "64493", "kind": "dx", "region": "LS", "side": "L",
            "levels": ["L4-5", "L5-S1"], "relief_percent": relief, **more}


def claim(lines, chart, dx="M47.816", payer="medicare", pos="11", day="2026-08-10", history=(),
          **more):
    """`lines`: "64493-KX-LT", "64493-LT x2", with keys of the line behind in a dict."""
    made = []
    for number, line in enumerate(lines, 1):
        text, extra = line if isinstance(line, tuple) else (line, {})
        code, _, units = text.partition(" x")
        code, *modifiers = code.split("-")
        made.append({"line": number, "code": code, "modifiers": modifiers,
                     "units": int(units or 1), "diagnosis_pointers": ["A"], **extra})
    body = {"claim_id": "O", "payer": {"profile": payer, "state": "CA"}, "place_of_service": pos,
            "service_date": day, "patient": {"age": 68, "sex": "F"}, "diagnoses": {"A": dx},
            "lines": made, "history": list(history), **more}
    if payer is None:
        body["payer"] = {}
    if chart is not None:
        body["documentation"] = chart
    return body


def facet(lines, facts, **more):
    return claim(lines, {**CHART, **facts}, **more)


def knee(facts, line="20610-RT", **more):
    return claim([(line, more.pop("line_facts", {}))], facts, dx=more.pop("dx", "M17.11"), **more)


ONE, BOTH = ["64493-KX-LT"], ["64493-KX-LT", "64494-KX-LT"]
VISIT = ["99214", "20610-RT"]

# title, claim, {id: (gain, services of the change)} that is shown, {id: rule or words} that is not
CASES = [
    # ---- levels
    ("second joint", facet(ONE, TWO), {"facet_level": ("95.86", ["64494-LT-KX"])}, {}),
    ("second joint, cervical", facet(["64490-KX-RT"], {"joints": ["C4-5", "C5-6"]}, dx="M47.812"),
     {"facet_level": ("101.87", ["64491-RT-KX"])}, {}),
    ("second joint, facility", facet(ONE, TWO, pos="24"),
     {"facet_level": ("43.76", ["64494-LT-KX"])}, {}),
    ("three nerves are two joints", facet(ONE, {"nerves": ["L3", "L4", "L5"]}),
     {"facet_level": ("95.86", ["64494-LT-KX"])}, {}),
    ("two nerves are one joint", facet(ONE, {"nerves": ["L4", "L5"]}), {}, {}),
    ("two joints and three nerves billed as two",
     facet(BOTH, {**TWO, "nerves": ["L3", "L4", "L5"]}), {}, {}),
    ("nerves in the list of levels are no joints",
     facet(ONE, {"levels": ["L3", "L4", "L5"]}), {}, {}),
    ("a third level for Medicare", facet(BOTH, THREE), {},
     {"facet_level": "third_level_noncovered"}),
    ("a third level for Aetna", facet(["64493-LT", "64494-LT"], THREE, payer="aetna"),
     {"facet_level": (None, ["64495-LT"])}, {}),
    ("a fourth level has no code of its own",
     facet(["64493-LT", "64494-LT", "64495-LT"], {"levels_count": 4}, payer="commercial"), {},
     {"facet_level": "unit_once_per_day"}),
    ("both sides of the second level", facet(["64493-50-KX"], {**TWO, "bilateral": True}),
     {"facet_level": ("143.79", ["64494-50-KX"])}, {}),
    ("both sides, the add-on twice",
     facet(["64493-50"], {**TWO, "bilateral": True}, payer="bcbs"),
     {"facet_level": (None, ["64494 x2"])}, {}),
    ("levels that contradict each other",
     facet(ONE, {"joints": ["L4-5"], "levels_count": 2}), {}, {}),
    ("levels of another region", facet(ONE, {"joints": ["C4-5", "C5-6"]}), {}, {}),
    ("levels not in the record", facet(ONE, {}), {}, {}),
    ("no chart", claim(ONE, None), {}, {}),
    ("two procedures: whose levels?", facet(ONE + ["20610-RT"], TWO), {}, {}),
    ("the first level has an error", facet(["64493-LT"], TWO), {},
     {"facet_level": "facet_tx_criteria"}),
    ("KX is misused already",
     facet(ONE, TWO, history=[block(day, 85, modifiers=["KX", "LT"])
                              for day in ("2026-05-01", "2026-06-01")]), {},
     {"facet_level": "kx_misuse"}),
    ("the payer is not known", facet(ONE, TWO, payer=None), {},
     {"facet_level": "payer is not known"}),
    ("another claim has it", facet(ONE, TWO, history=[block("2026-08-10", 80)]), {},
     {"facet_level": "another claim"}),
    ("second foramen", claim(["64483-RT"], {**CHART, **EPIDURAL, "levels": ["L4-5", "L5-S1"]},
                             dx="M51.16"),
     {"transforaminal_level": ("117.57", ["64484-RT"])},
     {"spinal_fluoroscopy": "imaging_included"}),
    ("third foramen",
     claim(["64483-RT", "64484-RT"],
           {**CHART, **EPIDURAL, "levels": ["L3-4", "L4-5", "L5-S1"]}, dx="M51.16"), {},
     {"transforaminal_level": "tfesi_levels_exceeded", "spinal_fluoroscopy": "imaging_included"}),
    # ---- second side
    ("both sides of two levels", facet(BOTH, {**TWO, "bilateral": True}),
     {"second_side": ("143.13", ["64493-50-KX", "64494-50-KX"])}, {}),
    ("both sides, the add-on twice for this payer",
     facet(["64493-LT", "64494-LT"], {**TWO, "bilateral": True}, payer="bcbs"),
     {"second_side": (None, ["64493-50", "64494 x2"])}, {}),
    ("both sides, convention not known",
     facet(["64493-LT", "64494-LT"], {**TWO, "bilateral": True}, payer="aetna"), {},
     {"second_side": "bilateral_addon_convention"}),
    ("both knees", knee({"bilateral": True}, dx="M17.0"),
     {"second_side": ("34.41", ["20610-50"])}, {}),
    ("both knees, the charge of one is low",
     knee({"bilateral": True}, dx="M17.0", line_facts={"charge": "60.00"}, total_charge="60.00"),
     {"second_side": ("43.22", ["20610-50"])}, {}),
    ("both sides with a diagnosis of the other side",
     knee({"bilateral": True}, dx="M17.12"), {}, {"second_side": "laterality_mismatch"}),
    ("both sides with a diagnosis of the one side", knee({"bilateral": True}), {},
     {"second_side": "laterality_mismatch"}),
    ("bilateral indicator 0", claim(["64517"], {**CHART, "bilateral": True}, dx="G90.59"), {}, {}),
    ("one side in the record", facet(BOTH, {**TWO, "bilateral": False}), {}, {}),
    ("sides not in the record", facet(BOTH, TWO), {}, {}),
    ("an interlaminar epidural has no sides",
     claim(["62323"], {**CHART, **EPIDURAL, "bilateral": True}, dx="M51.16"), {},
     {"spinal_fluoroscopy": "imaging_included"}),
    # ---- drugs
    ("the drug of a knee, multi-dose",
     knee(KENALOG, day=FEBRUARY, line_facts={"container": "multi"}),
     {"joint_injection_drug": ("2.96", ["J3301 x4"])}, {}),
    ("units are rounded up", knee({**KENALOG, "steroid_mg": 41}, day=FEBRUARY,
                                  line_facts={"container": "multi"}),
     {"joint_injection_drug": ("3.71", ["J3301 x5"])}, {}),
    ("container not known", knee(KENALOG, day=FEBRUARY), {},
     {"joint_injection_drug": "jz_jw_missing"}),
    ("single-dose: JZ or JW is not known",
     knee(KENALOG, day=FEBRUARY, line_facts={"container": "single"}), {},
     {"joint_injection_drug": "jz_jw_missing"}),
    ("in a surgery center",
     knee(KENALOG, day=FEBRUARY, pos="24", line_facts={"container": "multi"}), {},
     {"joint_injection_drug": "drug_facility"}),
    ("in a surgery center, another payer", knee(KENALOG, payer="aetna", pos="24"), {},
     {"joint_injection_drug": "facility bills the drug"}),
    ("another payer, no fee", knee(KENALOG, payer="aetna"),
     {"joint_injection_drug": (None, ["J3301 x4"])}, {}),
    ("methylprednisolone is J1010",
     knee({**KENALOG, "steroid": "methylprednisolone"}, payer="aetna"),
     {"joint_injection_drug": (None, ["J1010 x40"])}, {}),
    ("more than the limit of a day", knee({**KENALOG, "steroid_mg": 200}, payer="medicare",
                                          day=FEBRUARY, line_facts={"container": "multi"}), {},
     {"joint_injection_drug": "mue_exceeded"}),
    ("units of betamethasone are not settled", knee({**KENALOG, "steroid": "betamethasone"},
                                                    payer="aetna"), {},
     {"joint_injection_drug": "do not follow from milligrams"}),
    ("dose not in the record", knee({"steroid": "triamcinolone"}, payer="aetna"), {}, {}),
    ("a drug that no row names", knee({**KENALOG, "steroid": "triamcinolone hexacetonide"},
                                      payer="aetna"), {}, {}),
    ("the drug is billed", claim(["20610-RT", "J3301 x4"], KENALOG, dx="M17.11", payer="aetna"),
     {}, {}),
    # ---- guidance
    ("stellate block", claim(["64510-RT"], {**CHART, "views_saved": 2}, dx="G90.511"),
     {"spinal_fluoroscopy": ("104.54", ["77003"])}, {}),
    ("stellate block in a surgery center",
     claim(["64510-RT"], {**CHART, "views_saved": 2}, dx="G90.511", pos="24"),
     {"spinal_fluoroscopy": ("28.39", ["77003-26"])}, {}),
    ("blood patch", claim(["62273"], {**CHART, "views_saved": 2}, dx="G97.1"),
     {"spinal_fluoroscopy": ("104.54", ["77003"])}, {}),
    ("hypogastric block", claim(["64517"], {**CHART, "views_saved": 2}, dx="G90.59"),
     {"spinal_fluoroscopy": ("104.54", ["77003"])}, {}),
    ("77003 with an epidural", claim(["62323"], {**CHART, **EPIDURAL}, dx="M51.16"), {},
     {"spinal_fluoroscopy": "imaging_included"}),
    ("77003 with a sacroiliac injection",
     claim(["27096-KX-RT"], {**CHART, "views_saved": 2, "contrast_documented": True,
                             "provocation_positive": 4}, dx="M46.1"), {},
     {"spinal_fluoroscopy": "imaging_included"}),
    ("one view", claim(["64510-RT"], {**CHART, "views_saved": 1}, dx="G90.511"), {}, {}),
    ("views not in the record", claim(["64510-RT"], CHART, dx="G90.511"), {}, {}),
    ("guidance not in the record", claim(["64510-RT"], {"views_saved": 2}, dx="G90.511"), {}, {}),
    ("76942 with a joint", knee({"image_guidance": "ultrasound", "us_images_saved": True}), {},
     {"ultrasound": "imaging_included"}),
    ("76942 with a trigeminal block",
     claim(["64400-RT"], {"image_guidance": "ultrasound", "us_images_saved": True}, dx="G50.0"),
     {"ultrasound": ("64.13", ["76942"])}, {}),
    ("image not kept",
     claim(["64400-RT"], {"image_guidance": "ultrasound", "us_images_saved": False}, dx="G50.0"),
     {}, {}),
    # ---- visits
    ("a separate visit", claim(VISIT, {"em_separate_note": True}, dx="M17.11"),
     {"separate_visit": ("135.61", ["99214-25"])}, {}),
    ("a visit that is not separate",
     claim(VISIT, {"em_separate_note": False}, dx="M17.11"), {}, {}),
    ("a visit of which nothing is known",
     claim(VISIT, {"image_guidance": "none"}, dx="M17.11"), {}, {}),
    ("the visit has 25", claim(["99214-25", "20610-RT"], {"em_separate_note": True}, dx="M17.11"),
     {}, {}),
    ("two visits: which is separate?",
     claim(["99213", "99214", "20610-RT"], {"em_separate_note": True}, dx="M17.11"), {}, {}),
    # ---- a complete series
    ("two blocks in the history",
     claim(["99213"], None, history=[block("2026-06-01", 85), block("2026-06-15", 80)]),
     {"diagnostic_series_complete": (None, [])}, {}),
    ("the second block is this one",
     facet(ONE, {"joints": ["L4-5"], "relief_percent": 90}, history=[block("2026-07-01", 85)]),
     {"diagnostic_series_complete": (None, [])}, {}),
    ("thirteen days apart",
     claim(["99213"], None, history=[block("2026-06-01", 85), block("2026-06-14", 80)]), {}, {}),
    ("79 percent", claim(["99213"], None,
                         history=[block("2026-06-01", 79), block("2026-06-15", 90)]), {}, {}),
    ("the other side", claim(["99213"], None,
                             history=[block("2026-06-01", 85, side="R"), block("2026-06-15", 90)]),
     {}, {}),
    ("other levels",
     claim(["99213"], None, history=[block("2026-06-01", 85, levels=["L2-3"]),
                                     block("2026-06-15", 90)]), {}, {}),
    ("a later block failed",
     claim(["99213"], None, history=[block("2026-06-01", 85), block("2026-06-15", 90),
                                     block("2026-07-15", 20)]), {}, {}),
    ("ablated since",
     claim(["99213"], None,
           history=[block("2026-06-01", 85), block("2026-06-15", 90),
                    {"service_date": "2026-07-15", "code": "64635", "kind": "rfa", "region": "LS",
                     "side": "L", "levels": ["L4-5", "L5-S1"]}]), {}, {}),
    ("two ablations in twelve months",
     claim(["99213"], None,
           history=[{"service_date": day, "code": "64635", "kind": "rfa", "region": "LS",
                     "side": "R", "levels": ["L2-3"], "relief_percent": 80, "relief_months": 7}
                    for day in ("2025-10-01", "2026-03-01")] +
           [block("2026-06-01", 85), block("2026-06-15", 90)]), {},
     {"diagnostic_series_complete": "freq_facet_rfa"}),
    ("ablation is not wanted",
     claim(["99213"], {"rfa_candidate": False},
           history=[block("2026-06-01", 85), block("2026-06-15", 90)]), {}, {}),
]

# Kenalog in vials of 1 ml with 4 units, 40 mg by the file: one, or 25 in a carton of 100 units;
# hydrocortisone in a vial of 2.5 units that the package rounds to 3.
CARTON, VIAL, ROUNDED = "00143-9387-25", "00003-0293-05", "00009-0013-05"


def waste(dose=20, units=2, code="J3301", line="", others=(), ndc=VIAL, **more):
    extra = {"dose_mg": dose, "container": more.pop("container", "single"), **more.pop("facts", {})}
    if ndc:
        extra["ndc"] = {"code": ndc, **more.pop("amount", {})}
    return claim(["20610-RT", (f"{code}{line} x{units}", extra), *others], None, dx="M17.11",
                 day=more.pop("day", FEBRUARY), **more)


# title, claim, (gain, services, NDC amount of the patch), or words of what blocks it, or None
WASTES = [
    ("half of a vial", waste(), ("1.48", ["J3301-JW x2"], None)),
    ("eleven digits", waste(ndc=VIAL.replace("-", "")), ("1.48", ["J3301-JW x2"], None)),
    ("one vial of a carton, not the carton", waste(ndc=CARTON), ("1.48", ["J3301-JW x2"], None)),
    ("the second of two vials", waste(50, 5), ("2.22", ["J3301-JW x3"], None)),
    ("what is left of a unit is not billed", waste(21, 3), ("0.74", ["J3301-JW"], None)),
    ("the millilitres are told", waste(amount={"quantity": 0.5, "unit": "ML"}),
     ("1.48", ["J3301-JW x2"], 0.5)),
    ("the millilitres of the second vial", waste(50, 5, amount={"quantity": 1.25, "unit": "ML"}),
     ("2.22", ["J3301-JW x3"], 0.75)),
    ("millilitres that are not those of the dose",
     waste(amount={"quantity": 1, "unit": "ML"}), "lines.ndc.quantity"),
    ("vials do not tell the amount", waste(amount={"quantity": 1, "unit": "UN"}),
     "lines.ndc.quantity"),
    ("other modifiers stay", waste(line="-TB"), ("1.48", ["J3301-JW-TB x2"], None)),
    ("the whole vial was given", waste(40, 4), None),
    ("two whole vials", waste(80, 8), None),
    ("less than a unit is left", waste(31, 4), None),
    ("a multi-dose container", waste(container="multi"), None),
    ("JW is there", waste(others=[("J3301-JW x2", {"container": "single"})]), None),
    ("JZ is there", waste(line="-JZ"), None),
    ("a second line of the drug", waste(others=[("J3301-76 x2", {})]), None),
    ("the container is not told", waste(container=None), None),
    ("the dose is not told", waste(dose=None), None),
    ("the NDC is not told", waste(ndc=None), None),
    ("the NDC is of another drug", waste(ndc="00009-3073-01"), None),
    ("the NDC is in no row", waste(ndc="00143-9387-99"), None),
    ("the NDC has ten digits", waste(ndc="0143938725"), None),
    ("hyphens elsewhere", waste(ndc="0003-00293-05"), None),
    ("units that are not those of the dose", waste(20, 3), None),
    ("a package that rounds its vial", waste(100, 1, code="J1720", ndc=ROUNDED), None),
    ("a payer other than Medicare", waste(payer="aetna"), None),
    ("a payer that is not known", waste(payer=None), None),
    ("before the crosswalk", waste(day="2025-12-10"), None),
    ("in a surgery center", waste(pos="24"), "drug_facility"),
    ("another claim has the drug",
     waste(history=[{"service_date": FEBRUARY, "code": "J3301"}]), "another claim"),
    ("a dose that is none", waste(9007199254740, 900719925474), None),
    ("a dose of a kilogram", waste(1000000, 100000), None),
    ("an amount that is none", waste(amount={"quantity": 9007199254740, "unit": "ML"}),
     "lines.ndc.quantity"),
]


# Of the sample of the provider list: an orthopedic group, a surgery center, a hospital, emergency
# physicians, a number given back in 2025, one given back and taken up again, a pharmacy.
GROUP, CENTER, HOSPITAL = "1497758429", "1992708929", "1821091851"
EMERGENCY, PHARMACY, UNLISTED = "1336142389", "1720081763", "1234567893"
ENDED, AGAIN = "1568465599", "1659374601"
PAIN, CLINIC = "208VP0014X", "261QP3300X"


def placed(pos, facility=None, billing=None, taxonomy=None, lines=("20610-RT",), **more):
    """A claim without chart; `taxonomy` is that of the facility as the claim gives it."""
    if facility:
        more["service_facility"] = {"npi": facility, **({"taxonomy": taxonomy} if taxonomy else {})}
    if billing:
        more["billing_provider"] = billing
    return claim(lines, None, dx="M17.11", pos=pos, **more)


OFFICE = {"site_office": ("29.06", ["20610-RT"])}
# As above, by a store with that list.
SITES = [
    ("a group, place 22", placed("22", GROUP), OFFICE, {}),
    ("a group, place 19", placed("19", GROUP), OFFICE, {}),
    ("a group, place 24", placed("24", GROUP), OFFICE, {}),
    ("the taxonomy of the claim", placed("22", UNLISTED, taxonomy=PAIN), OFFICE, {}),
    ("a group practice by the claim", placed("22", UNLISTED, taxonomy="193400000X"), OFFICE, {}),
    ("the billing provider itself",
     placed("22", UNLISTED, {"npi": UNLISTED, "taxonomy": PAIN}), OFFICE, {}),
    ("a clinic that bills itself",
     placed("22", UNLISTED, {"npi": UNLISTED, "taxonomy": CLINIC}), OFFICE, {}),
    ("a clinic of another may be a hospital's", placed("22", UNLISTED, taxonomy=CLINIC), {}, {}),
    ("one line of two", placed("11", GROUP, lines=[("20610-RT", {"place_of_service": "24"}),
                                                   "99213-25"]), OFFICE, {}),
    ("the facility of a line",
     placed("22", HOSPITAL, lines=[("20610-RT", {"service_facility": {"npi": GROUP}}),
                                   "99213-25"]), OFFICE, {}),
    ("a surgery center, place 24", placed("24", CENTER), {}, {}),
    ("a surgery center by the claim", placed("24", UNLISTED, taxonomy="261QA1903X"), {}, {}),
    ("a hospital, place 22", placed("22", HOSPITAL), {}, {}),
    ("a surgery center bills itself", placed("24", CENTER, {"npi": CENTER}), {}, {}),
    ("no facility", placed("22"), {}, {}),
    ("no facility, a group bills", placed("22", None, {"npi": GROUP, "taxonomy": PAIN}), {}, {}),
    ("nothing is known of the facility", placed("22", UNLISTED), {}, {}),
    ("claim and list contradict each other", placed("22", HOSPITAL, taxonomy=PAIN), {}, {}),
    ("the list is of another kind", placed("24", CENTER, {"npi": CENTER, "taxonomy": PAIN}), {},
     {}),
    ("physicians who work in hospitals", placed("22", EMERGENCY), {}, {}),
    ("a number that is none any more", placed("22", ENDED, taxonomy=PAIN), {}, {}),
    ("a number that is one again", placed("22", AGAIN), OFFICE, {}),
    ("a number that is one still", placed("22", ENDED, taxonomy=PAIN, day="2025-05-12"),
     {"site_office": ("19.41", ["20610-RT"])}, {}),
    ("a pharmacy", placed("22", PHARMACY), {}, {}),
    ("a number with a wrong check digit", placed("22", "1497758428", taxonomy=PAIN), {}, {}),
    ("an inpatient", placed("21", GROUP), {}, {}),
    ("place 11 already", placed("11", GROUP), {}, {}),
    ("a facility's own claim", placed("24", GROUP, claim_type="facility_asc"), {}, {}),
    ("another claim has it",
     placed("24", GROUP, history=[{"service_date": "2026-08-10", "code": "20610"}]), {},
     {"site_office": "another claim"}),
    ("no fee of the payer", placed("22", GROUP, payer="aetna"), {}, {"site_office": "no fee"}),
    # The twin: billed as the office.
    ("place 11, a surgery center", placed("11", CENTER), {},
     {"site_surgery_center": "as billed $29.06 more"}),
    ("place 11, a hospital", placed("11", HOSPITAL), {},
     {"site_hospital": "as billed $29.06 more"}),
    ("place 11, a hospital by the claim", placed("11", UNLISTED, taxonomy="282N00000X"), {},
     {"site_hospital": "as billed $29.06 more"}),
    ("place 11, a hospital, no fee", placed("11", HOSPITAL, payer="aetna"), {},
     {"site_hospital": "if it was the hospital, bill 22"}),
]
PATCHES = [
    ("a group, place 22", [("replace", "/place_of_service")]),
    ("one line of two", [("replace", "/lines/0/place_of_service")]),
    ("the facility of a line", [("add", "/lines/0/place_of_service")]),
]


def audit(claims, *options):
    text = "".join(json.dumps(c) + "\n" for c in claims)
    done = subprocess.run([binary, "audit", "-q", "-f", "json", "--national", *options], input=text,
                          capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def one(body, *options):
    return audit([body], *options)[1][0]


def services(changes):
    return ["-".join([c["code"], *c["modifiers"]]) + (f" x{c['units']}" if c["units"] != 1 else "")
            for c in changes]


def applied(document, operations):
    """RFC 6902, the operations that a patch here may have."""
    document = copy.deepcopy(document)
    for operation in operations:
        *way, last = operation["path"].split("/")[1:]
        at = document
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        assert operation["op"] == "add" or last in at, operation
        if isinstance(at, list):
            at.insert(len(at) if last == "-" else int(last), operation["value"])
        else:
            at[last] = operation["value"]
    return document


def waste_wrong(body, expected, store):
    body = copy.deepcopy(body)
    for line in body["lines"]:
        for key in [k for k, v in line.items() if v is None]:
            del line[key]
    plain = one(body, "--trace")
    if "drug_waste" in json.dumps(plain.get("opportunities_blocked", [])) or \
            "opportunities" in plain:
        yield "without the crosswalk there is one"
    options = ("--store", store)
    result = one(body, "--trace", *options)
    shown = result.get("opportunities", [])
    blocked = [f"{o['rule']}: {o['reason']}" for o in result.get("opportunities_blocked", [])]
    if not isinstance(expected, tuple):
        if shown or (len(blocked), expected is None) not in ((0, True), (1, False)) or \
                (expected and expected not in blocked[0]):
            yield f"shown {shown}, blocked {blocked}, expected {expected}"
        return
    if len(shown) != 1 or blocked:
        yield f"shown {shown}, blocked {blocked}"
        return
    added = shown[0]["patch"][0]["value"]
    got = (shown[0]["gain"], services(shown[0]["change"]), added["ndc"].get("quantity"))
    if got != expected or added["ndc"]["code"] != body["lines"][1]["ndc"]["code"] or \
            added["diagnosis_pointers"] != ["A"] or added["service_date"] != FEBRUARY:
        yield f"{got} by {added}, expected {expected}"
    again = one(applied(body, shown[0]["patch"]), *options)
    if "opportunities" in again or [f for f in failed(again) if f[0] != "jz_jw_missing"] != \
            [f for f in failed(result) if f[0] != "jz_jw_missing"] or \
            "jz_jw_missing" in [f[0] for f in failed(again)]:
        yield f"with the patch: {failed(again)}, without: {failed(result)}"


def wastes_wrong(file):
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "s.store")
        done = subprocess.run([binary, "import", str(file), "-o", store], capture_output=True,
                              text=True, timeout=120, check=False)
        if done.returncode:
            yield f"import: {done.stderr}"
            return
        for title, body, expected in WASTES:
            yield from (f"{title}: {w}" for w in waste_wrong(body, expected, store))


def failed(result):
    return sorted((f["rule"], tuple(f["lines"])) for f in result["findings"]
                  if f["status"] == "fail" and f["severity"] in ("error", "warn"))


def patches_wrong(body, result, *options):
    for found in result.get("opportunities", []):
        if not found["patch"]:
            continue
        again = one(applied(body, found["patch"]), *options)
        worse = [f for f in failed(again) if f not in failed(result)]
        if worse:
            yield f"the patch of {found['id']} brings {worse}"
        if found["id"] in [o["id"] for o in again.get("opportunities", [])]:
            yield f"{found['id']} is shown again when its patch is applied"


def case_wrong(body, shown, blocked, *options):
    result = one(body, "--trace", *options)
    got = {o["id"]: (o["gain"], services(o["change"])) for o in result.get("opportunities", [])}
    if got != shown:
        yield f"shown {got}, expected {shown}"
    reasons = {}
    for o in result.get("opportunities_blocked", []):
        reasons.setdefault(o["id"], []).append(f"{o['rule']}: {o['reason']}")
    for name, words in blocked.items():
        if not any(words is None or words in reason for reason in reasons.get(name, [])):
            yield f"{name} is not blocked by {words}: {reasons}"
    for name in reasons:
        if name not in blocked and name not in shown:
            yield f"{name} is blocked, which was not expected: {reasons[name]}"
    for o in result.get("opportunities", []):
        if not o["proof"] or not o["cite"] or not o["why"]:
            yield f"{o['id']} has no proof, reason or source"
    if "opportunities_blocked" in one(body, *options):
        yield "what is blocked is shown without --trace"
    yield from patches_wrong(body, result, *options)


def sites_wrong(*options):
    """What stands in a patch and its change, what proves it, and that no finding comes of it."""
    bodies = {title: body for title, body, _, _ in SITES}
    for title, wanted in PATCHES:
        found = one(bodies[title], *options)["opportunities"][0]
        if [(o["op"], o["path"]) for o in found["patch"]] != wanted:
            yield f"{title}: {found['patch']}"
        if [o["value"] for o in found["patch"]] != ["11"] * len(wanted):
            yield f"{title}: another place than 11: {found['patch']}"
        if [c["place_of_service"] for c in found["change"]] != ["11"]:
            yield f"{title}: {found['change']}"
        if {"fact": "taxonomy", "value": "207X00000X (physician) by NPPES"} not in found["proof"]:
            yield f"{title}: {found['proof']}"
    for title in ("place 11, a hospital", "a group, place 22"):
        if one(bodies[title], *options)["findings"] != one(bodies[title])["findings"]:
            yield f"{title}: findings differ by the list"
    together = audit(bodies.values(), *options)[1]
    for (title, body, _, _), result in zip(SITES, together):
        alone = one(body, *options)
        if alone.get("opportunities") != result.get("opportunities"):
            yield f"{title}: other in a run"


def site_cases(number, folder):
    """Reports the cases of SITES; how many are wrong."""
    store, sample = os.path.join(folder, "providers"), shared / "data/nppes/npidata_sample.csv"
    subprocess.run([binary, "import", sample, "-o", store], check=True, capture_output=True,
                   timeout=120)
    bad = 0
    for title, body, shown, blocked in SITES:
        bad += report(number, title, list(case_wrong(body, shown, blocked, "--store", store)))
        number += 1
    return bad + report(number, "patches of a place", list(sites_wrong("--store", store)))


def earlier_claim_wrong():
    """The level is on another claim of the run; a duplicate brings nothing."""
    body = facet(ONE, TWO, billing_provider={"npi": "1234567893"})
    body["patient"]["id"] = "M1"
    other = {**copy.deepcopy(body), "claim_id": "P"}
    del other["documentation"]
    results = audit([other, body])[1]
    if "opportunities" in results[1]:
        yield "shown although an earlier claim has the session"


def patients_wrong():
    """With a patient each, in one run: the memory of the run changes nothing."""
    claims = []
    for number, (_, body, _, _) in enumerate(CASES):
        claims.append(copy.deepcopy(body))
        claims[-1]["patient"]["id"] = f"M{number}"
    for body, result in zip(claims, audit(claims)[1]):
        alone = [o["id"] for o in one(body).get("opportunities", [])]
        together = [o["id"] for o in result.get("opportunities", [])]
        if alone != together:
            yield f"{body['lines']}: {together} in a run, {alone} alone"
    for (title, _, shown, _), result in zip(CASES, audit(claims)[1]):
        if sorted(shown) != sorted(o["id"] for o in result.get("opportunities", [])):
            yield f"{title}: other with a patient"


def formats_wrong():
    """Text and html show what JSON shows, csv none of it; what is blocked needs a trace."""
    epidural = claim(["62323"], {**CHART, **EPIDURAL}, dx="M51.16")
    wanted = [("text", (), facet(ONE, TWO), "could bill   facet_level: ", True),
              ("text", (), facet(ONE, TWO), "gain       allows $95.86 more", True),
              ("html", (), facet(ONE, TWO), "Gain: allows $95.86 more", True),
              ("csv", (), facet(ONE, TWO), "facet_level", False),
              ("text", ("--trace",), epidural,
               "not shown    spinal_fluoroscopy: 77003: imaging_included: ", True),
              ("text", (), epidural, "not shown", False),
              ("text", (), placed("22", UNLISTED, taxonomy=PAIN), "to consider  site_office: ",
               True),
              ("text", (), placed("22", UNLISTED, taxonomy=PAIN),
               "20610-RT, 1 unit, place of service 11", True)]
    for form, options, body, words, there in wanted:
        done = subprocess.run([binary, "audit", "-q", "-f", form, "--national", *options],
                              input=json.dumps(body), capture_output=True, text=True, timeout=60,
                              check=False)
        if (words in done.stdout) != there:
            yield f"{form} {options}: {words!r} is {'not there' if there else 'there'}"


def acceptance_wrong():
    file = shared / "acceptance" / "cases.json"
    if not file.exists():
        return
    for case in json.loads(file.read_text(encoding="utf-8"))["cases"]:
        body = case["claim"]
        yield from (f"{body['claim_id']}: {w}" for w in patches_wrong(body, one(body)))


def report(number, title, wrong):
    print(f"{'not ok' if wrong else 'ok'} {number} - {title}", flush=True)
    for line in wrong[:6]:
        print(f"# {line}")
    return bool(wrong)


def main():
    listed = (shared / "data/nppes/npidata_sample.csv").exists()
    print(f"1..{len(CASES) + 5 + (len(SITES) + 1 if listed else 1)}")
    bad = 0
    for number, (title, body, shown, blocked) in enumerate(CASES, 1):
        bad += report(number, title, list(case_wrong(body, shown, blocked)))
    bad += report(len(CASES) + 1, "an earlier claim of the run", list(earlier_claim_wrong()))
    bad += report(len(CASES) + 2, "a patient each in one run", list(patients_wrong()))
    bad += report(len(CASES) + 3, "patches of the acceptance cases", list(acceptance_wrong()))
    bad += report(len(CASES) + 4, "formats", list(formats_wrong()))
    crosswalk = next(iter(sorted((shared / "data" / "asp").glob("*Crosswalk*.csv"))), None)
    if crosswalk:
        bad += report(len(CASES) + 5, "waste, by the crosswalk", list(wastes_wrong(crosswalk)))
    else:
        print(f"ok {len(CASES) + 5} - waste # SKIP no crosswalk")
    if listed:
        with tempfile.TemporaryDirectory() as folder:
            bad += site_cases(len(CASES) + 6, folder)
    else:
        print(f"ok {len(CASES) + 6} - sites # SKIP no sample of the provider list")
    sys.exit(bad > 0)


main()
