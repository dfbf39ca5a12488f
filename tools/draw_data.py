#!/usr/bin/env python3
"""Draws the starter tables from official files into data/*.tsv.

    tools/draw_data.py ../shared/data [OUTPUT]

Run by a maintainer when an edition changes, never by the build. The output holds facts only:
codes, indicators, figures, dates; no CPT descriptor is copied. Same input, same bytes. Beside the
folder of official files it reads domain/pain.md (labels of our own), bench/ and acceptance/ (which
codes they use), and the tables kept by hand in data/ (family, code_set), whose codes it takes in.
"""
import csv
import datetime
import hashlib
import io
import json
import re
import sys
import zipfile
import gzip
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import draw_places

NONE = '-'

# Code ranges drawn when they are in a fee schedule file, by family of service.
RANGES = """
99202-99205 99211-99215 99221-99223 99231-99239 99242-99245 99252-99255 99281-99285 99341-99350
99417 99418 99381-99387 99391-99397 99441-99443 98000-98016 99421-99423 99446-99454 99457 99458
99487 99489-99491 99495 99496
G0316-G0318 G2010 G2012 G2211 G2212 G2251 G2252 G3002 G3003
72020-72158 72170-72202 72240-72270 72275 72285 72295 73000-73140 73200-73223 73501-73725
76000 76881-76883 76942 76998 77001-77003 77011-77014 77021 62302-62305
99151-99157 00300 00400 00600-00670 01935-01942 01991 01992 01996 99100 99140
96360 96361 96365-96379 96401 96402 96521-96523 96416 96450 96542
80305-80307 G0480-G0483 G0659 81002 81003 81025 82570 83992 36415 36416
95860-95913 95937-95941 95999
97010-97164 97530 97535 97750 97810-97814 98925-98929 98940-98943
20526 20550-20553 20560 20561 20600-20612 20527 27093 27095 27096 27278-27280 G0260 G0276
22510-22515 62263-62370 62267 62270-62284 62287 62290-62294 62320-62331 62350-62370
61050 61055 61070 61781-61783
63650-63688 64400-64530 64553-64599 64600-64681 64999 95970-95984 95990 95991
0213T-0222T 0228T-0231T 0275T 0232T 0440T-0442T 0627T-0630T 0784T-0789T 0719T 0202T
90832-90837 90791 90792 96116 96127 96130-96139 96160 96161 99406-99409 G0396 G0397 96156-96159
99000 99070 99024 J3490 J3590 A4550 A4556 A4215 L0625-L0651 E0720 E0730 L8679-L8689 L8695
C1767 C1778 C1787 C1820 C1822 C1883 C1897 C2626 G0463 G2170 G2171 99080 99455 99456
20999 22899 27299 76499 76496 93000 93005 93010 71045 71046 36410 36000 90471 90472
"""

# Drugs of a pain practice: active, and those that ended, so that older dates can be read.
DRUGS = """
J0665 J0666 J0670 J2001 J2002 J2003 J2004 J2400 J2401 J2402 J2795 C9290
J0702 J1010 J1020 J1030 J1040 J1094 J1100 J2919 J2920 J2930 J3300 J3301 J3302 J3303 J3304 J1700
J1710 J1720
J1885 J1130 J0131 J0134 J0136 J0137 J2250 J2251 J3010 J2270 J2272 J2274 J2278 J1170 J1171 J2175
J2310 J2311 J0735 J0475 J0476 J0585 J0586 J0587 J0588 J0589 J1200 J2360 J2405 J2550 J3360 J3420
J3475 J7999 J2310 J2704 J3490 J3590 J0171 J0461 J2765 J1160 J3411 J3415
J7318 J7320 J7321 J7322 J7323 J7324 J7325 J7326 J7327 J7328 J7329 J7331 J7332
Q9951 Q9958 Q9959 Q9960 Q9961 Q9962 Q9963 Q9964 Q9965 Q9966 Q9967 A9575 A9576 A9577 A9578 A9579
A9585
"""
ANESTHETICS = 'J0665 J0666 J0670 J2001 J2002 J2003 J2004 J2400 J2401 J2402 J2795 C9290'.split()
CONTRAST = ('Q9951 Q9958 Q9959 Q9960 Q9961 Q9962 Q9963 Q9964 Q9965 Q9966 Q9967 '
            'A9575 A9576 A9577 A9578 A9579 A9585').split()
COMBINATION = ['J0702']

BYPASS_ANATOMIC = ('E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 '
                   'LT RT LC LD RC LM RI').split()
BYPASS_DISTINCT = '59 XE XP XS XU'.split()
BYPASS_EM = '24 25 57 27'.split()
BYPASS_GLOBAL = '58 78 79'.split()
BYPASS_LAB = ['91']
LEFT = 'LT E1 E2 FA F1 F2 F3 F4 TA T1 T2 T3 T4'.split()
RIGHT = 'RT E3 E4 F5 F6 F7 F8 F9 T5 T6 T7 T8 T9'.split()

