#!/usr/bin/env python3
"""check_exhaustive.py CLAIMVET EXHAUSTIVE_PAIRS QUERY_STORE: the official files imported by one
command; then every pair row, both directions, every add-on row and every diagnosis of both years
around the days where its answer changes, against plain readings of the files. Speaks TAP."""
import datetime
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

CLAIMVET, PAIRS, QUERY = sys.argv[1:4]
SHARED = Path(os.environ['SHARED']) / 'data'
YEARS = {'FY2025': ('2024-10-01', '2025-09-30'), 'FY2026': ('2025-10-01', '2026-09-30')}
PAIR_ROWS = 2_546_017


def check_pairs(folder, zips):
    """The whole edition by one command, then the comparer over the texts."""
    store = folder / 'pairs.store'
    done = subprocess.run([CLAIMVET, 'import', *zips, '-o', store], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        return f'import: {done.stderr[-300:]}'
    texts = []
    for path in zips:
        with zipfile.ZipFile(path) as archive:
            texts += [archive.extract(name, folder) for name in archive.namelist()
                      if name.lower().endswith('.txt')]
    done = subprocess.run([PAIRS, store, *texts], capture_output=True, text=True, check=False)
    said = done.stdout.strip()
    print(f'# {said}')
    if done.returncode != 0 or not said.startswith(f'{PAIR_ROWS} rows, {8 * PAIR_ROWS} questions'):
        return said + done.stderr
    return None


def order_file(path):
    """Code and billable flag of every row of an order file in a zip."""
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if re.search(r'order[^/]*\d{4}\.txt$', n)
                    and 'addenda' not in n.lower())
        for line in archive.read(name).decode('latin-1').splitlines():
            yield line[6:13].strip(), line[14] == '1'


def check_diagnoses(folder, zips):
    store = folder / 'diagnoses.store'
    done = subprocess.run([CLAIMVET, 'import', *zips, '-o', store], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        return f'import: {done.stderr[-300:]}'
    years = {name: dict(order_file(path)) for name, path in zip(YEARS, zips)}
    questions, right = [], []
    for code in sorted(set().union(*years.values())):
        for name, days in YEARS.items():
            flag = years[name].get(code)
            for day in days:
                questions.append(f'dx\t{code}\t{day}\t-')
                right.append(None if flag is None else ('b' if flag else 'h') + '\t' + name)
    done = subprocess.run([QUERY, store], input='\n'.join(questions) + '\n', text=True,
                          capture_output=True, check=True)
    said = done.stdout.split('\n')[:-1]
    wrong = [f'{q!r}: {s!r}, not {r!r}' for q, s, r in zip(questions, said, right)
             if (s != ' none') if r is None or not s.startswith(r)]
    wrong += [f'{q!r}: nothing' for q, s, r in zip(questions, said, right)
              if r is not None and s == ' none']
    print(f'# {len(questions)} questions, {len(wrong)} wrong')
    return wrong[0] if wrong else None if len(said) == len(questions) > 390_000 else 'too few'


def add_on_rows(path):
    """Add-on, primary, first and last active day of every row of the workbook."""
    space = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
    with zipfile.ZipFile(path) as book:
        texts = [''.join(t.text or '' for t in item.iter(space + 't'))
                 for item in ElementTree.fromstring(book.read('xl/sharedStrings.xml'))]
        sheet = ElementTree.fromstring(book.read('xl/worksheets/sheet1.xml'))
    for row in sheet.iter(space + 'row'):
        cells = [''] * 8
        for cell in row.iter(space + 'c'):
            if cell.findtext(space + 'v') is not None:
                cells[ord(cell.get('r')[0]) - ord('A')] = texts[int(cell.findtext(space + 'v'))]
        if cells[0] in ('1', '2', '3'):
            _, addon, addon_end, primary, primary_end, start, end, _ = cells
            last = min((julian(e) for e in (addon_end, primary_end, end) if e),
                       default=datetime.date.max)
            if start != end:
                yield addon, primary, julian(start), last


def julian(text):
    return datetime.date(int(text[:4]), 1, 1) + datetime.timedelta(int(text[4:]) - 1)


def check_add_ons(folder, files):
    store = folder / 'add_ons.store'
    done = subprocess.run([CLAIMVET, 'import', *files, '-o', store], capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        return f'import: {done.stderr[-300:]}'
    windows = {}
    for addon, primary, first, last in add_on_rows(files[0]):
        windows.setdefault((addon, primary), []).append((first, last))
    questions, right = [], []
    one = datetime.timedelta(1)
    for (addon, primary), spans in windows.items():
        for first, last in spans:
            days = [first - one, first]
            days += [last, last + one] if last < datetime.date.max else [datetime.date(2038, 1, 1)]
            for day in days:
                questions.append(f'addon\t{addon}\t{primary}\t{day}\t-')
                right.append(any(a <= day <= b for a, b in spans))
    done = subprocess.run([QUERY, store], input='\n'.join(questions) + '\n', text=True,
                          capture_output=True, check=True)
    said = done.stdout.split('\n')[:-1]
    wrong = [f'{q!r}: {s!r}' for q, s, r in zip(questions, said, right) if (s != ' none') != r]
    print(f'# {len(questions)} questions, {sum(right)} in force, {len(wrong)} wrong')
    return wrong[0] if wrong else None if len(said) == len(questions) > 25_000 else 'too few'


def main():
    cases = [('every pair row on its days, both directions', check_pairs,
              sorted((SHARED / 'ncci_ptp').glob('*v302r0*.zip')), 4),
             ('every add-on row on its days', check_add_ons,
              sorted((SHARED / 'aoc').glob('AOC_V2026Q2-MCR.xlsx')), 1),
             ('every diagnosis on the days of its years', check_diagnoses,
              sorted((SHARED / 'icd10cm').glob('cms_202[56]_dx.zip')), 2)]
    print(f'1..{len(cases)}')
    failed = False
    for number, (name, check, files, needed) in enumerate(cases, 1):
        if len(files) != needed:
            print(f'ok {number} - {name} # SKIP the official files are not there')
            continue
        with tempfile.TemporaryDirectory() as folder:
            wrong = check(Path(folder), files)
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        if wrong:
            failed = True
            print(f'# {wrong}')
    sys.exit(failed)


if __name__ == '__main__':
    main()
