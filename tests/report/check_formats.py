#!/usr/bin/env python3
"""The goldens of the report, read by other people's parsers: JSON, CSV, HTML. Speaks TAP."""
import csv
import html.parser
import json
import os

GOLDEN = os.path.join(os.environ.get("SOURCE_ROOT", "."), "tests", "report", "golden")
CLAIM_KEYS = ["claim_id", "verdict", "as_of", "store", "editions", "coverage", "findings",
              "not_evaluated"]
FINDING_KEYS = ["id", "rule", "rule_version", "severity", "status", "lines", "at", "message", "why",
                "evidence", "cite", "expect", "fix"]


def text_of(name):
    with open(os.path.join(GOLDEN, name), encoding="utf-8", newline="") as file:
        return file.read()


def json_lines_parse():
    objects = [json.loads(line) for line in text_of("run.json").splitlines()]
    assert len(objects) == 10, len(objects)
    return objects


def json_keys_are_in_order():
    claims = [o for o in json_lines_parse() if "claim_id" in o]
    assert len(claims) == 6
    for claim in claims:
        keys = [key for key in claim if key != "truncated"]
        assert keys == CLAIM_KEYS, keys
        for finding in claim["findings"]:
            expected = [key for key in FINDING_KEYS if key in finding]
            assert list(finding) == expected, list(finding)


def json_has_what_the_contract_shows():
    claim = next(o for o in json_lines_parse() if o.get("claim_id") == "C7")
    finding = claim["findings"][1]
    assert finding["id"] == "C7/ncci_ptp/2"
    assert claim["findings"][2]["id"] == "C7/ncci_ptp/2.2"
    assert claim["findings"][0]["id"] == "C7/charge_balance/0"
    assert finding["at"] == {"line": 2, "segment": 31, "element": 1, "byte": 1184}
    assert finding["evidence"][0] == {"table": "ncci_ptp", "release": "v30.2",
                                      "row": "62323/64483", "indicator": "1", "from": None,
                                      "to": None}
    assert finding["fix"] == {"kind": "suggestion", "text": "remove line 2",
                              "patch": [{"op": "remove", "path": "/lines/1"}]}
    assert claim["editions"][0] == {"table": "ncci_ptp", "release": "v30.2",
                                    "effective": "2024-07-01", "stale": True}
    assert claim["not_evaluated"][0] == {"rule": "charge_balance",
                                         "needs": ["claim:total_charge", "history"]}
    faults = [o["errors"][0] for o in json_lines_parse() if "errors" in o]
    assert faults[0] == {"code": "x12_cut_off", "segment": 7, "byte": 912,
                         "message": "the file ends inside segment 7; send it again"}
    assert faults[1]["line"] == 3 and faults[1]["column"] == 14


def csv_rows_are_even():
    rows = list(csv.reader(text_of("run.csv").splitlines()))
    assert len(rows) == 14, len(rows)
    for row in rows:
        assert len(row) == 33, row


def csv_cells_are_no_formulas():
    for row in csv.reader(text_of("run.csv").splitlines()):
        for cell in row:
            assert not cell or cell[0] not in "=+-@\t\r", cell


class Balance(html.parser.HTMLParser):
    VOID = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.tags = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "href" or value.startswith(("https://", "#claim-")), value
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()


def html_is_balanced_and_calls_nothing():
    parser = Balance()
    parser.feed(text_of("run.html"))
    parser.close()
    assert not parser.open, parser.open
    assert not parser.tags & {"script", "img", "link", "iframe", "object", "form"}, parser.tags


def main():
    tests = [json_lines_parse, json_keys_are_in_order, json_has_what_the_contract_shows,
             csv_rows_are_even, csv_cells_are_no_formulas, html_is_balanced_and_calls_nothing]
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {test.__name__}")
        except (AssertionError, ValueError, KeyError) as wrong:
            print(f"not ok {number} - {test.__name__}\n# {wrong!r}")


main()