FACILITY_POS = '02 19 21 22 23 24 26 31 34 41 42 51 52 53 56 61'.split()
NONFACILITY_POS = ('01 03 04 09 10 11 12 13 14 15 16 17 20 25 27 32 33 49 50 54 55 57 58 60 62 65 '
                   '71 72 81 99').split()
HOSPITAL_POS = '19 21 22 23'.split()
# 10 and 27 from the BFD code list. The start of 02 is recalled and stands in none of the files.
POS_FROM = {'02': '2017-01-01', '10': '2022-01-01', '27': '2023-10-01'}

# Families of diagnoses in which a position names the side.
SIDE_FAMILIES = ('M255 M17 M16 M706 M543 M544 G56 G57 G9051 G9052 M65 M75').split()

# Families of diagnoses whose last region character is one digit after the prefix.
REGION_FAMILIES = ('M430 M431 M432 M45 M460 M462 M463 M464 M465 M468 M469 M4701 M4702 M471 M472 '
                   'M4781 M4789 M480 M481 M482 M483 M484 M485 M488X M510 M511 M512 M513 M514 M518 '
                   'M532X M538 M540 M541').split()
REGION_DIGIT = {'1': 'ct', '2': 'ct', '3': 'ct', '4': 'ct', '5': 'both', '6': 'ls', '7': 'ls',
                '8': 'ls', '9': 'unspecified', '0': 'unspecified'}
REGION_WORDS = {'1': 'occipito', '2': 'cervical', '3': 'cervicothoracic', '4': 'thoracic',
                '5': 'thoracolumbar', '6': 'lumbar', '7': 'lumbosacral',
                '8': 'sacral'}
REGION_WHOLE = {'M50': 'ct', 'M51': 'unspecified', 'M51A': 'ls', 'M530': 'ct', 'M531': 'ct',
                'M533': 'ls', 'M542': 'ct', 'M543': 'ls', 'M544': 'ls', 'M545': 'ls',
                'M546': 'ct', 'M461': 'ls'}

class Source:
    """A folder of official files, and what was read from it."""

    def __init__(self, root):
        self.root = Path(root)

    def path(self, pattern):
        found = sorted(self.root.glob(pattern))
        if len(found) != 1:
            sys.exit(f'{self.root / pattern}: {len(found)} files, one is needed')
        return found[0]

    def sha(self, *patterns):
        paths = [self.path(p) for p in patterns]
        return (','.join(p.name for p in paths),
                ','.join(hashlib.sha256(p.read_bytes()).hexdigest() for p in paths))


def iso(text):
    return f'{text[0:4]}-{text[4:6]}-{text[6:8]}' if re.fullmatch(r'\d{8}', text) else NONE


def iso_julian(text):
    if not re.fullmatch(r'\d{7}', text or ''):
        return NONE
    day = datetime.date(int(text[:4]), 1, 1) + datetime.timedelta(int(text[4:]) - 1)
    return day.isoformat()


def code_range(first, last, known):
    """Codes between two of the same form that are known."""
    head, tail = (first[0], '') if first[0].isalpha() else ('', '')
    if first[-1].isalpha():
        tail = first[-1]
    shape = re.compile(f'^{head}\\d+{tail}$')
    return [c for c in known if shape.match(c) and first <= c <= last]


# ---- readers of official files ---------------------------------------------------------------

def read_mpfs(path):
    """(code, modifier) -> the fields of a row; columns by header name."""
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode('latin-1'))))
    top = next(i for i, r in enumerate(rows) if r and r[0] == 'HCPCS')
    names = [' '.join(rows[j][i].strip() for j in range(top - 4, top + 1) if rows[j][i].strip())
             for i in range(len(rows[top]))]

    def column(*tests):
        found = [i for i, n in enumerate(names) if all(re.search(t, n) for t in tests)]
        if not found:
            sys.exit(f'{path}: no column {tests}')
        return found[0]

    at = {
        'status': column(r'^STATUS CODE'), 'work': column(r'^WORK RVU'),
        'pe_nonfacility': column(r'^NON-FAC PE RVU'), 'na_nonfacility': column(r'^NON-FAC NA'),
        'pe_facility': column(r'^FACILITY PE RVU'), 'na_facility': column(r'^FACILITY NA'),
        'malpractice': column(r'^MP RVU'), 'total_nonfacility': column(r'^NON-FACILITY TOTAL'),
        'total_facility': column(r'^FACILITY TOTAL'), 'pctc': column(r'^PCTC'),
        'global': column(r'^GLOB'), 'pre': column(r'^PRE OP'), 'intra': column(r'^INTRA'),
        'post': column(r'^POST'), 'multiple': column(r'^MULT'), 'bilateral': column(r'^BILAT'),
        'assistant': column(r'^ASST'), 'cosurgeon': column(r'^CO-'), 'team': column(r'^TEAM'),
        'endo_base': column(r'^ENDO'), 'conversion': column(r'^CONV'),
    }
    table = {}
    for row in rows[top + 1:]:
        if row and re.fullmatch(r'[A-Z0-9]{5}', row[0]):
            table[row[0], row[1].strip()] = {k: row[i].strip() for k, i in at.items()}
    return table


