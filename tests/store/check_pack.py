#!/usr/bin/env python3
"""check_pack.py STORE_PACK: tables with one wrong row are refused with file, line and column, and
the same tables always give the same bytes. Speaks TAP."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACK = sys.argv[1]
DATA = Path(os.environ['SOURCE_ROOT']) / 'data'

# table, what is replaced (first match in a row), by what, what is said after file and line
CASES = [
    ('mue', r'^64635\t', 'ZZZZZ\t', 'code: codes.tsv has no such code'),
    ('mue', r'^(64635\t.*\t)1\t2$', r'\g<1>one\t2', 'units: not a number'),
    ('mue', r'^(64635\t.*\t)1\t2$', r'\g<1>1\t4', 'mai: not one of the letters'),
    ('mue', r'^(64635\t.*\t1)\t2$', r'\1', 'row: has not as many cells'),
    ('mue', r'^64635\t2026Q2', '64635\t2031Q2', 'release: releases.tsv has no such release'),
    ('mue', r'^64635\t', '64634\t', 'row: the same row stands'),
    ('mue', r'^64635\t', '64490\t', 'code: rows must be ordered by code'),
    ('icd10', r'^M47816\t', 'M47815\t', 'code: codes must be ascending and differ'),
    ('mpfs', r'^(64493\t-\tRVU26C.*)\t5\.70\t', r'\1\t5.705\t', 'total_nonfacility: not a number'),
    ('mpfs', r'^(64493\t-\tRVU26C)\t-', r'\1\t2026-02-30', 'from: not a date'),
    ('mpfs', r'^64493\t-\t', '64493\t27\t', 'modifier: not one of the words'),
    ('codes', r'^64493\t', '64492\t', 'code: codes of at most five characters in ascending'),
    ('ptp', r'^62323\t64483\t', '62323\t62322\t', 'column1: rows must be ordered'),
    ('ptp', r'^(62323\t64483\t.*)\t1$', r'\1\t2', 'indicator: not one of the letters'),
    ('addon', r'^77003\t64510\t', '77003\t61050\t', 'addon: rows must be ordered'),
    ('icd10', r'^M47816\tb\tb$', 'M47816\tb\tx', 'row: b, h or - is needed'),
    ('icd10', r'^M47816\tb\tb$', '47816\tb\tb', 'code: not the form of a diagnosis'),
    ('dx_region', r'^M47816\t', 'M47811\t', 'prefix: prefixes must be ascending'),
    ('dx_side', r'\tR$', '\tX', 'side: not one of the letters'),
    ('modifiers', r'\tbypass,', '\tbypas,', 'flags: not a flag'),
    ('pos', r'^11\t', '1A\t', 'pos: two characters are needed'),
    ('payers', r'\tcms_50\t', '\tcms50\t', 'bilateral: not one of the words'),
    ('payer_ids', r'\taetna\t', '\tnobody\t', 'profile: payers.tsv has no such profile'),
    ('payer_ids', r'^id\t60054', 'id\t99999', 'key: keys must be ascending'),
    ('family', r'\tls\tincluded\t', '\tlumbar\tincluded\t', 'region: not one of the words'),
    ('drug_unit', r'^(J3301\t.*)\t10\tMG', r'\1\t0\tMG', 'size: a unit has a size'),
    ('releases', r'^mue\t', 'mues\t', 'table: not one of the words'),
    ('excludes1', r'^M511\t', 'M51-1\t', 'left: not a code'),
    ('gpci', r'^07302\t00\tGPCI2026', '07302\t00\tGPCI2024', 'release: releases.tsv has no such'),
    ('gpci', r'^07302\t00\tGPCI2026', '07302\t00\tGPCI2025', 'carrier: rows must be ordered'),
    ('gpci', r'^(07302\t00\tGPCI2026\t.*)\t1\.000\t', r'\1\t1.0005\t', 'work: not a number'),
    ('zip_locality', r'^39201\t', '39001\t', 'zip: rows must be ordered'),
    ('zip_locality', r'^(39201\t.*)\t0$', r'\1\t00', 'plus_four: one character is needed'),
    ('anesthesia', r'^10112\t00\t', '10112\t-\t', 'locality: a key is needed'),
    ('asp', r'^(J3301\t.*)\t0\.741\t', r'\1\t0.7411\t', 'limit: not a number'),
    ('payment_rules', r'^BILATERAL\t', 'BI-LATERAL\t', 'rule: one to sixteen letters'),
    ('payment_rules', r'^(SEQUESTRATION\t2020-05-01\t)2022', r'\g<1>2019', 'to: the window ends'),
]


def pack(folder, image):
    done = subprocess.run([PACK, str(folder), str(image)], text=True, capture_output=True,
                          check=False)
    return done.returncode, done.stderr


def refused(folder, case):
    """What went wrong with the case; None when the packer said the right thing."""
    table, pattern, new, expected = case
    path = folder / f'{table}.tsv'
    lines = path.read_text(encoding='utf-8').split('\n')
    at = next((i for i, line in enumerate(lines)
               if not line.startswith('#') and re.search(pattern, line)), None)
    if at is None:
        return f'no row matches {pattern!r}'
    changed = lines[:at] + [re.sub(pattern, new, lines[at], count=1)] + lines[at + 1:]
    path.write_text('\n'.join(changed), encoding='utf-8')
    status, said = pack(folder, folder / 'image')
    path.write_text('\n'.join(lines), encoding='utf-8')
    if status != 3 or not any(f'{table}.tsv:{n}: {expected}' in said for n in (at + 1, at + 2)):
        return f'exit status {status}: {said!r}'
    return None


def main():
    print(f'1..{len(CASES) + 2}')
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / 'data'
        shutil.copytree(DATA, folder)
        results = [(f'{c[0]} {c[3]}', refused(folder, c)) for c in CASES]
        images = [folder / 'one', folder / 'two']
        said = [pack(folder, image) for image in images]
        same = said == [(0, ''), (0, '')] and images[0].read_bytes() == images[1].read_bytes()
        results.append(('the same tables give the same bytes', None if same else str(said)))
        (folder / 'mue.tsv').unlink()
        status, text = pack(folder, folder / 'image')
        results.append(('a missing table is named',
                        None if status == 3 and 'mue.tsv' in text else text))
    for number, (name, wrong) in enumerate(results, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        if wrong:
            failed = True
            print(f'# {wrong}')
    sys.exit(failed)


main()
