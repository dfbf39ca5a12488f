#!/usr/bin/env python3
"""check_policies.py CLAIMVET: what holds for every policy rule. The order of lines and of earlier
services changes nothing; windows end where they should, in leap years too; no day falls into a gap
of a dated value. Speaks TAP."""
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CLAIMVET, STORE_PACK = sys.argv[1:]
DATA = Path(__file__).resolve().parents[2] / 'data'
SHARED = Path(os.environ.get('SHARED', Path(__file__).parents[3] / 'shared'))
CASES = SHARED / 'acceptance' / 'cases.json'
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def audit(claims):
    """{claim id: answer}"""
    run = subprocess.run([CLAIMVET, 'audit', '-f', 'json', '-q'], capture_output=True, text=True,
                         input=''.join(json.dumps(claim) + '\n' for claim in claims), check=False)
    answers = {answer['claim_id']: answer for answer in map(json.loads, run.stdout.splitlines())}
    if len(answers) != len(claims):
        raise AssertionError(f'{len(answers)} answers for {len(claims)} claims: {run.stderr[:300]}')
    return answers


def outcome(answer):
    """What does not depend on the order: rules, status and severity, and what is missing."""
    return (answer['verdict'],
            sorted((f['rule'], f['status'], f['severity']) for f in answer['findings']),
            sorted((gap['rule'], *sorted(gap['needs'])) for gap in answer['not_evaluated']))


def claim(number, code, day, modifiers=('RT',), history=(), **more):
    return {'claim_id': number, 'payer': {'profile': 'medicare', 'state': 'CA'},
            'place_of_service': '11', 'service_date': day, 'patient': {'age': 68, 'sex': 'F'},
            'diagnoses': {'A': 'M47.816'}, 'history': list(history),
            'lines': [{'line': 1, 'code': code, 'modifiers': list(modifiers), 'units': 1,
                       'diagnosis_pointers': ['A']}], **more}


def fired(rule, claims):
    return {number: any(f['rule'] == rule for f in answer['findings'])
            for number, answer in audit(claims).items()}


@test
def order_changes_nothing():
    if not CASES.exists():
        return 'shared is not here'
    claims = [case['claim'] for case in json.loads(CASES.read_text(encoding='utf-8'))['cases']]
    answers = audit(claims)
    chance = random.Random(4)
    for turn in range(5):
        mixed = json.loads(json.dumps(claims))
        chance.shuffle(mixed)
        for one in mixed:
            chance.shuffle(one['lines'])
            chance.shuffle(one.get('history') or [])
        for number, answer in audit(mixed).items():
            assert outcome(answer) == outcome(answers[number]), (turn, number)
    return None


def ablation(day):
    return {'service_date': day, 'code': '64635', 'kind': 'rfa', 'region': 'LS', 'side': 'L',
            'levels': ['L2-3'], 'relief_percent': 70, 'relief_months': 9}


@test
def a_year_is_half_open():
    """Two ablations of a region in twelve months: the third counts both, or the window ended."""
    days = {'2026-09-15': ('2025-09-15', '2025-09-16'), '2024-02-29': ('2023-02-28', '2023-03-01'),
            '2025-02-28': ('2024-02-28', '2024-02-29'), '2025-03-01': ('2024-03-01', '2024-03-02'),
            '2026-03-31': ('2025-03-31', '2025-04-01')}
    claims, wanted = [], {}
    for on, (outside, inside) in days.items():
        middle = (datetime.date.fromisoformat(on) - datetime.timedelta(60)).isoformat()
        for first, fires in ((outside, False), (inside, True)):
            number = f'{on} {first}'
            wanted[number] = fires
            claims.append(claim(number, '64635', on, history=[ablation(first), ablation(middle)]))
    assert fired('freq_facet_rfa', claims) == wanted, fired('freq_facet_rfa', claims)


@test
def six_months_of_short_months():
    """Aetna counts three transforaminal sessions in six months."""
    def session(day):
        return {'service_date': day, 'code': '64483', 'kind': 'tx', 'region': 'LS', 'side': 'R',
                'relief_percent': 60}
    claims, wanted = [], {}
    for on, outside, inside in (('2026-08-31', '2026-02-28', '2026-03-01'),
                                ('2024-08-31', '2024-02-29', '2024-03-01'),
                                ('2026-08-10', '2026-02-10', '2026-02-11')):
        last = datetime.date.fromisoformat(on)
        between = [session((last - datetime.timedelta(days)).isoformat()) for days in (30, 60)]
        for first, fires in ((outside, False), (inside, True)):
            number = f'{on} {first}'
            wanted[number] = fires
            claims.append(claim(number, '64483', on, history=[session(first), *between],
                                payer={'profile': 'aetna'}, diagnoses={'A': 'M51.16'}))
    assert fired('freq_esi', claims) == wanted, fired('freq_esi', claims)


@test
def days_are_counted_over_leap_days():
    """The second diagnostic block fourteen days after the first."""
    def block(day):
        return {'service_date': day, 'code': '64493', 'kind': 'dx', 'region': 'LS', 'side': 'R',
                'levels': ['L4-5'], 'relief_percent': 90}
    claims = [claim('13 days', '64493', '2024-03-10', ('KX', 'RT'), [block('2024-02-26')]),
              claim('14 days', '64493', '2024-03-11', ('KX', 'RT'), [block('2024-02-26')]),
              claim('13 days, no leap day', '64493', '2026-03-11', ('KX', 'RT'),
                    [block('2026-02-26')])]
    assert fired('dx_block_interval_14d', claims) == {
        '13 days': True, '14 days': False, '13 days, no leap day': True}