def read_hcpcs_fixed(path):
    """code -> (short, long, from, to, action) of a HCPCS Level II file, modifiers too."""
    table, last = {}, None
    with gzip.open(path, 'rt', encoding='latin-1') as lines:
        for line in lines:
            code, record = line[:5].strip(), line[10:11]
            if record in '37':
                last = code
                table[code] = [line[91:119].strip(), line[11:91].strip(), iso(line[276:284]),
                               iso(line[284:292]), line[292:293]]
            elif last is not None and code == last:
                table[last][1] += ' ' + line[11:91].strip()
    return table


def read_hcpcs_csv(path):
    """code -> (short, long); the file is a fixed-width one that lost its columns."""
    table, last = {}, None
    for row in csv.reader(io.StringIO(path.read_bytes().decode('latin-1'))):
        match = re.fullmatch(r'([A-Z0-9]{2}|[A-Z]\d{4})(\d{5})(\d)', row[0])
        if not match:
            match = re.fullmatch(r'([A-Z0-9]{2}|[A-Z]\d{4})(\d{3,5})(\d)', row[0])
        if not match:
            continue
        code, record = match.group(1), match.group(3)
        if record in '37':
            table[code] = [row[2][:28].strip(), row[1].strip()]
            last = code
        elif code == last:
            table[code][1] += ' ' + row[1].strip()
    return table


def read_asp(path):
    """code -> (dosage, payment limit)."""
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode('latin-1'))))
    top = next(i for i, r in enumerate(rows) if r and r[0] == 'HCPCS Code')
    head = rows[top]
    code, dose, limit = (head.index(n) for n in ('HCPCS Code', 'HCPCS Code Dosage',
                                                 'Payment Limit'))
    return {r[code].strip(): (r[dose].strip(), r[limit].strip()) for r in rows[top + 1:]
            if r and re.fullmatch(r'[A-Z0-9]{5}', r[code].strip())}


def read_mue(path):
    table = {}
    for row in csv.reader(io.StringIO(path.read_bytes().decode('cp1252'))):
        if row and re.fullmatch(r'[A-Z0-9]{5}', row[0]) and row[1].isdigit():
            table[row[0]] = (int(row[1]), row[2].strip()[0])
    return table


def read_xlsx(path):
    """Rows of the first sheet as {column letter: text}."""
    space = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
    book = zipfile.ZipFile(path)
    shared = [''.join(t.text or '' for t in item.iter(space + 't'))
              for item in ElementTree.fromstring(book.read('xl/sharedStrings.xml'))]
    for row in ElementTree.fromstring(book.read('xl/worksheets/sheet1.xml')).iter(space + 'row'):
        cells = {}
        for cell in row.iter(space + 'c'):
            value = cell.find(space + 'v')
            text = value.text if value is not None else ''
            if cell.get('t') == 's' and text:
                text = shared[int(text)]
            cells[re.match('[A-Z]+', cell.get('r')).group()] = text or ''
        yield cells


def read_aoc(path):
    """(add-on, primary, type, from, to) with the earliest of the deletion dates."""
    rows = read_xlsx(path)
    wanted = ['AOC_Edit_Type', 'Add-On_Code', 'AOC_DelDT', 'Primary_Code', 'Primary_Code_DelDT',
              'AOC_Edit_EffDT', 'AOC_Edit_DelDT']
    column = None
    table = []
    for row in rows:
        if column is None:
            names = {v.strip(): k for k, v in row.items()}
            if all(n in names for n in wanted):
                column = [names[n] for n in wanted]
            continue
        kind, addon, gone, primary, primary_gone, start, end = (row.get(c, '').strip()
                                                                for c in column)
        if re.fullmatch(r'[A-Z0-9]{5}', addon) and start != end:
            ends = [d for d in map(iso_julian, (gone, primary_gone, end)) if d != NONE]
            table.append((addon, primary, kind, iso_julian(start), min(ends) if ends else NONE))
    return sorted(set(table), key=lambda r: (r[0], r[1] == 'CCCCC', r[1:]))


def read_ptp(lines):
    """(column 1, column 2, effective, deletion, indicator) of lines that are rows."""
    for line in lines:
        field = line.rstrip('\r\n').split('\t')
        if (len(field) > 5 and len(field[0]) == 5 and len(field[1]) == 5
                and re.fullmatch(r'\d{8}', field[3])):
            yield field[0], field[1], field[3], field[4], field[5]


def read_icd(path, member):
    """code -> (billable, long description) of an order file."""
    with zipfile.ZipFile(path).open(member) as file:
        text = file.read().decode('latin-1')
    return {line[6:13].strip(): (line[14] == '1', line[77:].strip())
            for line in text.splitlines() if line.strip()}


# ---- writing ---------------------------------------------------------------------------------

class Output:
    def __init__(self, root):
        self.root = Path(root)
        self.root.mkdir(parents=True, exist_ok=True)

    def table(self, name, about, header, rows):
        lines = [f'# {line}' for line in about.strip().splitlines()]
        lines.append('# Drawn by tools/draw_data.py; do not edit.')
        lines.append('\t'.join(header))
        for row in rows:
            cells = [str(c) for c in row]
            assert len(cells) == len(header) and not any('\t' in c or '\n' in c for c in cells), row
            lines.append('\t'.join(cells))
        (self.root / f'{name}.tsv').write_text('\n'.join(lines) + '\n', encoding='utf-8')


