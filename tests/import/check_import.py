#!/usr/bin/env python3
"""check_import.py CLAIMVET DUMP_SHEET IMAGE: the command as a user runs it: stores that are made
and grow, the same bytes whatever the order, and what errors, interrupts and full disks leave
behind. IMAGE is the starter store. Speaks TAP."""
import io
import os
import pty
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import fee_samples as own
from harness import Failure, Folder, original, run, same, test

CLAIMVET = os.path.abspath(sys.argv[1])
DUMP, STARTER = sys.argv[2:4]
ROOT = Path(os.environ['SOURCE_ROOT'])
SHARED = Path(os.environ['SHARED']) / 'data'
BASE = ('GPCI2025.csv', own.csv_bytes(own.gpci_rows(2025)))
NEXT = ('GPCI2026.csv', own.csv_bytes(own.gpci_rows(2026)))
CPT = ('PPRRVU2025_Oct.csv', own.csv_bytes(own.rvu_csv(own.rvu_data(2025), 2025)))


def has(text, words):
    if words not in text:
        raise Failure(f'{words!r} is not in {text[:900]!r}')


class Place(Folder):
    """A folder with files and a store."""

    def __init__(self, folder):
        super().__init__(folder)
        self.store = self.folder / 'the.store'

    def call(self, *words, **options):
        return subprocess.run([CLAIMVET, *map(str, words)], capture_output=True, check=False,
                              timeout=120, **options)

    def run(self, *words, store=None, **options):
        """Exit status and standard error of an import."""
        done = self.call('import', *words, '-o', store or self.store, **options)
        same(done.stdout, b'', 'standard output')
        return done.returncode, done.stderr.decode()

    def good(self, *files, store=None):
        status, said = self.run(*[self.write(*file) for file in files], store=store)
        same(status, 0, said)
        return said

    def image(self, store=None):
        return (store or self.store).read_bytes()

    def temporary(self):
        return [path.name for path in self.folder.iterdir() if path.name.endswith('.tmp')]


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---- stores ----------------------------------------------------------------------------------

@test
def new_store(place):
    said = place.good(BASE)
    has(said, 'gpci   GPCI2025')
    has(said, 'the.store is written: 1 table read, 100 rows, 0 already there, 0 skipped')
    same(place.call('store', 'verify', place.store).returncode, 0, 'verify')
    has(place.call('store', 'info', place.store).stdout.decode(), 'GPCI2025')
    same('\r' in said, False, 'progress without a terminal')
    same(sorted(path.name for path in place.folder.iterdir()), ['GPCI2025.csv', 'the.store'],
         'files left')


@test
def same_bytes_in_any_order(place):
    both = place.folder / 'both.store'
    turned = place.folder / 'turned.store'
    grown = place.folder / 'grown.store'
    place.good(BASE, NEXT, store=both)
    place.good(NEXT, BASE, store=turned)
    place.good(NEXT, store=grown)
    place.good(BASE, store=grown)
    same(place.image(turned) == place.image(both), True, 'files turned around')
    same(place.image(grown) == place.image(both), True, 'one after the other')
    has(place.good(BASE, NEXT, BASE, store=grown), '0 tables read, 0 rows, 3 already there')
    same(place.image(grown) == place.image(both), True, 'once more')


@test
def the_store_is_used(place):
    place.good(BASE)
    for words in (['lookup', '62323'], ['pair', '62323', '64483'], ['rules', 'test']):
        done = place.call(*words, '--store', place.store)
        same((done.returncode, done.stderr), (0, b''), words)
    claims = ROOT / 'examples' / 'pain-clinic.837'
    there = place.call('audit', claims, '-f', 'json', '--store', place.store)
    here = place.call('audit', claims, '-f', 'json')
    same(there.returncode, here.returncode, there.stderr)
    other = b'"store":"xxh3:'
    same(there.stdout.split(other)[1][:16] != here.stdout.split(other)[1][:16], True, 'hash')
    damaged = place.write('damaged.store', place.image()[:-1])
    for command in (['audit', claims], ['lookup', '62323'], ['pair', '62323', '64483']):
        same(place.call(*command, '--store', damaged).returncode, 3, command)


