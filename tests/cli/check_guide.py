#!/usr/bin/env python3
"""check_guide.py: the assertions of rules/guide.tsv against the official files, without claimvet.

Readers and arithmetic are written here a second time and share nothing with the program, so that a
figure that is wrong in the table and in the store is found. Skipped where the files are not
present. What rests on files that are not among them is listed in BEYOND. Speaks TAP.
"""
import csv
import datetime
import gzip
import io
import json
import os
import re
import sys
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

ROOT = Path(os.environ["SOURCE_ROOT"])
SHARED = Path(os.environ.get("SHARED", ROOT / ".." / "shared"))
DATA = SHARED / "data"
TABLES = set("ncci_ptp mue aoc mpfs icd10cm asp".split())
# Exclusions of diagnoses come from the tabular notes, replacements from a letter of the code list.
BEYOND = {"excludes", "replaced"}


def guide():
    lines = (ROOT / "rules/guide.tsv").read_text(encoding="utf-8").split("\n")
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:] if line]


def cents(value):
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


class Official:
    """The files, read for the codes that the guide names."""

    def __init__(self, codes):
        with open(DATA / "mpfs/rvu26c/PPRRVU2026_Jul_nonQPP.csv", encoding="latin-1") as file:
            self.fee = {(f[0], f[1].strip()): f for f in csv.reader(file)
                        if len(f) > 25 and f[0] in codes}
        with open(next((DATA / "mue").glob("*.csv")), encoding="latin-1") as file:
            self.mue = {f[0].strip(): (f[1].strip(), f[2].strip()[0]) for f in csv.reader(file)
                        if len(f) > 2 and f[0].strip() in codes}
        with open(next((DATA / "asp").glob("*Payment Limit*")), encoding="latin-1") as file:
            self.asp = {f[0]: (f[2].strip(), Decimal(f[3].replace(",", "")))
                        for f in csv.reader(file) if len(f) > 3 and f[0] in codes}
        self.pair, self.dx, self.ended = {}, {}, {}
        self.read_pairs(codes)
        self.read_addons()
        with zipfile.ZipFile(DATA / "icd10cm/cms_2026_dx.zip") as book:
            for line in book.read("icd10cm_order_2026.txt").decode("latin-1").splitlines():
                if line.strip():
                    self.dx[line[6:14].strip()] = line[14] == "1"
        with gzip.open(DATA / "hcpcs/HCPC2024_OCT_ANWEB.reconstructed.txt.gz", "rt",
                       encoding="latin-1") as file:
            for line in file:
                end = re.search(r"\d{16}(\d{8})[A-Z]\s*$", line)
                if end and line[:5] in codes:
                    self.ended[line[:5]] = datetime.datetime.strptime(end[1], "%Y%m%d").date()

    def read_pairs(self, codes):
        """Rows that have not been deleted: column 1, column 2 -> indicator."""
        for path in sorted((DATA / "ncci_ptp").glob("*ccipra-v302*.zip")):
            with zipfile.ZipFile(path) as book, book.open(book.namelist()[0]) as file:
                for line in io.TextIOWrapper(file, encoding="latin-1"):
                    if line[:5] in codes and line[6:11] in codes:
                        cells = line.rstrip("\r\n").split("\t")
                        if cells[4].strip() == "*" and cells[5].strip() != "9":
                            self.pair[cells[0], cells[1]] = cells[5].strip()

    def read_addons(self):
        with zipfile.ZipFile(next((DATA / "aoc").glob("*.xlsx"))) as book:
            strings = [re.sub("<[^>]+>", "", s) for s in re.findall(
                r"<si>(.*?)</si>", book.read("xl/sharedStrings.xml").decode("utf-8"), re.S)]
            sheet = book.read("xl/worksheets/sheet1.xml").decode("utf-8")
        self.addon = set()
        for row in re.findall(r"<row .*?</row>", sheet, re.S):
            cells = {}
            for column, attributes, value in re.findall(
                    r'<c r="([A-H])\d+"([^>]*)>(?:<v>([^<]*)</v>)?', row):
                shared = 't="s"' in attributes and value
                cells[column] = strings[int(value)] if shared else value
            if not cells.get("G", "").strip():  # without a deletion date
                self.addon.add((cells.get("B"), cells.get("D")))


def total(row, setting):
    return Decimal(row[11] if setting == "nonfacility" else row[12])


def dollars(official, codes, setting, percent=100):
    rows = [official.fee[tuple((code + "-").split("-")[:2])] for code in codes.split("+")]
    sums = sum(total(row, setting) * Decimal(row[25]) for row in rows)
    return cents(sums * int(percent) / 100)


def fee(official, code):
    return official.fee[tuple((code + "-").split("-")[:2])]