def read_tsv(path):
    lines = [l for l in path.read_text(encoding='utf-8').splitlines() if l and l[0] != '#']
    names = lines[0].split('\t')
    return [dict(zip(names, l.split('\t'))) for l in lines[1:]]


# ---- the code list ---------------------------------------------------------------------------

def family_map_codes(text):
    """code -> label of part B of pain.md, whose labels are our own."""
    part = text[text.index('# B. Code family map'):text.index('# C. Medicare')]
    return {m.group(1): m.group(2).strip()
            for m in re.finditer(r'^\|([A-Z0-9]\d{3}[0-9T])\|([^|]+)\|', part, re.M)}


def select_codes(source, known, hcpcs, hand):
    shared = source.root.parent
    labels = family_map_codes((shared / 'domain/pain.md').read_text(encoding='utf-8'))
    chosen = set(labels)
    for word in RANGES.split():
        first, _, last = word.partition('-')
        chosen |= set(code_range(first, last or first, known)) | ({first} if not last else set())
    chosen |= set(DRUGS.split())
    chosen |= set(re.findall(r"\('([A-Z]?\d{4,5}[A-Z]?)',\[",
                             (shared / 'bench/gen837.py').read_text()))
    cases = json.loads((shared / 'acceptance/cases.json').read_text())
    for case in cases['cases']:
        for line in case['claim']['lines'] + case['claim'].get('history', []):
            if 'code' in line:
                chosen.add(line['code'])
    for table in ('family', 'code_set'):
        chosen |= {r['code'] for r in read_tsv(hand / f'{table}.tsv')}
    ended = {'0228T', '0229T', '0230T', '0231T', '72275', '0275T'}
    chosen |= ended
    chosen = {c for c in chosen if c in known or c in hcpcs or c in ended}
    for code in chosen:
        if code not in labels and re.match(r'[A-CE-V]\d{4}$', code) and code in hcpcs:
            labels[code] = hcpcs[code][0].lower()
    return chosen, labels


# ---- tables ----------------------------------------------------------------------------------

MPFS_COLUMNS = ('code modifier release from to status pctc global multiple bilateral assistant '
                'cosurgeon team na_nonfacility na_facility work pe_nonfacility pe_facility '
                'malpractice total_nonfacility total_facility conversion pre intra post '
                'endo_base').split()


def mpfs_rows(codes, old, new):
    for code in codes:
        for modifier in ('', '26', 'TC', '53'):
            for release, table, start, end in (('RVU25D', old, NONE, '2025-12-31'),
                                               ('RVU26C', new, NONE, NONE)):
                fact = table.get((code, modifier))
                if fact is None:
                    continue
                if release == 'RVU26C' and (code, modifier) not in old:
                    start = '2026-01-01'
                value = {'code': code, 'modifier': modifier or NONE, 'release': release,
                         'from': start, 'to': end}
                yield [value.get(c) or fact.get(c) or NONE for c in MPFS_COLUMNS]


def ended_rows(codes, old, new, hcpcs):
    """Codes no longer valid: the last day where a file proves it, else the release without them."""
    replaced = {'J1020': 'J1010', 'J1030': 'J1010', 'J1040': 'J1010', 'J2001': 'J2003',
                'C9290': 'J0666', '0275T': '62330'}
    stated = {'72275': ('2021-12-31', 'pain.md B9'), '0275T': ('2025-12-31', 'pain.md B8')}
    for code in codes:
        last, evidence, release = NONE, '', ''
        if code in hcpcs and hcpcs[code][3] != NONE:
            last, release = hcpcs[code][3], 'HCPC2024_OCT'
            evidence = 'termination date in the file'
        elif (code, '') in new or (code, '26') in new:
            continue
        elif code in stated:
            last, release = stated[code][0], 'RVU26C'
            evidence = f'absent; last day by {stated[code][1]}'
        elif (code, '') in old:
            last, release = NONE, 'RVU26C'
            evidence = 'in RVU25D, absent here'
        elif not re.match(r'[A-V]', code):
            last, release = NONE, 'RVU26C'
            evidence = 'absent here and in RVU25D'
            if (code, '') not in old:
                release = 'RVU25D'
                evidence = 'absent here and in RVU26C'
        else:
            continue
        yield [code, last, replaced.get(code, NONE), release, evidence]


def unit_of(text):
    """Size of a billing unit in thousandths, and its measure."""
    match = re.search(r'(\d*\.?\d+) ?(MG|MCG|UNITS?|IU|ML|GM|G|EACH|DOSE)\b', text.upper())
    if not match:
        return None
    size, measure = match.group(1), match.group(2)
    whole, _, part = size.partition('.')
    if len(part) > 3:
        return None
    thousandths = int(whole or 0) * 1000 + int((part + '000')[:3])
    measure = {'UNITS': 'UNIT', 'GM': 'G'}.get(measure, measure)
    return (thousandths * 1000, 'MG') if measure == 'G' else (thousandths, measure)