@test
def archives_with_more(place):
    data = zipped(BASE, ('Guide.pdf', b'%PDF'), ('Changes.txt', b'What has changed.\n'))
    said = place.good(('gpci.zip', data))
    has(said, 'gpci.zip (GPCI2025.csv)')
    has(said, 'gpci.zip (Guide.pdf)     skipped: a document')
    has(said, 'gpci.zip (Changes.txt)   skipped: no known layout')
    has(said, '1 table read, 100 rows, 0 already there, 2 skipped')


@test
def license_of_codes(place):
    notice = 'copyright American Medical Association'
    has(place.good(CPT), notice)
    first = place.image()
    path = place.folder / CPT[0]
    status, said = place.run(path, '--accept-ama-license')
    same((status, notice in said), (0, False), said)
    has(said, 'already in the store; its descriptors were not kept')
    has(place.call('store', 'info', place.store).stdout.decode(), 'ama_cpt')
    same(place.image() == first, False, 'recorded')
    same(notice in place.good(CPT), False, 'notice when it is recorded')
    same(notice in place.good(BASE, store=place.folder / 'other'), False, 'notice without codes')


# ---- errors ----------------------------------------------------------------------------------

@test
def errors_write_nothing(place):
    place.good(BASE)
    before = place.image()
    next_file = place.write(*NEXT)
    odd = place.write('odd.csv', b'who,knows\n1,2\n')
    bad = place.write('GPCI2027.csv', own.csv_bytes(own.gpci_rows(2027)).replace(
        b'0.300', b'0.3x', 1))
    for words, errors in (([next_file, odd], ['odd.csv: not recognised']),
                          ([odd, next_file, bad], ['odd.csv: not recognised']),
                          (['-k', odd, next_file, bad],
                           ['odd.csv: not recognised', 'GPCI2027.csv:4: column'])):
        status, said = place.run(*words)
        lines = [line for line in said.splitlines() if line.startswith('claimvet: ')]
        same((status, len(lines)), (3, len(errors) + 1), said)
        for line, error in zip(lines, errors):
            has(line, error)
        has(lines[-1], 'is not written')
        same(place.image() == before, True, 'store')
    same(place.run(odd, store=place.folder / 'fresh')[0], 3, 'status')
    same((place.folder / 'fresh').exists(), False, 'new store')


@test
def too_many_errors(place):
    rows = own.rvu_data(2025)
    for row in rows:
        row[5] = 'x'
    path = place.write(CPT[0], own.csv_bytes(own.rvu_csv(rows, 2025)))
    status, said = place.run('-k', path)
    lines = said.splitlines()
    same((status, len([line for line in lines if ': column ' in line])), (3, 10000), lines[-3:])
    has(said, 'more than 10000 errors: the rest is not listed')