def rvu(official, code, *words):
    row = fee(official, code)
    return words == ("work", row[5], "nonfacility", row[11], "facility", row[12], "global", row[14])


def code_valid(official, code, state, on="2026-07-01"):
    last = official.ended.get(code)
    ended = last is not None and datetime.date.fromisoformat(on) > last
    known = ended or last is not None or (code, "") in official.fee
    return known and ended == (state == "invalid")


def diagnosis(official, code, state):
    billable = official.dx.get(code.replace(".", ""))
    return state == {None: "absent", True: "billable", False: "header"}[billable]


def unit_price(official, service, setting, sides=1):
    """One line of a claim: the fee of the code, or its units at the drug's limit, rounded."""
    code, _, units = service.partition("x")
    if code in official.asp:
        return cents(official.asp[code][1] * int(units or 1))
    code, fifty = code.removesuffix("-50"), code.endswith("-50") or sides == 2
    one = dollars(official, code, setting)
    return cents(one * 3 / 2) if fifty else one


def pays(official, services, setting, money, *_rest):
    return sum(unit_price(official, s, setting) for s in services.split("+")) == Decimal(money)


def sides(official, services, setting, money, *_rest):
    return sum(unit_price(official, s, setting, 2) - unit_price(official, s, setting)
               for s in services.split("+")) == Decimal(money)


def times(official, a, b, setting, ratio, *_rest):
    return cents(unit_price(official, a, setting) /
                 unit_price(official, b, setting)) == Decimal(ratio)


HOLDS = {
    "pays": pays,
    "sides": sides,
    "times": times,
    "rvu": rvu,
    "bilateral": lambda o, code, n: fee(o, code)[19] == n,
    "pctc": lambda o, code, n: fee(o, code)[13] == n,
    "amount": lambda o, codes, setting, money: dollars(o, codes, setting) == Decimal(money),
    "share": lambda o, percent, codes, setting, money:
        dollars(o, codes, setting, percent) == Decimal(money),
    "ratio": lambda o, a, b, setting, ratio:
        cents(total(fee(o, a), setting) / total(fee(o, b), setting)) == Decimal(ratio),
    "pair": lambda o, a, b, n: o.pair.get((a, b)) == n,
    "nopair": lambda o, a, b: (a, b) not in o.pair and (b, a) not in o.pair,
    "addon": lambda o, a, b, word: ((a, b) in o.addon) == (word == "yes"),
    "mue": lambda o, code, units, mai: o.mue.get(code) == (units, mai),
    "code": code_valid,
    "drug": lambda o, code, _, size, unit: o.asp[code][0] == f"{size} {unit}",
    "limit": lambda o, code, _, units, money: cents(o.asp[code][1] * int(units)) == Decimal(money),
    "dx": diagnosis,
    "dxcount": lambda o, kind, n, _on:
        sum(b or kind == "all" for b in o.dx.values()) == int(n),
}


def check_figures(rows):
    said = [(row["number"], text.strip()) for row in rows if row["check"] != "-"
            for text in row["check"].split(";")]
    codes = {code for _, text in said for code in re.findall(r"\b[0-9A-Z]\d{4}\b", text)}
    official, wrong = Official(codes), []
    for number, text in said:
        word, *words = text.replace(" on ", " ").split(" ")
        if word not in BEYOND and not HOLDS[word](official, *words):
            wrong.append(f"{number}: {text}")
    return wrong


def check_table_of_the_guide(rows):
    """Statement 3 is about every row of the guide's own table, in its figures."""
    third = next(row for row in rows if row["number"] == "3")["check"].split("; ")
    shown = [re.split(r" *\| *", line.strip())
             for line in (SHARED / "domain/guide.txt").read_text(encoding="utf-8").split("\n")]
    table = {(f[1], f[3], f[4], f[5]) for f in shown if len(f) == 7 and f[1].isdigit()}
    asserted = {tuple(text.split(" ")[i] for i in (1, 3, 5, 9)) for text in third}
    return [f"{row} stands on one side only" for row in sorted(table ^ asserted)]


def check_deciders(rows):
    """What decides is a rule of the catalogue or a table."""
    known = set(json.loads((SHARED / "acceptance/rules.json").read_text(encoding="utf-8"))) | TABLES
    return [f"{row['number']}: {word}" for row in rows for word in row["decides"].split(" ")
            if word != "-" and word not in known]


def main():
    checks = [check_figures, check_table_of_the_guide, check_deciders]
    rows, failed = guide(), False
    print(f"1..{len(checks)}")
    for number, check in enumerate(checks, 1):
        if not SHARED.is_dir():
            print(f"ok {number} - {check.__name__} # SKIP shared not present")
            continue
        wrong = check(rows)
        failed = failed or bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {check.__name__}", flush=True)
        for line in wrong[:8]:
            print(f"# {line}")
    sys.exit(failed)


main()
