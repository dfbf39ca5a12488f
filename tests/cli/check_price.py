#!/usr/bin/env python3
"""Amounts against CMS's own tables, read and computed here a second time with exact fractions: the
check of a published amount file, `claimvet price` for services by chance, and what `audit` says.

    check_price.py CLAIMVET
"""
import csv
import fractions
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

CLAIMVET = os.path.abspath(sys.argv[1])
SHARED = pathlib.Path(os.environ['SHARED'])
MPFS = SHARED / 'mpfs' if (SHARED / 'mpfs').exists() else SHARED / 'data/mpfs'
ROOT = pathlib.Path(os.environ['SOURCE_ROOT'])
PAID = 'ART'


def cents(amount):
    """Half up."""
    return int(amount * 100 + fractions.Fraction(1, 2))


def starter_codes():
    lines = (ROOT / 'data/codes.tsv').read_text(encoding='utf-8').splitlines()
    return {line.split('\t')[0] for line in lines if not line.startswith('#')} - {'code'}


def fee_rows():
    """(code, modifier) -> work, office and facility practice expense, malpractice, factor, of the
    starter's codes that are paid."""
    text = (MPFS / 'rvu26c/PPRRVU2026_Jul_nonQPP.csv').read_text(encoding='latin-1')
    rows, known = {}, starter_codes()
    for cells in csv.reader(text.splitlines()):
        if len(cells) > 25 and cells[0] in known and cells[3] in PAID:
            numbers = [fractions.Fraction(cells[n]) for n in (5, 6, 8, 10, 25)]
            if sum(numbers[:4]) > 0:
                rows[cells[0], cells[1].strip()] = numbers
    return rows


def places():
    """(contractor, locality) -> the three indices."""
    text = (MPFS / 'rvu26c/GPCI2026.csv').read_text(encoding='latin-1')
    return {(cells[0].strip(), cells[2].strip().zfill(2)):
            [fractions.Fraction(cells[n]) for n in (4, 5, 6)]
            for cells in csv.reader(text.splitlines())
            if len(cells) > 6 and cells[0].strip().isdigit()}


def fee(row, place, facility):
    work, office, inside, malpractice, factor = row
    expense = inside if facility else office
    return cents((work * place[0] + expense * place[1] + malpractice * place[2]) * factor)


def run(*words, **more):
    return subprocess.run([CLAIMVET, *words], capture_output=True, text=True, check=False,
                          timeout=300, **more)


def published(rows, everywhere, changed):
    """A file as published; `changed` rows are a cent off."""
    lines = []
    for n, ((code, modifier), row) in enumerate(sorted(rows.items())):
        for m, ((carrier, locality), place) in enumerate(sorted(everywhere.items())):
            off = (n, m) in changed
            office, inside = (fee(row, place, setting) for setting in (False, True))
            lines.append(f'"2026","{carrier}","{locality}","{code}","{modifier:2}",'
                         f'"{(office + off) / 100:010.2f}","{inside / 100:010.2f}"," ","1","A",'
                         '"4","0000000.00","0000000.00","9","0000000.00","0000000.00"')
    return '\n'.join(lines + ['"TRLNOTHING HERE IS OF THE AMA"', ''])


def check_published():
    rows, everywhere = fee_rows(), places()
    changed = {(3, 5), (700, 100)}
    with tempfile.TemporaryDirectory() as folder:
        store, path = f'{folder}/s.store', pathlib.Path(folder) / 'PFALL26A.txt'
        for off in (set(), changed):
            path.write_text(published(rows, everywhere, off), encoding='ascii')
            if os.path.exists(store):
                os.remove(store)
            done = run('import', str(path), '-o', store)
            assert done.returncode == 0, done.stderr
            done = run('price', '--check', '--store', store, '-f', 'json')
            assert done.returncode == (1 if off else 0), (done.stdout[:500], done.stderr)
            amounts = 2 * len(rows) * len(everywhere)
            assert f'{amounts} published amounts compared, {len(off)} differ' in done.stderr, \
                done.stderr
            told = [json.loads(line) for line in done.stdout.splitlines()]
            assert len(told) == len(off), told
            for row in told:
                ours, theirs = (round(float(row[key]) * 100) for key in ('ours', 'published'))
                assert theirs - ours == 1 and row['setting'] == 'nonfacility', row
    done = run('price', '--check')
    assert done.returncode == 2 and 'no published amounts' in done.stderr, done.stderr


def check_services():
    """Single services by chance, in localities and settings by chance."""
    rows, everywhere = fee_rows(), places()
    chance = random.Random(59)
    for _ in range(150):
        code, modifier = chance.choice(sorted(rows))
        place = chance.choice(sorted(everywhere))
        pos, facility = chance.choice([('11', False), ('24', True), ('12', False)])
        word = code + ('-' + modifier if modifier else '')
        done = run('price', word, '--locality', '/'.join(place), '--pos', pos, '-f', 'json',
                   '--on', '2026-08-10')
        answer = json.loads(done.stdout)
        want = fee(rows[code, modifier], everywhere[place], facility)
        assert round(float(answer['allowed']) * 100) == want, (word, place, pos, done.stdout)
        assert answer['locality'] == '/'.join(place), answer