def unit_of_long(text):
    """The last size in a HCPCS text is the billing unit; contrast is billed by the millilitre."""
    if re.search(r'PER ML', text.upper()):
        return 1000, 'ML'
    found = re.findall(r'(?:PER |UP TO )?\d*\.?\d+ ?(?:MG|MCG|UNITS?|IU|ML|GM|G)\b', text.upper())
    if re.search(r'PER DOSE', text.upper()):
        return 1000, 'DOSE'
    return unit_of(found[-1]) if found else unit_of('1 UNIT') if re.search(
        r'\b1 UNIT|PER UNIT', text.upper()) else None


def drug_rows(codes, asp, hcpcs25, hcpcs24):
    for code in codes:
        if not re.match(r'[JQA]\d{4}|C9\d{3}', code) or code in ('J3490', 'J3590', 'J7999'):
            continue
        drug = code in DRUGS.split() or code in asp
        if not drug:
            continue
        start, end = NONE, NONE
        old = hcpcs24.get(code)
        if old:
            end = old[3]
        payable = NONE
        if code in asp:
            release, unit = 'ASP26Q1', unit_of(asp[code][0])
            payable = 'yes' if re.fullmatch(r'[\d.]+', asp[code][1]) else 'no'
        elif end != NONE:
            release, unit, payable = 'HCPC2024_OCT', unit_of_long(old[1]), 'no'
        elif code in hcpcs25:
            release, unit, payable = 'HCPC2025_OCT', unit_of_long(hcpcs25[code][1]), 'no'
        else:
            continue
        if code in COMBINATION:
            unit = (1000, 'UNIT')
        if unit is None:
            continue
        whole, part = divmod(unit[0], 1000)
        size = f'{whole}.{part:03d}'.rstrip('0').rstrip('.')
        yield [code, release, start, end, size, unit[1],
               'yes' if code in ANESTHETICS else 'no', 'yes' if code in CONTRAST else 'no', payable,
               'yes' if code in COMBINATION else 'no']


def modifier_rows(source, hcpcs24, hcpcs25):
    known = {}
    for name, column in (('modifiers', 'mod_code'), ('mod_addition', 'modifier')):
        path = source.path(f'modifiers/northstar_2024/{name}.csv')
        for row in csv.DictReader(io.StringIO(path.read_text(encoding='utf-8', errors='replace'))):
            known.setdefault(row[column], ('northstar_2024', NONE, NONE))
    for code in hcpcs25:
        if len(code) == 2:
            known.setdefault(code, ('HCPC2025_OCT', NONE, NONE))
    for code, row in hcpcs24.items():
        if len(code) == 2:
            known[code] = ('HCPC2024_OCT', NONE, row[3])
    for row in csv.DictReader(io.StringIO(
            source.path('hcpcs/HCPC2026_OCT_ANWEB.subset.csv').read_text(encoding='latin-1'))):
        code = row['HCPC'].strip()
        if len(code) == 2 and code not in known:
            known[code] = ('HCPC2026_OCT', iso(row['ADD DT']), iso(row['TERM DT']))
    for first in 'DEGHIJNPRS':
        for second in 'DEGHIJNPRSX':
            known.setdefault(first + second, ('own', NONE, NONE))
    for code in BYPASS_ANATOMIC + BYPASS_DISTINCT + BYPASS_EM + BYPASS_GLOBAL + BYPASS_LAB:
        known.setdefault(code, ('own', NONE, NONE))
    groups = (('anatomic', BYPASS_ANATOMIC), ('distinct', BYPASS_DISTINCT), ('em_only', BYPASS_EM),
              ('global', BYPASS_GLOBAL), ('lab_only', BYPASS_LAB))
    for code in sorted(known):
        if len(code) != 2:
            continue
        flags = [name for name, group in groups if code in group]
        flags = (['bypass'] if flags else []) + flags
        flags += ['left'] if code in LEFT else ['right'] if code in RIGHT else []
        yield [code, *known[code], ','.join(flags) or NONE]


def pos_rows(source):
    for row in csv.DictReader(io.StringIO(
            source.path('pos/northstar_2024/pos_codes.csv').read_text(encoding='utf-8'))):
        code, kind = row['pos_code'], row['pos_type']
        if kind == 'Unassigned' and code not in FACILITY_POS + NONFACILITY_POS:
            continue
        facility = code in FACILITY_POS or (code not in NONFACILITY_POS and kind == 'Facility')
        yield [code, 'CMS-POS', POS_FROM.get(code, NONE), NONE, 'yes' if facility else 'no',
               'yes' if code in HOSPITAL_POS else 'no']


