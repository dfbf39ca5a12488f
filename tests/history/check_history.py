#!/usr/bin/env python3
"""check_history.py sqlite|postgres CLAIMVET: the command as a user runs it, over a file or over a
PostgreSQL server of its own: what it says and how it exits, killed in the middle, two at once,
files that are something else. Speaks TAP; without PostgreSQL its tests are skipped by name."""
import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import server

ROOT = Path(os.environ['SOURCE_ROOT'])
SAMPLE = ROOT / 'examples' / 'pain-clinic.837'
TESTS = []


class Failure(Exception):
    """What went wrong with a test."""


def test(*keepers):
    def note(function):
        TESTS.append((function, keepers or ('sqlite', 'postgres')))
        return function
    return note


def same(found, expected, what=''):
    if found != expected:
        raise Failure(f'{what}: {str(found)[:500]!r} instead of {str(expected)[:300]!r}')


def has(text, words):
    if words not in text:
        raise Failure(f'{words!r} is not in {text[:700]!r}')


def claim(number, patient='M1', day='2026-01-05', **more):
    return {'claim_id': f'C{number}', 'payer': {'id': '12345'},
            'patient': {'id': patient, 'birth_date': '1950-05-05'},
            'lines': [{'code': '64493', 'modifiers': ['LT'], 'units': 1, 'service_date': day,
                       'kind': 'dx'}], **more}