def part(percent, amount):
    """`percent` of an amount in cents, half up."""
    return int(fractions.Fraction(amount * percent, 100) + fractions.Fraction(1, 2))


def amounts_of(*services):
    done = run('price', *services, '--national', '--pos', '11', '-f', 'json', '--on', '2026-08-10')
    return [round(float(line['allowed']) * 100) for line in json.loads(done.stdout)['lines']]


def check_components():
    """Of several images the lower professional part pays 95 % and the lower technical part half; of
    several therapy services the practice expense of all units but one of the highest pays half."""
    rows, one = fee_rows(), [fractions.Fraction(1)] * 3
    images, therapies = ['72141', '72148', '72195'], ['97110', '97140', '97112']
    fees = {(code, modifier): fee(rows[code, modifier], one, False)
            for code in images for modifier in ('', '26', 'TC')}
    first = {modifier: max(images, key=lambda code, m=modifier: fees[code, m])
             for modifier in ('26', 'TC')}
    want = []
    for code in images:
        amount = fees[code, '']
        for modifier, percent in (('26', 95), ('TC', 50)):
            if code != first[modifier]:
                amount -= fees[code, modifier] - part(percent, fees[code, modifier])
        want.append(amount)
    assert amounts_of(*images) == want, (amounts_of(*images), want)
    lower = min(images[:2], key=lambda code: fees[code, '26'])
    want = [part(95, fees[code, '26']) if code == lower else fees[code, '26']
            for code in images[:2]]
    assert amounts_of(*[code + '-26' for code in images[:2]]) == want, want
    expense = {code: cents(rows[code, ''][1] * rows[code, ''][4]) for code in therapies}
    highest = max(therapies, key=expense.get)
    units = {'97110': 2, '97140': 1, '97112': 1}
    want = [fee(rows[code, ''], one, False) * units[code] -
            (units[code] - (code == highest)) * (expense[code] - part(50, expense[code]))
            for code in therapies]
    got = amounts_of(*[f'{code}x{units[code]}' for code in therapies])
    assert got == want, (got, want)


def check_risk():
    """What a finding costs is the claim with its lines less the claim without them."""
    text = (ROOT / 'examples/pain-clinic.837').read_text(encoding='ascii')
    done = run('audit', '-q', '-f', 'json', input=text)
    seen = 0
    for line in done.stdout.splitlines():
        claim = json.loads(line)
        money = claim['money']
        if money['basis'] == 'none':
            assert money['needs'], money
            continue
        amounts = {part['line']: part['allowed'] for part in money['lines']}
        known = [float(amount) for amount in amounts.values() if amount is not None]
        assert abs(sum(known) - float(money['allowed'])) < 0.001, money
        for finding in claim['findings']:
            if 'money' not in finding:
                assert finding['status'] != 'fail' or finding['severity'] in ('review', 'info')
                continue
            risk = finding['money']['at_risk']
            if risk is None:
                assert None in amounts.values(), claim
                continue
            seen += 1
            assert 0 <= float(risk) <= float(money['allowed']) + 0.001, finding
    assert seen >= 8, seen


def check_words():
    """What is wrong on the command line is said, with exit status 2."""
    for words, said in ((['64483', '--pos', '11'], 'needs --zip, --locality'),
                        (['64483', '--national'], 'needs --pos'),
                        (['64483', '--national', '--pos', 'ZZ'], 'no place of service'),
                        (['6448', '--national', '--pos', '11'], 'is no service'),
                        (['64483x0', '--national', '--pos', '11'], 'is no service'),
                        (['64483-5', '--national', '--pos', '11'], 'is no service'),
                        (['64483=x', '--national', '--pos', '11'], 'is no service'),
                        (['64483', '--zip', '00000', '--pos', '11'], 'does not know the ZIP'),
                        (['64483', '--locality', '1/2', '--pos', '11'], 'CARRIER/LOCALITY'),
                        (['64483', '--locality', '99999/00', '--pos', '11'], 'no locality'),
                        (['64483', '--national', '--pos', '11', '--deductible', 'x'], 'amount'),
                        (['--national', '--pos', '11'], 'needs a service')):
        done = run('price', *words)
        assert done.returncode == 2 and said in done.stderr, (words, done)


def main():
    tests = [check_published, check_services, check_components, check_risk, check_words]
    print(f'1..{len(tests)}')
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f'ok {number} - {test.__name__}')
        except (AssertionError, KeyError, ValueError) as wrong:
            failed += 1
            print(f'not ok {number} - {test.__name__}')
            print('# ' + repr(wrong)[:2000])
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
