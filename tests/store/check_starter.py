#!/usr/bin/env python3
"""check_starter.py QUERY_STORE DUMP_SHEET IMAGE: the image against data/*.tsv, and the tables (or
the sheets of the image) against the files they were drawn from (skipped by name where those are
not present). Speaks TAP.

The choice of a row is written here a second time, slowly, from the contract in store.h; the readers
of the official files are written a second time, too, and share nothing with tools/draw_data.py.
"""
import csv
import datetime
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(os.environ['SOURCE_ROOT'])
SHARED = Path(os.environ.get('SHARED', ROOT / '..' / 'shared')) / 'data'
QUERY = sys.argv[1]
DUMP, IMAGE_FILE = sys.argv[2:4]
DAYS = ['2016-12-31', '2024-03-31', '2024-04-01', '2024-09-30', '2024-10-01', '2025-09-30',
        '2025-10-01', '2025-12-31', '2026-01-01', '2026-08-10', '2026-09-30', '2026-10-01', '-']
KNOWN = ['-', '2026-06-30', '2025-10-15']


def read_table(name):
    text = (ROOT / 'data' / f'{name}.tsv').read_text(encoding='utf-8')
    lines = [line for line in text.split('\n') if line and not line.startswith('#')]
    names = lines[0].split('\t')
    return [dict(zip(names, line.split('\t'))) for line in lines[1:]]


TABLES = {name: read_table(name) for name in
          'addon anesthesia asp code_ended code_set codes drug_unit dx_region dx_side excludes1 '
          'family gpci icd10 icd10_changes modifiers mpfs mue payer_ids payers payment_rules pos '
          'ptp releases zip_locality'.split()}
EFFECTIVE = {(r['table'], r['release']): r['effective'] for r in TABLES['releases']}


# ---- the contract of store.h ---------------------------------------------------------------

def choose(table, rows, on, as_of):
    """The row with the earliest end on or after the day; then newest release; then latest start."""
    if not rows:
        return None
    best, best_key = None, None
    for row in rows:
        effective = EFFECTIVE[table, row['release']]
        known = row.get('known_from', effective)
        if as_of != '-' and known != '-' and known > as_of:
            continue
        if 'known_to' in row and (as_of == '-' or as_of > row['known_to']):
            continue
        start = '' if row['from'] == '-' else row['from']
        end = '~' if row['to'] == '-' else row['to']
        if (on == '-' and end != '~') or (on != '-' and (start > on or end < on)):
            continue
        newest = effective if effective != '-' else ''
        key = (end, [-ord(c) for c in newest.ljust(10, ' ')], [-ord(c) for c in start.ljust(10)])
        if best is None or key < best_key:
            best, best_key = row, key
    return best


def proof(row):
    return f"{row['release']}\t{row['from']}\t{row['to']}"


def grouped(rows, *columns):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[c] for c in columns), []).append(row)
    return groups


class Questions:
    """Questions with the answers that are right; asked all at once."""

    def __init__(self):
        self.lines, self.answers = [], []

    def add(self, words, answer):
        self.lines.append('\t'.join(words))
        self.answers.append(answer)

    def ask(self):
        done = subprocess.run([QUERY], input='\n'.join(self.lines) + '\n', text=True,
                              capture_output=True, check=True)
        said = done.stdout.split('\n')[:-1]
        assert len(said) == len(self.lines), f'{len(said)} answers to {len(self.lines)} questions'
        return [f'{q!r}: {s!r}, not {a!r}' for q, s, a in zip(self.lines, said, self.answers)
                if (s if not s.endswith(' none') else None) != a]


def dated(table, verb, groups, answer, keys=None):
    """Every group of rows on every day, with every state of knowledge."""
    questions = Questions()
    for key in keys if keys is not None else groups:
        for on in DAYS:
            for as_of in KNOWN:
                row = choose(table, groups.get(key), on, as_of)
                questions.add([verb, *key, on, as_of], None if row is None else answer(row))
    return questions.ask()


def scaled(text, decimals):
    whole, _, part = text.partition('.')
    return int(whole + part.ljust(decimals, '0')[:decimals])


# ---- image against tables ------------------------------------------------------------------

def check_codes():
    questions = Questions()
    for row in TABLES['codes']:
        questions.add(['label', row['code']], f"{row['code']}\t{row['label']}")
    for code in ('ZZZZZ', '6449', '-', '644933'):
        questions.add(['label', code], None)
    return questions.ask()