def ptp_rows(source, codes):
    rows = []
    for part in '1234':
        path = source.path(f'ncci_ptp/*f{part}.zip')
        book = zipfile.ZipFile(path)
        with book.open(book.namelist()[0]) as file:
            for one, two, _, gone, indicator in read_ptp(io.TextIOWrapper(file, 'latin-1')):
                if one in codes and two in codes:
                    rows.append((one, two, iso(gone), NONE, 'v30.2', indicator))
    text = source.path('ncci_ptp/*subset.txt').read_text(encoding='latin-1')
    for one, two, start, gone, indicator in read_ptp(text.splitlines()):
        if one in codes and two in codes:
            rows.append((one, two, iso(gone), iso(start), 'v32.2', indicator))
    for one, two, end, start, release, indicator in sorted(
            set(rows), key=lambda r: (r[0], r[1], r[2].replace(NONE, '~'), r[3], r[4], r[5])):
        yield one, two, release, start, end, indicator


def icd_rows(old, new):
    flag = {None: NONE, True: 'b', False: 'h'}
    for code in sorted(set(old) | set(new)):
        yield code, flag[old.get(code, [None])[0]], flag[new.get(code, [None])[0]]


def side_rows(icd):
    def side(code):
        text = icd[code][1].lower()
        for word, letter in (('bilateral', 'B'), ('right', 'R'), ('left', 'L')):
            if re.search(rf'\b{word}\b', text):
                return letter
        return None
    sided = {c for c in icd if icd[c][0] and c.startswith(tuple(SIDE_FAMILIES)) and side(c)}
    parents = {c[:-1] for c in sided}
    for code in sorted(icd):
        if not icd[code][0] or not code.startswith(tuple(SIDE_FAMILIES)):
            continue
        if code in sided:
            yield code, side(code)
        elif code[:-1] in parents and 'unspecified' in icd[code][1].lower() and code[-1] in '09':
            yield code, 'U'


def region_rows(icd):
    rows = dict(REGION_WHOLE)
    for prefix in REGION_FAMILIES:
        for digit, region in REGION_DIGIT.items():
            code = prefix + digit
            if code not in icd:
                continue
            text = icd[code][1].lower()
            if digit in '09' and re.search(r'cervical|thoracic|lumbar|sacral', text):
                sys.exit(f'{code}: the region is named in its text')
            if digit in REGION_WORDS and REGION_WORDS[digit] not in text:
                print(f'note: {code} left out, its text does not name the region', file=sys.stderr)
                continue
            rows[code] = region
    return sorted(rows.items())


def releases(source):
    ptp = [f'ncci_ptp/*f{n}.zip' for n in '1234']
    known = [
        ('ncci_ptp', 'v30.2', '2024-07-01', '2024-09-30', 'no', ptp,
         'starts are placeholders in this copy, left open'),
        ('ncci_ptp', 'v32.2', '2026-07-01', '2026-09-30', 'yes', ['ncci_ptp/*subset.txt'],
         'a few rows with true dates'),
        ('mue', '2026Q2', '2026-04-01', '2026-06-30', 'no', ['mue/*.csv'], 'practitioner'),
        ('aoc', 'V2026Q2', '2026-04-01', '2026-06-30', 'no', ['aoc/*.xlsx'],
         'a deletion date is the last active day'),
        ('mpfs', 'RVU25D', '2025-10-01', '2025-12-31', 'no', ['mpfs/rvu25d/PPRRVU2025_Oct.csv'],
         'rows end with the calendar year'),
        ('mpfs', 'RVU26C', '2026-07-01', '2026-09-30', 'no', ['mpfs/rvu26c/PPRRVU*nonQPP.csv'],
         'rows absent from RVU25D start with the calendar year'),
        ('icd10cm', 'FY2025', '2024-10-01', '2025-09-30', 'no', ['icd10cm/cms_2025_dx.zip'], ''),
        ('icd10cm', 'FY2026', '2025-10-01', '2026-09-30', 'no', ['icd10cm/cms_2026_dx.zip'], ''),
        ('icd10cm', 'FY2027-changes', '2026-10-01', '2027-09-30', 'yes', [],
         'changes of October 2026 named in the domain notes'),
        ('code_ended', 'HCPC2024_OCT', '2024-10-01', '2024-12-31', 'yes',
         ['hcpcs/HCPC2024*.gz'], 'termination dates'),
        ('code_ended', 'RVU25D', '2025-10-01', '2025-12-31', 'yes',
         ['mpfs/rvu25d/PPRRVU2025_Oct.csv'], 'absence from a full edition'),
        ('code_ended', 'RVU26C', '2026-07-01', '2026-09-30', 'yes',
         ['mpfs/rvu26c/PPRRVU*nonQPP.csv'], 'absence from a full edition'),
        ('pos', 'CMS-POS', NONE, NONE, 'no', ['pos/northstar_2024/pos_codes.csv'],
         'facility flag by the payment rules; the start of 02 is recalled'),
        ('modifier', 'northstar_2024', NONE, NONE, 'no',
         ['modifiers/northstar_2024/modifiers.csv', 'modifiers/northstar_2024/mod_addition.csv'],
         'codes only'),
        ('modifier', 'HCPC2024_OCT', NONE, NONE, 'no', ['hcpcs/HCPC2024*.gz'], ''),
        ('modifier', 'HCPC2025_OCT', NONE, NONE, 'no', ['hcpcs/HCPC2025*.csv'], ''),
        ('modifier', 'HCPC2026_OCT', NONE, NONE, 'yes', ['hcpcs/HCPC2026*.csv'], 'an excerpt'),
        ('modifier', 'own', NONE, NONE, 'no', [], 'pairs of ambulance origin and destination'),
        ('drug_unit', 'ASP26Q1', '2026-01-01', '2026-03-31', 'no', ['asp/*Payment Limit File*'],
         'unit size, payable'),
        ('drug_unit', 'HCPC2024_OCT', '2024-10-01', '2024-12-31', 'yes', ['hcpcs/HCPC2024*.gz'],
         'drugs that ended'),
        ('drug_unit', 'HCPC2025_OCT', '2025-10-01', '2025-12-31', 'yes', ['hcpcs/HCPC2025*.csv'],
         'drugs without a payment limit'),
        ('dx_region', 'FY2026', NONE, NONE, 'no', ['icd10cm/cms_2026_dx.zip'], 'region digit'),
        ('dx_side', 'FY2026', NONE, NONE, 'no', ['icd10cm/cms_2026_dx.zip'], 'families listed'),
        ('excludes1', 'FY2027', '2026-10-01', '2027-09-30', 'yes', [],
         'pairs of pain practice named in the domain notes'),
        ('gpci', 'GPCI2025', '2025-01-01', '2025-12-31', 'no', ['mpfs/rvu25d/GPCI2025.csv'], ''),
        ('gpci', 'GPCI2026', '2026-01-01', '2026-12-31', 'no', ['mpfs/rvu26c/GPCI2026.csv'], ''),
        ('zip_locality', 'ZIP2025Q4', '2025-10-01', '2025-12-31', 'no',
         ['mpfs/zip5/ZIP5_OCT2025.txt'], 'until another quarter is there'),
        ('anesthesia', 'ANES2025', '2025-01-01', '2025-12-31', 'no',
         ['mpfs/rvu25d/ANES2025.csv'], ''),
        ('asp', 'ASP26Q1', '2026-01-01', '2026-03-31', 'no', ['asp/*Payment Limit File*'], ''),
        ('payment_rule', 'own-1', NONE, NONE, 'yes', [], 'kept by hand'),
        ('family', 'own-1', NONE, NONE, 'yes', [], 'kept by hand'),
        ('code_set', 'own-1', NONE, NONE, 'yes', [], 'kept by hand'),
        ('payer', 'own-1', NONE, NONE, 'yes', [], 'kept by hand'),
    ]
    for table, name, start, end, partial, patterns, note in known:
        files, sha = source.sha(*patterns) if patterns else (NONE, NONE)
        yield table, name, start, end, partial, files, sha, note or NONE