@test
def what_is_no_store_stays(place):
    place.good(BASE)
    image = place.image()
    path = place.write(*NEXT)
    bent = bytearray(image)
    bent[len(bent) // 2] ^= 1
    for data in (b'my notes\n', b'', image[:len(image) // 2], bytes(bent), image + b'x'):
        place.store.write_bytes(data)
        status, said = place.run(path)
        same((status, place.image() == data), (3, True), said)
    done = place.call('import', path, '-o', place.folder)
    same(done.returncode, 3, done.stderr)


@test
def usage(place):
    path = place.write(*BASE)
    for words, text in ((['import', path], 'import FILE... -o STORE'),
                        (['import', '-o', place.store], 'import FILE... -o STORE'),
                        (['import', '-', '-o', place.store], 'standard input cannot be imported'),
                        (['audit', '--keep-going'], 'does not belong to the command audit')):
        done = place.call(*words)
        same(done.returncode, 2, words)
        has(done.stderr.decode(), text)
    done = place.call('import', path, '-o', place.folder / 'no' / 'store')
    same(done.returncode, 4, done.stderr)
    has(done.stderr.decode(), 'is not there')
    done = place.call('import', place.folder / 'none.csv', '-o', place.store)
    same(done.returncode, 3, done.stderr)
    layouts = place.call('import', '--layouts').stdout.decode().splitlines()
    same(len(layouts) > 10 and all(line.split()[1] in ('proven', 'unproven') for line in layouts),
         True, layouts)
    status, said = place.run('-q', path)
    same((status, said), (0, ''), 'quiet')


# ---- machines that fail ----------------------------------------------------------------------

@test
def full_disk(place):
    place.good(BASE)
    before = place.image()

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000))
    status, said = place.run(place.write(*NEXT), preexec_fn=limit)
    same((status, place.image() == before, place.temporary()), (4, True, []), said)
    has(said, 'cannot write: File too large')


def interrupted(place, number, clean):
    """Imports stopped at many moments leave the old store or the new one."""
    place.good(BASE)
    before = place.image()
    path = place.write(*CPT)
    started = time.monotonic()
    same(place.run(path)[0], 0, 'status')
    whole = time.monotonic() - started
    after = place.image()
    seen = set()
    for moment in range(14):
        place.store.write_bytes(before)
        child = subprocess.Popen([CLAIMVET, 'import', path, '-o', place.store],
                                 stderr=subprocess.DEVNULL)
        time.sleep(whole * moment / 12)
        child.send_signal(number)
        child.wait()
        image = place.image()
        same(image in (before, after), True, f'store at {moment}')
        seen.add(image == before)
        same(place.temporary() if clean else [], [], 'temporary files')
    same(True in seen, True, 'an import that was interrupted')
    same(place.run(path)[0], 0, 'status of the next import')
    same(place.image() == after, True, 'the next import')


@test
def interrupts(place):
    interrupted(place, signal.SIGINT, True)


@test
def killed(place):
    interrupted(place, signal.SIGKILL, False)


@test
def two_at_once(place):
    place.good(BASE)
    files = [place.write(*CPT), place.write(*NEXT)]
    children = [subprocess.Popen([CLAIMVET, 'import', '-q', path, '-o', place.store],
                                 stderr=subprocess.DEVNULL) for path in files]
    same([child.wait() for child in children], [0, 0], 'status')
    info = place.call('store', 'info', place.store).stdout.decode()
    for release in ('GPCI2025', 'GPCI2026', 'RVU25D'):
        has(info, release)


@test
def progress_on_a_terminal(place):
    path = place.write(*CPT)
    here, there = pty.openpty()
    with subprocess.Popen([CLAIMVET, 'import', *[path] * 60, '-o', place.store],
                          stderr=there) as child:
        os.close(there)
        said = b''
        while True:
            try:
                said += os.read(here, 65536)
            except OSError:
                break
    os.close(here)
    same(child.returncode, 0, said[-300:])
    has(said.decode(), ' MB  ')
    has(said.decode(), ' %  ')


# ---- over the starter's sheets ---------------------------------------------------------------

def sheet(store, table):
    done = subprocess.run([DUMP, store, table], capture_output=True, check=True, timeout=60)
    return done.stdout.decode().splitlines()


@original
def files_that_the_starter_was_drawn_from(place):
    """They take the place of the starter's editions with the same rows; those of an extract come
    to be whole; once more, they are known."""
    files = [SHARED / 'mpfs' / name for name in (
        'rvu25d/GPCI2025.csv', 'rvu26c/GPCI2026.csv', 'zip5/ZIP5_OCT2025.txt',
        'rvu25d/ANES2025.csv')] + list((SHARED / 'asp').glob('*Payment Limit File*'))
    status, said = place.run(*files)
    same(status, 0, said)
    has(said, '5 tables read, 44160 rows, 0 already there, 0 skipped')
    same(place.call('store', 'verify', place.store).returncode, 0, 'verify')
    for table in ('gpci', 'zip_locality', 'anesthesia', 'payment_rule'):
        same(sheet(place.store, table), sheet(STARTER, table), table)
    full, extract = sheet(place.store, 'asp'), sheet(STARTER, 'asp')
    same((len(full), len(extract)), (877, 74), 'payment limits')
    same(sorted(set(extract) - set(full)), [], 'limits of the starter')
    same(place.call('lookup', 'J9035').returncode, 1, 'a drug that the starter lacks')
    same(place.call('lookup', 'J9035', '--store', place.store).returncode, 0, 'the same, imported')
    status, said = place.run(*files)
    same(status, 0, said)
    has(said, '0 tables read, 0 rows, 5 already there')


run(Place, shared=SHARED.is_dir())