def mpfs_answer(row):
    letters = ''.join(row[c] for c in ('status', 'pctc', 'global', 'multiple', 'bilateral',
                                       'assistant', 'cosurgeon', 'team'))
    values = [scaled(row[c], 2) for c in ('work', 'pe_nonfacility', 'pe_facility', 'malpractice',
                                          'total_nonfacility', 'total_facility')]
    values += [scaled(row['conversion'], 4)]
    values += [scaled(row[c], 2) for c in ('pre', 'intra', 'post')]
    return '\t'.join([letters, row['na_nonfacility'], row['na_facility'], *map(str, values),
                      row['endo_base'], proof(row)])


def check_mpfs():
    groups = grouped(TABLES['mpfs'], 'code', 'modifier')
    keys = [(r['code'], m) for r in TABLES['codes'] for m in ('-', '26', 'TC')]
    return dated('mpfs', 'mpfs', groups, mpfs_answer, keys)


def check_mue():
    groups = grouped(TABLES['mue'], 'code')
    return dated('mue', 'mue', groups, lambda r: f"{r['units']}\t{r['mai']}\t{proof(r)}",
                 [(r['code'],) for r in TABLES['codes']])


def pair_answer(row):
    return f"{row['indicator']}\t{proof(row)}"


def check_pairs():
    rows = grouped(TABLES['ptp'], 'column1', 'column2')
    active = grouped([r for r in TABLES['ptp'] if r['indicator'] != '9'], 'column1', 'column2')
    questions = Questions()
    codes = [r['code'] for r in TABLES['codes']]
    chance = random.Random(64483)
    keys = set(rows) | {(b, a) for a, b in rows}
    keys |= {(chance.choice(codes), chance.choice(codes)) for _ in range(30000)}
    for key in sorted(keys):
        on = chance.choice(DAYS)
        for day, as_of in (('2026-08-10', '-'), (on, chance.choice(KNOWN))):
            row = choose('ncci_ptp', active.get(key), day, as_of)
            questions.add(['pair', *key, day, as_of], row and pair_answer(row))
        found = rows.get(key, [])
        questions.add(['pair_rows', *key],
                      '\t'.join([str(len(found)), *map(pair_answer, found)]))
    return questions.ask()


def check_addons():
    def answer(row):
        return f"{row['primary']}\t{row['type']}\t{proof(row)}"
    groups = grouped(TABLES['addon'], 'addon', 'primary')
    wrong = dated('aoc', 'addon', groups, answer)
    questions = Questions()
    lists = grouped(TABLES['addon'], 'addon')
    for code in [r['code'] for r in TABLES['codes']]:
        for on in DAYS:
            primaries = grouped(lists.get((code,), []), 'primary')
            found = [choose('aoc', rows, on, '-') for rows in primaries.values()]
            answers = [answer(r) for r in found if r]
            questions.add(['addons', code, on, '-'], '\t'.join(answers) or None)
    wrong += questions.ask()
    questions = Questions()
    for (addon,) in lists:
        questions.add(['addon', addon, '99213', '2026-08-10', '-'],
                      next((answer(r) for r in groups.get((addon, '99213'), [])
                            if r['to'] == '-'), None))
    return wrong + questions.ask()


def check_ended():
    questions = Questions()
    groups = grouped(TABLES['code_ended'], 'code')
    for code in [r['code'] for r in TABLES['codes']]:
        for on in DAYS:
            for as_of in KNOWN:
                answer = None
                for row in groups.get((code,), []):
                    effective = EFFECTIVE['code_ended', row['release']]
                    ended = on > row['last'] if row['last'] != '-' else on >= effective
                    if on != '-' and ended and (as_of == '-' or effective <= as_of):
                        answer = f"{row['replacement']}\t{row['last']}\t{row['release']}"
                questions.add(['ended', code, on, as_of], answer)
    return questions.ask()


def check_drugs():
    def answer(row):
        flags = ''.join('1' if row[c] == 'yes' else '0'
                        for c in ('anesthetic', 'contrast', 'payable', 'combination'))
        return f"{scaled(row['size'], 3)}\t{row['unit']}\t{flags}\t{proof(row)}"
    return dated('drug_unit', 'drug', grouped(TABLES['drug_unit'], 'code'), answer,
                 [(r['code'],) for r in TABLES['codes']])