# What each drawn table is, and its columns.
TABLES = {
    'codes': ("""
Procedure codes of the starter store, with labels of our own: CPT descriptors are not shipped.
Labels of HCPCS Level II codes are the public short descriptions. {outside} codes are here only
because an add-on code of the list names them as its primary.""", 'code label'),
    'mpfs': ("""
Medicare Physician Fee Schedule: indicators and relative values.""", ' '.join(MPFS_COLUMNS)),
    'mue': ("""
Medically unlikely edits, practitioner services. The file has no dates.""",
            'code release from to units mai'),
    'addon': ("""
Add-on codes and the primaries they accept; CCCCC: defined by the contractor.
The end is the earliest of the deletion dates of row, add-on and primary. Rows deleted on the day
they were to take effect are left out.""",
              'addon primary release from to type'),
    'ptp': ("""
NCCI procedure-to-procedure pairs among the codes, practitioner: column 1 is paid, not column 2.
Indicator 0 never, 1 with a modifier, 9 a row without effect. The end is the last active day.""",
            'column1 column2 release from to indicator'),
    'icd10': ("""
ICD-10-CM codes by edition: b billable, h header, - absent. A column is a release of the table
icd10cm and holds until the next one starts; the newest has no end.""", 'code FY2025 FY2026'),
    'dx_side': ("""
Side named by a diagnosis, in the families where a position means side:
L left, R right, B both, U unspecified.""", 'prefix release from to side'),
    'dx_region': ("""
Spinal region named by a diagnosis; the longest prefix wins.
ct C1-T12, ls L1-S5, both T12-L1 (either is right), unspecified.""",
                  'prefix release from to region'),
    'code_ended': ("""
Codes no longer valid: the last valid day, or - when only a release without them is known.""",
                   'code last replacement release evidence'),
    'drug_unit': ("""
Size of a billing unit of a drug, and what kind of drug it is.
payable: has a Part B payment limit; combination: a dose cannot be compared.""",
                  'code release from to size unit anesthetic contrast payable combination'),
    'gpci': ("""
Geographic practice cost indices by contractor and locality, of a calendar year.""",
             'carrier locality release state name work practice_expense malpractice'),
    'zip_locality': ("""
ZIP codes to contractors and localities. rural: R rural, B super rural; plus_four 1: the ZIP is
split, its nine digits decide.""", 'zip state carrier locality rural plus_four'),
    'anesthesia': ("""
Anesthesia conversion factors by contractor and locality, dollars a unit, of a calendar year.""",
                   'carrier locality name conversion national'),
    'asp': ("""
Part B payment limits of the drugs among the codes: dollars a billing unit, percent the patient
pays.""", 'code dosage limit coinsurance_percent note'),
    'modifiers': ("""
Modifiers (codes only) and what they can do.""", 'modifier release from to flags'),
    'pos': ("""
Places of service; facility: the facility rate is paid.""",
            'pos release from to facility hospital'),
    'releases': ("""
Editions in the store. through: last day the edition is the newest for. effective -: known at any
time. partial: an extract, absence of a row proves nothing.""",
                 'table release effective through partial source sha256 note'),
}


