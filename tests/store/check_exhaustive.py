#!/usr/bin/env python3
"""check_exhaustive.py CLAIMVET EXHAUSTIVE_PAIRS QUERY_STORE: the official files imported by one
command; then every pair row, both directions, and every diagnosis of both years around the days
where its answer changes, against plain readings of the files. Speaks TAP."""
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

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


def main():
    cases = [('every pair row on its days, both directions', check_pairs,
              sorted((SHARED / 'ncci_ptp').glob('*v302r0*.zip')), 4),
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
