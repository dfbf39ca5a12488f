#!/usr/bin/env python3
"""Reads store images as docs/FORMAT.md says, by no code of the store, and asks both: oracle.py
QUERY_STORE WRITE_GROWN STARTER_IMAGE (TAP). The images are the starter and a grown store."""
import datetime
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

OPEN_FROM, OPEN_TO = -2**31, 2**31 - 1
SECTIONS = """text releases proofs codes code_slots labels pair_first pairs mpfs_first mpfs
mue_first mue addon_first addons ended_first ended drug_first drugs family_first families
dx_first dx_rest dx_class class_first class_rows dx_editions dx_regions dx_sides
exclude_prefixes exclude_first exclude_uses excludes modifier_first modifiers pos_first places
sets set_members payers payer_ids code_flags hospital_first hospital_pairs sheets sheet_columns
sheet_bytes licenses reasons pair_reason_first pair_reasons hospital_reason_first
hospital_reasons""".split()
LAYOUT = {"text": "1s", "releases": "BBHiiiiIII8I", "proofs": "6iQHHI", "codes": "Q",
          "code_slots": "Q", "labels": "II", "pairs": "H", "hospital_pairs": "H",
          "mpfs": "B10cBB3x7i3hH4xQ", "mue": "iHcx", "addons": "IHcx", "ended": "iH2xQ",
          "drugs": "iHBxQ", "families": "IIQHBBB3x", "dx_rest": "I", "dx_class": "H",
          "class_rows": "HBx", "dx_editions": "H", "dx_regions": "QIHBx", "dx_sides": "QIHBx",
          "exclude_prefixes": "QIHBx", "exclude_uses": "I", "excludes": "QQIIH6x",
          "modifiers": "HH", "places": "HBB", "sets": "IIII", "set_members": "I",
          "payers": "IIiHBB", "payer_ids": "IIIB3x", "code_flags": "B", "sheets": "IIIIQII",
          "sheet_columns": "III4B", "sheet_bytes": "1s", "licenses": "II", "reasons": "II",
          "pair_reasons": "B", "hospital_reasons": "B"}
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def text_of(code):
    return code.to_bytes(8, "big").rstrip(b"\0").decode()


def bits_of(text):
    return int.from_bytes(text.encode().ljust(8, b"\0"), "big")


def day_text(day):
    if day in (OPEN_FROM, OPEN_TO):
        return "-"
    return (datetime.date(1970, 1, 1) + datetime.timedelta(day)).isoformat()