def check_families():
    regions = 'none ct ls both unspecified any'.split()
    imaging = 'none included separate is'.split()
    flags = 'procedure addon_level paired evaluation laboratory sedation'.split()
    groups = grouped(TABLES['family'], 'code')
    questions = Questions()
    for code in [r['code'] for r in TABLES['codes']]:
        row = groups.get((code,), [None])[0]
        questions.add(['family', code], row and '\t'.join(
            [row['family'], str(regions.index(row['region'])), str(imaging.index(row['imaging'])),
             ''.join('1' if row[f] == 'yes' else '0' for f in flags), row['primary'], proof(row)]))
    wrong = questions.ask()
    sided = {r['code'] for r in TABLES['mpfs'] if r['modifier'] == '-' and r['bilateral'] == '1'}
    wrong += [f"{r['code']} is paired without bilateral indicator 1" for r in TABLES['family']
              if r['paired'] == 'yes' and r['code'] not in sided]
    addons = {(r['addon'], r['primary']) for r in TABLES['addon']}
    judged = {a for a, _ in addons}
    wrong += [f"{r['code']} has primary {r['primary']}, not in the add-on table"
              for r in TABLES['family'] if r['primary'] != '-' and r['code'] in judged
              and (r['code'], r['primary']) not in addons]
    return wrong


def check_sets():
    questions = Questions()
    for (name,), rows in grouped(TABLES['code_set'], 'set').items():
        questions.add(['set', name], '\t'.join(sorted(r['code'] for r in rows)))
    return questions.ask()


def day_before(day):
    return (datetime.date.fromisoformat(day) - datetime.timedelta(1)).isoformat()


def dx_groups():
    """The next edition that speaks of a code ends the one before - for those who know it."""
    changes = {}
    for row in TABLES['icd10_changes']:
        changes.setdefault(row['code'], []).append(row)
    groups = {}
    for row in TABLES['icd10']:
        found = []
        for edition, after in (('FY2025', 'FY2026'),
                               ('FY2026', row['code'] in changes and 'FY2027-changes')):
            if row[edition] == '-':
                continue
            said = {'release': edition, 'from': EFFECTIVE['icd10cm', edition], 'to': '-',
                    'flag': row[edition]}
            if after:
                begins = EFFECTIVE['icd10cm', after]
                found.append(dict(said, to=day_before(begins), known_from=begins))
                said['known_to'] = day_before(begins)
            found.append(said)
        groups[row['code'],] = found
    for code, rows in changes.items():
        groups.setdefault((code,), []).extend(rows)
    return groups


def check_dx():
    groups = dx_groups()
    questions = Questions()
    chance = random.Random(10)
    for key, rows in groups.items():
        for on, as_of in (('2026-08-10', '-'), (chance.choice(DAYS), chance.choice(KNOWN))):
            row = choose('icd10cm', rows, on, as_of)
            questions.add(['dx', *key, on, as_of], row and f"{row['flag']}\t{proof(row)}")
        absent = key[0][:-1] + chance.choice('0123456789AXZ')
        if (absent,) not in groups:
            questions.add(['dx', absent, '2026-08-10', '-'], None)
    return questions.ask() + dated('icd10cm', 'dx', groups, lambda r: f"{r['flag']}\t{proof(r)}",
                                   [(r['code'],) for r in TABLES['icd10_changes']])


def check_prefixes():
    """The longest prefix, for every diagnosis there is."""
    regions = 'none ct ls both unspecified any'.split()
    tables = ({r['prefix']: str(regions.index(r['region'])) for r in TABLES['dx_region']},
              {r['prefix']: r['side'] for r in TABLES['dx_side']})
    questions = Questions()
    for row in TABLES['icd10']:
        for verb, table in zip(('region', 'side'), tables):
            code = row['code']
            found = [table[code[:n]] for n in range(len(code), 0, -1) if code[:n] in table]
            questions.add([verb, code, '2026-08-10', '-'], found[0] if found else None)
    return questions.ask()