def with_primaries(chosen, aoc):
    """The codes and all primaries of add-on codes among them, which may be add-on codes too."""
    codes, before = set(chosen), 0
    while len(codes) != before:
        before = len(codes)
        codes |= {r[1] for r in aoc if r[0] in codes and r[1] != 'CCCCC'}
    return sorted(codes)


def write_tables(out, outside, tables):
    for name, rows in tables.items():
        about, columns = TABLES[name]
        out.table(name, about.format(outside=outside), columns.split(), rows)


def draw_procedures(source, hand, out):
    new = read_mpfs(source.path('mpfs/rvu26c/PPRRVU*nonQPP.csv'))
    old = read_mpfs(source.path('mpfs/rvu25d/PPRRVU2025_Oct.csv'))
    hcpcs24 = read_hcpcs_fixed(source.path('hcpcs/HCPC2024*.gz'))
    hcpcs25 = read_hcpcs_csv(source.path('hcpcs/HCPC2025*.csv'))
    asp = read_asp(source.path('asp/*Payment Limit File*'))
    mue = read_mue(source.path('mue/*.csv'))
    aoc = read_aoc(source.path('aoc/*.xlsx'))
    hcpcs = {**hcpcs24, **hcpcs25}
    known = sorted({c for c, _ in new} | {c for c, _ in old} | {c for c in hcpcs if len(c) == 5})
    chosen, labels = select_codes(source, known, hcpcs, hand)
    codes = with_primaries(chosen, aoc)
    addons = [r for r in aoc if r[0] in set(codes)]
    write_tables(out, len(codes) - len(chosen), {
        'codes': [(c, labels.get(c, NONE)) for c in codes],
        'mpfs': mpfs_rows(codes, old, new),
        'mue': [(c, '2026Q2', NONE, NONE, *mue[c]) for c in codes if c in mue],
        'addon': [(a, p, 'V2026Q2', f, t, k) for a, p, k, f, t in addons],
        'ptp': ptp_rows(source, set(codes)),
        'code_ended': ended_rows(codes, old, new, hcpcs24),
        'drug_unit': drug_rows(codes, asp, hcpcs25, hcpcs24),
        'modifiers': modifier_rows(source, hcpcs24, hcpcs25),
    })


def draw_payment(source, out):
    write_tables(out, 0, draw_places.tables(source, read_tsv(out.root / 'codes.tsv')))


def draw_diagnoses(source, out):
    icd25 = read_icd(source.path('icd10cm/cms_2025_dx.zip'), 'icd10cm_order_2025.txt')
    icd26 = read_icd(source.path('icd10cm/cms_2026_dx.zip'), 'icd10cm_order_2026.txt')
    write_tables(out, 0, {
        'icd10': icd_rows(icd25, icd26),
        'dx_side': [(c, 'FY2026', NONE, NONE, s) for c, s in side_rows(icd26)],
        'dx_region': [(p, 'FY2026', NONE, NONE, r) for p, r in region_rows(icd26)],
    })


# Tables in the order of the store image.
TABLE_ORDER = ('ncci_ptp mue aoc mpfs icd10cm code_ended pos modifier drug_unit family payer '
               'dx_region dx_side excludes1 code_set gpci zip_locality anesthesia asp '
               'payment_rule').split()
# Tables whose rows do not name their release: by columns, or because there is one only.
UNNAMED = ('icd10cm', 'zip_locality', 'anesthesia', 'asp', 'payment_rule')


def release_order(row):
    table, name, effective = row[:3]
    return TABLE_ORDER.index(table), effective if effective != NONE else '', name


def used_releases(source, out, hand):
    """The releases that some table names, as the image orders them; one without rows would only
    mislead."""
    files = {'ncci_ptp': 'ptp', 'aoc': 'addon', 'modifier': 'modifiers', 'payer': 'payers'}
    for row in sorted(releases(source), key=release_order):
        table, name = row[:2]
        folder = out.root if (out.root / f'{files.get(table, table)}.tsv').exists() else hand
        if table in UNNAMED or any(
                r.get('release') == name
                for r in read_tsv(folder / f'{files.get(table, table)}.tsv')):
            yield row


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    hand = Path(__file__).resolve().parent.parent / 'data'
    source = Source(sys.argv[1])
    out = Output(sys.argv[2] if len(sys.argv) == 3 else hand)
    draw_procedures(source, hand, out)
    draw_diagnoses(source, out)
    draw_payment(source, out)
    write_tables(out, 0, {'pos': pos_rows(source), 'releases': used_releases(source, out, hand)})


if __name__ == '__main__':
    main()