class Image:
    """Every section as a list of tuples; asserts what the document says of the whole."""

    def __init__(self, raw):
        magic, version, sections, size, _ = struct.unpack_from("<8sIIQQ", raw)
        assert (magic, version, sections, size) == (b"CLVSTORE", 2, len(SECTIONS), len(raw))
        assert size % 64 == 0
        end = 32 + 16 * sections
        for number, name in enumerate(SECTIONS):
            offset, count = struct.unpack_from("<QQ", raw, 32 + 16 * number)
            layout = "<" + LAYOUT.get(name, "I")
            assert offset % 64 == 0 and offset >= end and not any(raw[end:offset]), name
            end = offset + count * struct.calcsize(layout)
            part = raw[offset:end]
            setattr(self, name, part if layout == "<1s" else
                    [row if len(row) > 1 else row[0] for row in struct.iter_unpack(layout, part)])
        assert end <= size and not any(raw[end:])
        self.check()

    def check(self):
        assert all(a < b for a, b in zip(self.codes, self.codes[1:]))
        for name in SECTIONS:
            if name.endswith("_first"):
                firsts = getattr(self, name)
                assert firsts[0] == 0 and firsts == sorted(firsts), name
        shift = 64 - (len(self.code_slots) - 1).bit_length()
        mask = len(self.code_slots) - 1
        assert mask & (mask + 1) == 0 and len(self.code_slots) > len(self.codes)
        for number, code in enumerate(self.codes):
            at = ((code >> 24) * 0x9e3779b97f4a7c15 % 2**64) >> shift
            while self.code_slots[at] >> 24 != code >> 24:
                assert self.code_slots[at] != 0
                at = (at + 1) & mask
            assert self.code_slots[at] & 0xffffff == number

    def words(self, at, size):
        return self.text[at:at + size].decode()

    def rows(self, first, name, key):
        firsts = getattr(self, first)
        return getattr(self, name)[firsts[key]:firsts[key + 1]]

    def id(self, text):
        return self.codes.index(bits_of(text))

    # ---- proofs

    def shown(self, number, as_of):
        proof = self.proofs[number]
        holders = [proof[7] + n for n in range(64) if proof[6] >> n & 1]
        known = [r for r in holders if self.releases[r][3] <= as_of]
        release = self.releases[(known or holders[:1])[-1]]
        return [self.words(release[10], release[11]), day_text(proof[0]), day_text(proof[1])]

    def chosen(self, rows, when):
        """Of (proof, row) the row that holds."""
        best = None
        for number, row in rows:
            low, high, known, until = self.proofs[number][:4]
            if low <= when[0] <= high and known <= when[1] <= until:
                order = (high, -known, -low)
                best = (order, number, row) if best is None or order < best[0] else best
        return best

    # ---- pairs

    def pair_entries(self, first, name, one):
        """(column-2 id, proof, indicator) in the order of the image."""
        row = self.rows(first, name, one)
        if not row:
            return []
        low, buckets = row[:2]
        ends, blocks = row[2:2 + buckets], row[2 + buckets:]
        assert len(blocks) == ends[-1]
        entries, start = [], 0
        for bucket, end in enumerate(ends):
            block, start = blocks[start:end], end
            many = 2 * len(block) // 3
            lows = b"".join(word.to_bytes(2, "little") for word in block[:(many + 1) // 2])
            assert list(lows[:many]) == sorted(lows[:many]) and not any(lows[many:])
            facts = block[(many + 1) // 2:]
            assert len(facts) == many
            entries += [((low + bucket) << 8 | byte, fact >> 2, "019"[fact & 3])
                        for byte, fact in zip(lows, facts)]
        return entries

    def pairs_all(self):
        for one in range(len(self.codes)):
            entries = self.pair_entries("pair_first", "pairs", one)
            for two in sorted({entry[0] for entry in entries}):
                yield one, two, [entry[1:] for entry in entries if entry[0] == two]

    def reasons_fit(self):
        for kind in ("pair", "hospital"):
            pairs = "pairs" if kind == "pair" else "hospital_pairs"
            for one in range(len(self.codes)):
                numbers = self.rows(kind + "_reason_first", kind + "_reasons", one)
                entries = self.pair_entries(kind + "_first", pairs, one)
                assert len(numbers) in (0, len(entries)), kind
                assert all(number <= len(self.reasons) for number in numbers)

    # ---- diagnoses and sheets

    def diagnoses(self):
        for bucket in range(len(self.dx_first) - 1):
            head = "".join((DIGITS[bucket // 1296 + 10], DIGITS[bucket // 36 % 36],
                            DIGITS[bucket % 36]))
            for at in range(self.dx_first[bucket], self.dx_first[bucket + 1]):
                rest = self.dx_rest[at].to_bytes(4, "big").rstrip(b"\0").decode()
                yield head + rest, self.rows("class_first", "class_rows", self.dx_class[at])

    def sheets_fit(self):
        for table, column, columns, size, at, count, _ in self.sheets:
            assert at + count * size <= len(self.sheet_bytes), table
            keys = []
            for number in range(count):
                row = self.sheet_bytes[at + number * size:at + (number + 1) * size]
                assert struct.unpack("<I", row[-4:])[0] < len(self.proofs)
                key = []
                for cell in self.sheet_columns[column:column + columns]:
                    if cell[5]:
                        wide = 16 if cell[3] == 1 else 8
                        key += struct.unpack(f"<{wide // 8}Q", row[cell[2]:cell[2] + wide])
                keys.append(key)
            assert keys == sorted(keys), table


# ---- questions and the answers that the document gives

def dated(image, chance):
    """A day near an edge of a proof, and a day of knowledge; None is not given."""
    proof = chance.choice(image.proofs)
    days = [d + n for d in proof[:4] if abs(d) < 2**20 for n in (-1, 0, 1)] + [None]
    return chance.choice(days), chance.choice(days + [None, None])


def line(verb, words, when):
    return "\t".join([verb, *words] + ["-" if d is None else day_text(d) for d in when])


def table_questions(image, when_of):
    for code, text in enumerate(map(text_of, image.codes)):
        for _ in range(2):
            when, normal = when_of()
            rows = [(row[1], row) for row in image.rows("mue_first", "mue", code)]
            best = image.chosen(rows, normal)
            yield line("mue", [text], when), best and [
                str(best[2][0]), best[2][2].decode(), *image.shown(best[1], normal[1])]
            rows = image.rows("addon_first", "addons", code)
            answer = []
            for primary in sorted({row[0] for row in rows}):
                best = image.chosen([(r[1], r) for r in rows if r[0] == primary], normal)
                if best:
                    name = "CCCCC" if primary == 2**32 - 1 else text_of(image.codes[primary])
                    answer += [name, best[2][2].decode(), *image.shown(best[1], normal[1])]
            yield line("addons", [text], when), answer or None
            for number, modifier in enumerate(("-", "26", "TC", "53")):
                rows = [(row[23], row) for row in image.rows("mpfs_first", "mpfs", code)
                        if row[0] == number]
                best = image.chosen(rows, normal)
                answer = best and mpfs_answer(image, best, normal)
                yield line("mpfs", [text, modifier], when), answer


def mpfs_answer(image, best, normal):
    row = best[2]
    flags = b"".join(row[1:11]).replace(b"\0", b"").decode()
    return [flags, *("NA" if no else "-" for no in row[11:13]), *map(str, row[13:23]),
            text_of(row[24]) or "-", *image.shown(best[1], normal[1])]


def pair_questions(image, when_of):
    for one, two, rows in image.pairs_all():
        words = [text_of(image.codes[one]), text_of(image.codes[two])]
        listed = [row for row in rows if image.proofs[row[0]][3] == OPEN_TO]
        answer = [str(len(listed))]
        for proof, indicator in listed:
            answer += [indicator, *image.shown(proof, OPEN_TO)]
        yield "\t".join(["pair_rows", *words]), answer
        when, normal = when_of()
        best = image.chosen([row for row in rows if row[1] != "9"], normal)
        yield line("pair", words, when), best and [best[2], *image.shown(best[1], normal[1])]


def dx_questions(image, when_of):
    for text, rows in image.diagnoses():
        when, normal = when_of()
        best = image.chosen([(row[0], row) for row in rows], normal)
        yield line("dx", [text], when), best and ["b" if best[2][1] else "h",
                                                  *image.shown(best[1], normal[1])]


def compare(query, path, image, questions):
    chance = random.Random(837)

    def when_of():
        when = dated(image, chance)
        return when, tuple(OPEN_TO if day is None else day for day in when)

    asked = list(questions(image, when_of))
    done = subprocess.run([query, path], input="\n".join(q for q, _ in asked) + "\n", text=True,
                          capture_output=True, check=True)
    answers = done.stdout.splitlines()
    assert len(answers) == len(asked) > 0
    for (question, expected), answer in zip(asked, answers):
        wanted = " none" if expected is None else "\t".join(expected)
        assert answer == wanted, f"{question}: oracle {wanted!r}, store {answer!r}"
    return f"{len(asked)} questions"


def main():
    query, write_grown, starter = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder:
        grown = os.path.join(folder, "grown.image")
        subprocess.run([write_grown, grown], check=True)
        tests, failed = [], 0
        for name, path in (("starter", starter), ("grown", grown)):
            with open(path, "rb") as file:
                image = Image(file.read())
            image.reasons_fit()
            image.sheets_fit()
            tests += [(f"{name} {what.__name__}", path, image, what)
                      for what in (pair_questions, table_questions, dx_questions)]
        print(f"1..{len(tests)}")
        for number, (name, path, image, what) in enumerate(tests, 1):
            try:
                print(f"ok {number} - {name}, {compare(query, path, image, what)}")
            except AssertionError as problem:
                failed += 1
                print(f"not ok {number} - {name}\n# " + re.sub(r"\n", "\n# ", str(problem)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