def check_excludes():
    rows = TABLES['excludes1']
    chance = random.Random(1)
    sides = [r['left'] for r in rows] + [r['right'] for r in rows]
    some = [r['code'] for r in TABLES['icd10'] if r['code'].startswith(tuple(sides))]
    some = chance.sample(some, 400) + [r['code'] for r in TABLES['icd10'] if r['code'][:2] == 'M5']
    questions, wrong = Questions(), []
    expected = []
    for _ in range(60000):
        a, b = chance.choice(some), chance.choice(some)
        hits = [f"{r['left']}/{r['right']}" for r in rows
                if (a.startswith(r['left']) and b.startswith(r['right']))
                or (b.startswith(r['left']) and a.startswith(r['right']))]
        questions.add(['excludes', a, b, '2026-08-10', '-'], None)
        expected.append(hits)
    done = subprocess.run([QUERY], input='\n'.join(questions.lines) + '\n', text=True,
                          capture_output=True, check=True).stdout.split('\n')
    for line, said, hits in zip(questions.lines, done, expected):
        answer = None if said.endswith('none') else said.split('\t')[1]
        if (answer is None) != (not hits) or (hits and answer not in hits):
            wrong.append(f'{line!r}: {said!r}, not one of {hits}')
    return wrong if any(expected) else ['no pair was hit']


def check_small():
    bits = {n: 2 << i for i, n in enumerate(
        'bypass anatomic distinct em_only global lab_only left right'.split())}
    wrong = dated('modifier', 'modifier', grouped(TABLES['modifiers'], 'modifier'), lambda r: (
        f"{1 + sum(bits[f] for f in r['flags'].split(',') if f != '-')}\t{proof(r)}"))
    wrong += dated('pos', 'pos', grouped(TABLES['pos'], 'pos'), lambda r: (
        f"{int(r['facility'] == 'yes')}{int(r['hospital'] == 'yes')}\t{proof(r)}"),
        [(f'{n:02d}',) for n in range(100)])
    questions = Questions()
    conventions = 'unknown cms_50 ama_twice rt_lt'.split()
    for row in TABLES['payers']:
        flags = ''.join(str(int(row[c] == 'yes')) for c in ('medicare', 'ncci'))
        questions.add(['payer', row['profile']], '\t'.join(
            [flags, str(conventions.index(row['bilateral'])), row['timely_days'],
             str(int(row['trial'] == 'yes'))]))
    for row in TABLES['payer_ids']:
        words = [row['key'], '-'] if row['kind'] == 'id' else ['-', row['key']]
        questions.add(['payer_of', *words], row['profile'])
    questions.add(['payer_of', 'NOBODY', 'ZZ'], None)
    columns = 'table release effective through partial source sha256 note'.split()
    questions.add(['releases'], '\t'.join(r[c] for r in TABLES['releases'] for c in columns))
    return wrong + questions.ask()


# ---- sheets --------------------------------------------------------------------------------

YEAR25, YEAR26 = ('2025-01-01', '2025-12-31'), ('2026-01-01', '2026-12-31')
# Table, its file in data/, release -> its window (None: the rows have their own) and their number.
SHEETS = {
    'gpci': ('gpci', {'GPCI2025': (YEAR25, 109), 'GPCI2026': (YEAR26, 109)}),
    'zip_locality': ('zip_locality', {'ZIP2025Q4': (('2025-10-01', None), 42956)}),
    'anesthesia': ('anesthesia', {'ANES2025': (YEAR25, 109)}),
    'asp': ('asp', {'ASP26Q1': (('2026-01-01', None), 74)}),
    'payment_rule': ('payment_rules', {'own-1': (None, 33)}),
}
DECIMALS = {'work': 3, 'practice_expense': 3, 'malpractice': 3, 'conversion': 2, 'national': 4,
            'limit': 3, 'coinsurance_percent': 3, 'value': 4}