class Place:
    """A folder for files, and a history."""

    claimvet = ''

    def __init__(self, folder, where):
        self.folder, self.where = Path(folder), where

    def file(self, *claims, name='claims.json'):
        path = self.folder / name
        path.write_text('\n'.join(map(json.dumps, claims)) + '\n', encoding='utf-8')
        return path

    def start(self, *words, **options):
        return subprocess.Popen([self.claimvet, *map(str, words), '--history', self.where],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def run(self, *words, where=None, **options):
        done = subprocess.run([self.claimvet, *map(str, words), '--history', where or self.where],
                              capture_output=True, text=True, check=False, timeout=120, **options)
        return done.returncode, done.stdout, done.stderr

    def add(self, *words, **options):
        status, out, said = self.run('history', 'add', *words, **options)
        same(out, '', 'standard output')
        name = re.sub(r'//[^@]*@([^?]*)[?].*', r'//\1', str(self.where))
        return status, said.replace(name + ':', 'H:')

    def show(self, *words, **options):
        return self.run('history', 'show', *words, **options)

    def services(self, patient='M1'):
        status, out, said = self.show('--patient', patient, '--birth-date', '1950-05-05', '-f',
                                      'json')
        same((status, said), (0, ''), 'show')
        return json.loads(out)['services']

    def claims(self):
        status, out, said = self.show('-f', 'json')
        same((status, said), (0, ''), 'show')
        return json.loads(out)['claims']


# ---- adding and showing ----------------------------------------------------------------------

@test()
def adds_and_counts(place):
    status, said = place.add(SAMPLE)
    same((status, said), (0, 'claimvet: H: 10 claims added; 20 services\n'))
    status, said = place.add(SAMPLE, '-')
    same(status, 3, said)
    has(said, 'standard input: the input is empty')
    has(said, 'H: 0 claims added, 10 known already; 0 services\n')
    same(place.show(), (0, 'patients  9\nclaims    10\nservices  20\n'
                           'days      2026-10-05 to 2026-10-05\n', ''))
    same(place.add(SAMPLE, '--quiet'), (0, ''))


@test()
def says_what_became_of_each(place):
    nobody = claim(5)
    nobody['patient'] = {}
    undated = claim(6)
    undated['lines'].append({'code': '64494'})
    path = place.file(claim(1), claim(1), claim(2, day='2026-02-01'),
                      claim(1, day='2026-01-06', frequency_code='7'),
                      claim(3, frequency_code='8', original_reference='C2'),
                      claim(2, day='2026-02-02'), nobody, undated)
    status, said = place.add(path)
    same(said, 'claimvet: H: 3 claims added, 1 known already, 1 replaced an earlier one, '
               '1 voided an earlier one, 1 replaced or voided before, 1 refused for want of a '
               'patient; 4 services, 1 line without a day or a code left out\n')
    same(status, 0)
    same([service['service_date'] for service in place.services()], ['2026-01-05', '2026-01-06'])


@test()
def csv_and_claims_of_all_formats(place):
    path = place.folder / 'rows.csv'
    path.write_text('Claim ID,CPT,DOS,Patient ID,Payer ID\nR1,62323,2026-03-01,M9,12345\n',
                    encoding='utf-8')
    same(place.add(path, SAMPLE, place.file(claim(1)))[0], 0)
    same(place.claims(), 12)
    status, out, _ = place.show('--patient', 'm-9')
    same(status, 0)
    has(out, '2026-03-01  62323')


@test()
def one_bad_file_of_several(place):
    bad = place.folder / 'bad.txt'
    bad.write_text('what is this', encoding='utf-8')
    status, said = place.add(bad, place.file(claim(1)), place.folder / 'none')
    same(status, 3, said)
    has(said, 'bad.txt: neither X12')
    has(said, 'none: cannot open')
    has(said, 'H: 1 claim added; 1 service\n')
    same(place.claims(), 1)


@test()
def a_table_of_a_patient(place):
    wide = claim(2, day='2026-02-01', documentation={
        'relief_percent': 80, 'levels': ['L3-4', 'L4-5', 'L5-S1', 'L2-3']}, history=[
            {'service_date': '2025-01-01', 'code': '64635', 'relief_percent': 62.5,
             'hours': 3, 'relief_weeks': 12, 'relief_months': 3, 'side': 'R'}])
    wide['lines'][0].update(modifiers=['LT', 'KX', 'GC', 'SG'], units=2.125)
    same(place.add(place.file(claim(1), wide))[0], 0)
    status, out, said = place.show('--patient', 'M1', '--birth-date', '1950-05-05')
    same((status, said), (0, ''))
    lines = out.splitlines()
    same(len(lines), 5, out)
    same(max(map(len, lines)) <= 100, True, 'width')
    heads = [lines[1].index(word) for word in lines[1].split()]
    for line in lines[2:]:
        for at in heads[1:]:
            same(line[at - 2:at].strip(), '', f'column {at} of {line}')
    key = lines[0].split()[1].strip(',')
    same(place.show('--patient', key)[1], out, 'by key')
    same(place.show('--patient', key, '--payer', '12345')[1], out, 'by key and payer')
    for words in (['--patient', 'M1'], ['--patient', key, '--payer', 'other'],
                  ['--patient', 'M2', '--birth-date', '1950-05-05']):
        status, out, said = place.show(*words)
        same((status, out), (1, ''), words)
        has(said, 'no such patient')


@test()
def json_takes_the_words_of_the_schema(place):
    row = {'service_date': '2025-11-05', 'code': '64493', 'modifiers': ['RT'], 'units': 0.5,
           'kind': 'tx', 'region': 'LS', 'side': 'R', 'levels': ['L4-L5', 'L3'],
           'relief_percent': 50, 'hours': 12, 'relief_weeks': 12, 'relief_months': 3,
           'adl_improvement': True}
    same(place.add(place.file(claim(1, history=[row])))[0], 0)
    found = place.services()[0]
    found.pop('claim_key')
    same(found, row)


@test()
def nothing_in_clear(place):
    person = claim('SECRET', patient='MEMBER77')
    person['patient'].update(birth_date='1944-02-28', last_name='Doe')
    same(place.add(place.file(person))[0], 0)
    kept = Path(place.where).read_bytes() if os.path.exists(place.where) else b''
    for word in (b'MEMBER77', b'1944', b'19440228', b'SECRET', b'Doe', b'12345'):
        same(word in kept, False, word)


# ---- killed, two at once ---------------------------------------------------------------------

@test()
def killed_in_the_middle(place):
    same(place.add(place.file(claim(0)))[0], 0)
    many = place.file(*(claim(i, patient=f'M{i % 900}') for i in range(1, 50001)))
    began = time.monotonic()
    counts, delay = [], 0.01
    while counts[-1:] != [50001] and time.monotonic() < began + 60:
        process = place.start('history', 'add', many)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        counts.append(place.claims())
        delay = delay * 1.2 + 0.01
    for found in counts:
        same(found in (1, 20001, 40001, 50001), True, f'{found} claims')
    same(counts, sorted(counts), 'nothing is lost')
    same(place.add(many)[0], 0)
    same(place.claims(), 50001, 'claims')
    same(len(place.services('M1')), 57, 'services')
    print(f'# claims found after each kill: {counts}')


@test()
def two_at_once(place):
    files = [place.file(*(claim(n * 10000 + i, patient=f'M{i % 90}') for i in range(8000)),
                        name=f'{n}.json') for n in range(2)]
    running = [place.start('history', 'add', path) for path in files]
    for process in running:
        _, said = process.communicate(timeout=100)
        same(process.returncode, 0, said)
        has(said.decode(), '8000 claims added')
    same(place.claims(), 16000)


# ---- what cannot be used ---------------------------------------------------------------------

# ---- the audit over it -----------------------------------------------------------------------

def block(number, day, code='64493', modifiers=('KX', 'LT'), units=1, **more):
    """A claim of a practice in California to Medicare."""
    return {'claim_id': number, 'payer': {'id': '04412', 'profile': 'medicare', 'state': 'CA'},
            'place_of_service': '11', 'service_date': day,
            'patient': {'id': 'M9', 'birth_date': '1950-05-05', 'sex': 'F'},
            'rendering_provider': {'npi': '1234567893'}, 'diagnoses': {'A': 'M47.816'},
            'lines': [{'line': 1, 'code': code, 'modifiers': list(modifiers), 'units': units,
                       'diagnosis_pointers': ['A']}], **more}


EARLIER = (
    block('H1', '2026-01-12', documentation={'relief_percent': 90, 'joints': ['L4-5']}),
    block('H2', '2026-02-16', documentation={'relief_percent': 85, 'joints': ['L4-5']}),
    block('H3', '2026-03-02', '64635', ('LT',), documentation={'joints': ['L4-5']}),
    block('H4', '2026-03-20', '20610', ('RT',)))


def audited(place, *claims):
    """{claim id: (failed rules, rules that lack something)}"""
    path = place.file(*claims, name='audited.json')
    status, out, said = place.run('audit', '-f', 'json', path)
    if status not in (0, 1):
        raise Failure(said)
    answers = map(json.loads, out.splitlines())
    return {answer['claim_id']: ({finding['rule'] for finding in answer['findings']},
                                 {gap['rule'] for gap in answer['not_evaluated']})
            for answer in answers}


@test()
def the_audit_looks_across_it(place):
    place.add(place.file(*EARLIER), '--quiet')
    answer = audited(place, block('N1', '2026-03-20', '20610', ('RT',), 2),
                     block('N2', '2026-03-05', '99213', ()),
                     block('N3', '2026-03-20', '20610', ('RT',)),
                     block('N4', '2026-03-13', '99213', ()))
    same(answer['N1'][0], {'mue_exceeded', 'duplicate_line'}, 'units of the day')
    same(answer['N2'][0], {'global_period'}, 'ten days after the ablation')
    has(' '.join(answer['N3'][0]), 'duplicate_claim')
    same(answer['N4'][0], set(), 'after the ten days')


@test()
def a_pair_with_an_earlier_claim(place):
    place.add(place.file(block('H1', '2026-03-20', '20610', ('RT',))), '--quiet')
    same(audited(place, block('N1', '2026-03-20', '76942', ()))['N1'][0] & {'ncci_ptp'},
         {'ncci_ptp'})


@test()
def a_claim_stands_beside_its_copy_once(place):
    place.add(place.file(*EARLIER), '--quiet')
    for answer in (audited(place, *EARLIER), audited(place, *reversed(EARLIER))):
        same({number: found for number, (found, _) in answer.items()},
             {number: set() for number in ('H1', 'H2', 'H3', 'H4')})
        same(answer['H3'][1] & {'rfa_prior_mbb_2x80', 'freq_facet_rfa', 'rfa_repeat_6mo'}, set())


@test()
def two_blocks_are_found_or_not(place):
    place.add(place.file(*EARLIER[:2]), '--quiet')
    again = block('N1', '2026-03-09', '64635', ('LT',), documentation={'joints': ['L4-5']})
    other = block('N2', '2026-03-09', '64635', ('RT',), documentation={'joints': ['L4-5']})
    same('rfa_prior_mbb_2x80' in audited(place, again)['N1'][0], False)
    same('rfa_prior_mbb_2x80' in audited(place, other)['N2'][0], True)


@test()
def a_stranger_has_no_earlier_services(place):
    place.add(place.file(*EARLIER), '--quiet')
    stranger = block('N1', '2026-03-09', patient={'id': 'M10', 'birth_date': '1960-01-01'})
    found, lacking = audited(place, stranger)['N1']
    same(('freq_facet_dx' in lacking, 'dx_block_interval_14d' in found), (False, False))


@test()
def a_history_that_is_not_there(place):
    status, _, said = place.run('audit', SAMPLE, where=place.folder / 'none.history')
    same(status, 3, said)
    has(said, 'none.history')


@test()
def wrong_use(place):
    for words, message in ((['history'], 'history what? add or show'),
                           (['history', 'drop'], 'history what? add or show'),
                           (['history', 'add'], 'history add takes files'),
                           (['history', 'show', 'x'], 'history show takes no files'),
                           (['history', 'show', '-f', 'csv'], 'writes text or json'),
                           (['history', 'show', '--payer', 'X'], 'needs --patient'),
                           (['history', 'show', '--patient', 'X', '--birth-date', '1.5.50'],
                            '--birth-date takes a date')):
        status, out, said = place.run(*words)
        same((status, out), (2, ''), words)
        has(said, message)
    done = subprocess.run([place.claimvet, 'history', 'show'], capture_output=True, text=True,
                          check=False)
    same(done.returncode, 2)
    has(done.stderr, 'history show needs --history')


@test('sqlite')
def files_that_are_something_else(place):
    other = place.folder / 'other.db'
    with contextlib.closing(sqlite3.connect(other)) as database:
        database.execute('CREATE TABLE history (generation, segments, bytes)')
    same(place.add(place.file(claim(1)))[0], 0)
    good = Path(place.where).read_bytes()
    newer = place.folder / 'newer'
    newer.write_bytes(good)
    odd = place.folder / 'odd'
    odd.write_bytes(good)
    short = place.folder / 'short'
    short.write_bytes(good[:5000])
    with contextlib.closing(sqlite3.connect(newer)) as database:
        database.execute('PRAGMA user_version = 2')
    with contextlib.closing(sqlite3.connect(odd)) as database:
        database.execute('CREATE TRIGGER t AFTER INSERT ON segment BEGIN SELECT 1; END')
        database.commit()
    empty = place.folder / 'empty'
    empty.write_bytes(b'')
    text = place.folder / 'text'
    text.write_text('not a history\n' * 200, encoding='utf-8')
    words = {place.folder / 'none': 'cannot open', place.folder: 'is a folder',
             other: 'is a database, but no history', newer: 'written by a newer claimvet',
             odd: 'its tables are not as they were made', short: 'is damaged',
             empty: 'is empty', text: 'is no history of claimvet'}
    for path, message in words.items():
        status, out, said = place.show(where=str(path))
        same((status, out), (3, ''), said)
        has(said, f'{path}: ')
        has(said, message)
    for path in (other, newer, odd, short, text, place.folder):
        before = path.read_bytes() if path.is_file() else b''
        status, said = place.add(place.file(claim(2)), where=str(path))
        same(status, 3, said)
        same(path.read_bytes() if path.is_file() else b'', before, f'{path} was changed')
    status, said = place.add(place.file(claim(2)), where=str(place.folder / 'no' / 'folder'))
    same(status, 4, said)
    has(said, 'cannot be')


@test('postgres')
def databases_that_are_something_else(place):
    for secret in ('postgresql://me:pass@word@127.0.0.1:1/none?password=pass',
                   'postgres://127.0.0.1:1/none'):
        status, out, said = place.show(where=secret)
        same((status, out), (4, ''), said)
        has(said, 'claimvet: postgresql://127.0.0.1:1/none: cannot connect')
        same('pass' in said, False, said)
    status, out, said = place.show(where='postgresql://me:pass%zz@127.0.0.1/none')
    same((status, said), (3, 'claimvet: postgresql://127.0.0.1/none: is no address of a database: '
                             'write postgresql://USER@HOST/DATABASE\n'))
    same(place.show()[:2], (0, 'patients  0\nclaims    0\nservices  0\n'))
    same(place.add(place.file(claim(1)))[0], 0)
    for change, message in (('UPDATE {0}.claimvet_history SET version = 2', 'newer claimvet'),
                            ('UPDATE {0}.claimvet_history SET version = 1, segments = 2',
                             'is damaged: 1 of 2 segments'),
                            ('UPDATE {0}.claimvet_history SET segments = 1; '
                             'UPDATE {0}.claimvet_segment SET packed = packed || \'x\'',
                             'segment 1 is not as it was written'),
                            ('DROP TABLE {0}.claimvet_history; '
                             'CREATE TABLE {0}.claimvet_history (x text)', 'the database says')):
        place.sql(change.format(place.schema))
        status, out, said = place.show()
        same((status in (3, 4), out), (True, ''), said)
        has(said, message)


# ---- the run ---------------------------------------------------------------------------------

def run(number, name, function, place):
    try:
        function(place)
    except (Failure, OSError, ValueError, KeyError, subprocess.SubprocessError) as wrong:
        print(f'not ok {number} - {name}')
        print('\n'.join('# ' + line for line in f'{type(wrong).__name__} {wrong}'.splitlines()))
        return False
    print(f'ok {number} - {name}', flush=True)
    return True


def places(own):
    """A place for each test."""
    for number in range(1, 100):
        with tempfile.TemporaryDirectory() as folder:
            if own is None:
                yield Place(folder, os.path.join(folder, 'the.history'))
            else:
                place = Place(folder, own.url(f't{number}'))
                place.schema = f't{number}'
                place.sql = lambda text: own.sql(text).stdout
                yield place


def has_postgres(claimvet):
    done = subprocess.run([claimvet, 'history', 'show', '--history', 'postgres://127.0.0.1:1/x'],
                          capture_output=True, text=True, check=False)
    return 'without libpq' not in done.stderr


def main(keeper, claimvet):
    Place.claimvet = os.path.abspath(claimvet)
    tests = [function for function, keepers in TESTS if keeper in keepers]
    print(f'1..{len(tests)}', flush=True)
    missing = '' if keeper == 'sqlite' else \
        'PostgreSQL is not installed' if not server.programs() else \
        '' if has_postgres(claimvet) else 'built without libpq'
    if missing:
        for number, function in enumerate(tests, 1):
            print(f'ok {number} - {function.__name__} # SKIP {missing}')
        return 0
    with server.Server() if keeper == 'postgres' else contextlib.nullcontext() as own:
        results = [run(number, function.__name__, function, place) for number, (function, place)
                   in enumerate(zip(tests, places(own)), 1)]
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