@test
def programs_begin_and_end_on_their_days():
    claims, wanted = [], {}
    for number, code, day, kind, state, fires in (
            ('a', '64493', '2023-06-30', 'facility_opps', 'CA', False),
            ('b', '64493', '2023-07-01', 'facility_opps', 'CA', True),
            ('c', '64495', '2024-08-04', 'facility_opps', 'CA', True),
            ('d', '64495', '2024-08-05', 'facility_opps', 'CA', False),
            ('e', '63650', '2021-06-30', 'facility_opps', 'CA', False),
            ('f', '63650', '2021-07-01', 'facility_opps', 'CA', True)):
        wanted[number] = fires
        claims.append(claim(number, code, day, ('KX', 'RT'), claim_type=kind,
                            payer={'profile': 'medicare', 'state': state},
                            prior_authorization=None))
    assert fired('pa_opd_missing', claims) == wanted, fired('pa_opd_missing', claims)


@test
def what_does_not_fit_is_no_pass():
    """A block two weeks too early, with more services in between than are kept."""
    who = {'payer': {'profile': 'medicare', 'id': 'P', 'state': 'CA'},
           'patient': {'id': 'M', 'birth_date': '1950-05-05', 'age': 76, 'sex': 'F'}}
    block = {'code': '64493', 'modifiers': ['KX', 'RT'], 'units': 1, 'kind': 'dx',
             'diagnosis_pointers': ['A']}

    def number(n):
        return {'line': n + 1, 'code': '99213', 'units': 1, 'diagnosis_pointers': ['A']}
    for claims_between, verdict in ((2, 'fails'), (81, 'is not known')):
        claims = [claim('first', '64493', '2026-08-10', lines=[{'line': 1, **block}], **who)]
        for n in range(claims_between):
            day = datetime.date(2026, 8, 9) - datetime.timedelta(n)
            claims.append(claim(f'between {n}', '', day.isoformat(),
                                lines=[number(i) for i in range(50)], **who))
        claims.append(claim('second', '64493', '2026-08-20', lines=[{'line': 1, **block}], **who))
        answer = audit(claims)['second']
        fails = [f['rule'] for f in answer['findings'] if f['rule'] == 'dx_block_interval_14d']
        lacks = [gap['needs'] for gap in answer['not_evaluated']
                 if gap['rule'] == 'dx_block_interval_14d']
        assert (fails, lacks) == ((['dx_block_interval_14d'], []) if verdict == 'fails' else
                                  ([], [['history']])), (verdict, fails, lacks)


def refusal(folder, families):
    """What an audit says with a store that has so many families of codes."""
    data = shutil.copytree(DATA, Path(folder) / f'{families}')
    rows, count = [], 0
    for row in (DATA / 'family.tsv').read_text(encoding='utf-8').splitlines():
        cells = row.split('\t')
        if not row.startswith(('#', 'code')):
            cells[1] = f'family_{count % families}'
            count += 1
        rows.append('\t'.join(cells) + '\n')
    assert count > families
    (data / 'family.tsv').write_text(''.join(rows), encoding='utf-8')
    image = Path(folder) / f'{families}.store'
    subprocess.run([STORE_PACK, data, image], check=True)
    run = subprocess.run([CLAIMVET, 'audit', '--store', image], capture_output=True, text=True,
                         input='{}', check=False)
    assert run.returncode == 3, run.returncode
    return run.stderr


@test
def a_store_of_too_many_families_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        said = refusal(folder, 128)
        assert 'the store knows no family' in said, said
        said = refusal(folder, 129)
        assert 'more than 128 families of codes in the store' in said, said


@test
def more_entries_than_fit_are_refused():
    rule = """id: own_many
version: 1
title: A drug with a modifier
severity: review
status: trial
kind: not_covered
cite:
  - {key: many, section: "-"}
why: none
fix: none
examples:
  fires: [{title: with, claim: {claim_id: A}}]
  silent: [{title: without, claim: {claim_id: B}}]
parameters:
"""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / 'sources.tsv').write_text(
            'key\ttitle\turl\tedition\tcertainty\nmany\tnone\t-\t-\town\n', encoding='utf-8')
        (Path(folder) / 'many.yaml').write_text(rule + '  - {carrying: X1, since: open}\n' * 65,
                                                encoding='utf-8')
        run = subprocess.run([CLAIMVET, 'audit', '--rules', folder], capture_output=True, text=True,
                             input='{}', check=False)
    assert run.returncode == 3, run.returncode
    assert 'more than 64 entries of policies that name no code' in run.stderr, run.stderr


@test
def no_day_falls_into_a_gap():
    run = subprocess.run([CLAIMVET, 'rules', 'lint'], capture_output=True, text=True, check=False)
    assert (run.returncode, ' 0 complaints' in run.stdout) == (0, True), run.stdout[-500:]


def main():
    print(f'1..{len(TESTS)}')
    failed = False
    for number, function in enumerate(TESTS, 1):
        name = function.__name__
        try:
            skipped = function()
            print(f'ok {number} - {name}' + (f' # SKIP {skipped}' if skipped else ''))
        except AssertionError as wrong:
            failed = True
            print(f'not ok {number} - {name}')
            print('# ' + str(wrong).replace('\n', ' ')[:800])
    sys.exit(failed)


main()