def dump(table, *day):
    done = subprocess.run([DUMP, IMAGE_FILE, table, *day], text=True, capture_output=True,
                          check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def sheet_rows(table):
    """The rows of data/ as the sheet should have them."""
    name, releases = SHEETS[table]
    for row in TABLES[name]:
        release = row.get('release') or next(iter(releases))
        window = releases[release][0]
        start, end = window or ((row['from'], row['to']))
        cells = [None if c in DECIMALS and v == '-' else scaled(v, DECIMALS[c]) if c in DECIMALS
                 else '' if v == '-' else v
                 for c, v in row.items() if c not in ('release', 'from', 'to')]
        yield cells + [release, *(None if day == '-' else day for day in (start, end))]


def check_sheets():
    wrong = []
    for table, (_, releases) in SHEETS.items():
        rows, found = list(sheet_rows(table)), dump(table)
        wrong += [f'{table}: {a}, not {b}' for a, b in zip(found, rows) if a != b]
        for release, (_, count) in releases.items():
            there = sum(row[-3] == release for row in found)
            wrong += [f'{table}: {there} rows of {release}'] if there != count else []
        wrong += [f'{table}: {len(found)} rows'] if len(found) != len(rows) else []
    return wrong


def check_sheet_days():
    """Rows that hold: an edition's on the days of its window only."""
    wrong = []
    for table, day, count in (
            ('gpci', '2024-12-31', 0), ('gpci', '2025-01-01', 109), ('gpci', '2026-12-31', 109),
            ('gpci', '2027-01-01', 0), ('zip_locality', '2025-09-30', 0),
            ('zip_locality', '2025-10-01', 42956), ('zip_locality', '2030-01-01', 42956),
            ('anesthesia', '2025-12-31', 109), ('anesthesia', '2026-01-01', 0),
            ('asp', '2025-12-31', 0), ('asp', '2026-01-01', 74), ('asp', '2026-04-01', 74)):
        there = len(dump(table, day))
        wrong += [f'{table}: {there} rows on {day}, not {count}'] if there != count else []
    return wrong


def check_places():
    """Every place of a ZIP has its indices in both years, and its factor for anesthesia."""
    zips = {(r['carrier'], r['locality']) for r in TABLES['zip_locality']}
    wrong = [] if len(zips) == 109 else [f'{len(zips)} places of ZIP codes']
    known = {r: {(p['carrier'], p['locality']) for p in TABLES['gpci'] if p['release'] == r}
             for r in ('GPCI2025', 'GPCI2026')}
    known['ANES2025'] = {(p['carrier'], p['locality']) for p in TABLES['anesthesia']}
    return wrong + [f'{place} is not in {release}' for release, places in known.items()
                    for place in zips ^ places]


def check_payment_rules():
    """Every rule names a source there is; its windows follow one another without gap or overlap."""
    sources = {line.split('\t')[0] for line in
               (ROOT / 'rules/sources.tsv').read_text(encoding='utf-8').splitlines()[1:]}
    wrong = []
    for (rule,), rows in grouped(TABLES['payment_rules'], 'rule').items():
        wrong += [] if re.fullmatch('[A-Z0-9]{1,16}', rule) else [f'{rule}: not a name']
        for row in rows:
            wrong += [] if row['source'] in sources else [f"{rule}: no source {row['source']}"]
            wrong += [] if row['status'] in ('stable', 'trial') else [f'{rule}: status']
            wrong += [] if row['unit'] in ('percent', 'dollars', 'minutes', 'units') else [
                f'{rule}: unit']
        wrong += [f'{rule}: window {b["from"]}' for a, b in zip(rows, rows[1:])
                  if a['to'] == '-' or day_before(b['from']) != a['to']]
    return wrong


# ---- tables against the official files -----------------------------------------------------

CODES = {r['code'] for r in TABLES['codes']}


def differences(name, table, source):
    return ([f'{name}: {k} is {table.get(k)} here and {source[k]} in the file'
             for k in source if table.get(k) != source[k]]
            + [f'{name}: {k} is not in the file' for k in table if k not in source])


def source_mpfs():
    wrong = []
    for release, name, qpp in (('RVU26C', 'mpfs/rvu26c/PPRRVU2026_Jul_nonQPP.csv', 1),
                               ('RVU25D', 'mpfs/rvu25d/PPRRVU2025_Oct.csv', 0)):
        source = {}
        for f in csv.reader(open(SHARED / name, encoding='latin-1')):
            if re.fullmatch('[0-9A-Z]{5}', f[0]) and f[0] in CODES:
                source[f[0], f[1].strip() or '-'] = [x.strip() or '-' for x in (
                    f[3], f[13], f[14], *f[18:23], f[7], f[9], f[5], f[6], f[8], f[10], f[11],
                    f[12], f[24 + qpp], f[15], f[16], f[17], f[23 + qpp])]
        columns = ('status pctc global multiple bilateral assistant cosurgeon team na_nonfacility '
                   'na_facility work pe_nonfacility pe_facility malpractice total_nonfacility '
                   'total_facility conversion pre intra post endo_base').split()
        table = {(r['code'], r['modifier']): [r[c] for c in columns] for r in TABLES['mpfs']
                 if r['release'] == release}
        wrong += differences(release, table, source)
    return wrong


def source_mue():
    text = next((SHARED / 'mue').glob('*.csv')).read_text(encoding='cp1252')
    source = {m[1]: (m[2], m[3]) for m in re.finditer(r'^([0-9A-Z]{5}),(\d+),(\d)', text, re.M)
              if m[1] in CODES}
    return differences('MUE', {r['code']: (r['units'], r['mai']) for r in TABLES['mue']}, source)


def dashed(digits):
    return '-' if digits in ('*', '') else f'{digits[:4]}-{digits[4:6]}-{digits[6:]}'


def source_ptp():
    source = []
    for path in sorted((SHARED / 'ncci_ptp').glob('*.zip')):
        with zipfile.ZipFile(path) as book:
            text = book.read(book.namelist()[0]).decode('latin-1')
        for m in re.finditer(r'^(\w{5})\t(\w{5})\t[^\t]*\t\d{8}\t([\d*]+)\s*\t(\d)', text, re.M):
            if m[1] in CODES and m[2] in CODES:
                source.append((m[1], m[2], dashed(m[3]), m[4]))
    table = [(r['column1'], r['column2'], r['to'], r['indicator']) for r in TABLES['ptp']
             if r['release'] == 'v30.2']
    wrong = [] if len(source) > 50000 else [f'only {len(source)} pairs were found']
    return wrong + [f'{row} stands on one side only' for row in set(source) ^ set(table)]


def source_icd():
    wrong = []
    for year in ('2025', '2026'):
        book = zipfile.ZipFile(SHARED / f'icd10cm/cms_{year}_dx.zip')
        with book.open(f'icd10cm_order_{year}.txt') as lines:
            source = {l[6:14].decode().strip(): 'hb'[int(chr(l[14]))] for l in lines if l.strip()}
        table = {r['code']: r[f'FY{year}'] for r in TABLES['icd10'] if r[f'FY{year}'] != '-'}
        wrong += differences(f'FY{year}', table, source)
    billable = sum(r['FY2026'] == 'b' for r in TABLES['icd10'])
    return wrong + ([] if billable == 74719 else [f'{billable} billable codes in FY2026'])


def source_asp():
    source = {}
    for f in csv.reader(io.StringIO(next((SHARED / 'asp').glob('*Payment Limit*')).read_text(
            encoding='latin-1'))):
        size = re.fullmatch(r'([\d.]+) (MG|MCG|ML|UNITS?)', f[2].strip()) if len(f) > 3 else None
        if size and f[0] in CODES and f[0] != 'J0702':
            source[f[0]] = (scaled(size[1], 3), size[2].rstrip('S'))
    table = {r['code']: (scaled(r['size'], 3), r['unit']) for r in TABLES['drug_unit']}
    return [f'{c}: {table[c]} here, {source[c]} in the file' for c in source
            if c in table and table[c] != source[c]] + ([] if source else ['nothing was read'])


def source_addons():
    book = zipfile.ZipFile(next((SHARED / 'aoc').glob('*.xlsx')))
    strings = [re.sub('<[^>]+>', '', s) for s in re.findall(
        r'<si>(.*?)</si>', book.read('xl/sharedStrings.xml').decode('utf-8'), re.S)]
    source = set()
    for row in re.findall(r'<row .*?</row>', book.read('xl/worksheets/sheet1.xml').decode(), re.S):
        cells = {}
        for column, attributes, value in re.findall(
                r'<c r="([A-H])\d+"([^>]*)>(?:<v>([^<]*)</v>)?', row):
            cells[column] = strings[int(value)] if 't="s"' in attributes and value else value
        if cells.get('B') in CODES and cells.get('F') != cells.get('G'):
            source.add((cells['B'], cells.get('D'), cells.get('A')))
    table = {(r['addon'], r['primary'], r['type']) for r in TABLES['addon']}
    wrong = [] if len(source) > 500 else [f'only {len(source)} rows were found']
    return wrong + [f'{row} stands on one side only' for row in source ^ table]


def sheet_differences(table, rows, release, window):
    """Rows of a file, cells as the sheet has them, against those of the image."""
    source = sorted(rows)
    image = sorted(row for row in dump(table) if row[-3] == release)
    rows = [[*row, release, *window] for row in source]
    return ([f'{table}: {len(image)} rows, {len(rows)} in the file'] if len(image) != len(rows)
            else [f'{table}: {a}, {b} in the file' for a, b in zip(image, rows) if a != b])


def milli(text):
    return int(round(float(text) * 1000))


def source_gpci():
    wrong = []
    for name, release, window in (('rvu25d/GPCI2025.csv', 'GPCI2025', YEAR25),
                                  ('rvu26c/GPCI2026.csv', 'GPCI2026', YEAR26)):
        text = (SHARED / 'mpfs' / name).read_text(encoding='cp1252')
        rows = re.findall(r'^(\d{5}) ?,([A-Z]{2}) ?,(\d\d) ?,(?:"([^"]*)"|([^,]*)),'
                          r'([\d.]+) ?,([\d.]+) ?,([\d.]+)', text, re.M)
        source = [[r[0], r[2], r[1], re.sub(r'[* ]+$', '', r[3] or r[4]).strip(),
                   *map(milli, r[5:])] for r in rows]
        wrong += [] if len(source) == 109 else [f'{len(source)} localities in {name}']
        wrong += sheet_differences('gpci', source, release, window)
    return wrong


def source_zip():
    text = (SHARED / 'mpfs/zip5/ZIP5_OCT2025.txt').read_text(encoding='ascii')
    rows = re.findall(r'^(..)(\d{5})(\d{5})(\d\d)(.)...  ([01]).{54}20254$', text, re.M)
    wrong = [] if len(rows) == 42956 == len(set(r[1] for r in rows)) else [f'{len(rows)} ZIPs']
    return wrong + sheet_differences(
        'zip_locality', [[z, s, c, l, rural.strip(), four] for s, z, c, l, rural, four in rows],
        'ZIP2025Q4', ('2025-10-01', None))


def source_anesthesia():
    lines = (SHARED / 'mpfs/rvu25d/ANES2025.csv').read_text(encoding='cp1252').splitlines()
    national = re.search(r'National Anes CF of ([\d.]+)', lines[0])[1].replace('.', '')
    source = []
    for line in lines[1:]:
        found = re.match(r'(\d{5}) *,(\d\d) *,(?:"([^"]*)"|([^,]*)),([\d.]+)', line)
        if found:
            name = re.sub(r'[* ]+$', '', found[3] or found[4]).strip()
            source.append([found[1], found[2], name, milli(found[5]) // 10, int(national)])
    return sheet_differences('anesthesia', source, 'ANES2025', YEAR25)


def source_limits():
    text = next((SHARED / 'asp').glob('*Payment Limit*')).read_text(encoding='latin-1')
    source = [[r[0], r[2].strip(), milli(r[3]), milli(r[4]), r[10].strip()]
              for r in csv.reader(io.StringIO(text)) if len(r) > 10 and r[0] in CODES]
    return sheet_differences('asp', source, 'ASP26Q1', ('2026-01-01', None))


def source_hashes():
    """The hash of every release of a sheet is that of its file."""
    wrong = []
    for row in TABLES['releases']:
        if row['table'] in SHEETS and row['source'] != '-':
            paths = list(SHARED.rglob(row['source']))
            sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
            wrong += [] if sums == [row['sha256']] else [f"{row['source']}: {sums}"]
    return wrong


IMAGE = [check_codes, check_mpfs, check_mue, check_pairs, check_addons, check_ended, check_drugs,
         check_families, check_sets, check_dx, check_prefixes, check_excludes, check_small,
         check_sheets, check_sheet_days, check_places, check_payment_rules]
SOURCE = [source_mpfs, source_mue, source_ptp, source_icd, source_asp, source_addons, source_gpci,
          source_zip, source_anesthesia, source_limits, source_hashes]


def main():
    print(f'1..{len(IMAGE) + len(SOURCE)}')
    failed = False
    for number, check in enumerate(IMAGE + SOURCE, 1):
        if check in SOURCE and not SHARED.is_dir():
            print(f'ok {number} - {check.__name__} # SKIP shared not present')
            continue
        wrong = check()
        failed = failed or bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {check.__name__}", flush=True)
        for line in wrong[:5]:
            print(f'# {line[:300]}')
    sys.exit(failed)


main()
