#!/usr/bin/env python3
"""check_fees.py IMPORT_FILES DUMP_SHEET: every layout of the fee schedule family from files of our
own, broken copies of them, and the original files, row by row against a reading of its own.
Speaks TAP."""
import csv
import hashlib
import io
import os
import re
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import fee_samples as own
from harness import Failure, Imports, original, run, same, test

SHARED = Path(os.environ['SHARED']) / 'data' / 'mpfs'


class Files(Imports):
    """A folder for files, and what imports them."""

    programs = sys.argv[1:3]

    def sha(self):
        return hashlib.sha256(self.image.read_bytes()).hexdigest()


# ---- what the rows should become -------------------------------------------------------------

def scaled(text, decimals):
    value = Decimal(text.strip()).scaleb(decimals)
    if value != int(value):
        raise Failure(f'{text} has more than {decimals} decimals')
    return int(value)


def words(text):
    return re.sub(r'[*\s]+$', '', text.strip())


def mpfs_expected(data, year, release):
    """Rows of PPRRVU in the form of dump_sheet, in its order."""
    new = int(year >= 2026)
    rows = []
    for r in data:
        marks = r[3] + r[13] + r[18] + r[19] + r[20] + r[21] + r[22]
        numbers = [scaled(r[i], 2) for i in (5, 6, 8, 10, 11, 12)]
        rows.append([r[0], r[1], marks, r[14], r[7], r[9], *numbers, scaled(r[24 + new], 4),
                     *(scaled(r[i], 2) for i in (15, 16, 17)), r[23 + new], release,
                     f'{year}-01-01', f'{year}-12-31'])
    order = ['', '26', 'TC', '53']
    return sorted(rows, key=lambda row: (row[0], order.index(row[1])))


def gpci_expected(rows, year):
    data = [[r[0].zfill(5), r[2].zfill(2), r[1], words(r[3]), *(scaled(c, 3) for c in r[4:7]),
             f'GPCI{year}', f'{year}-01-01', f'{year}-12-31']
            for r in rows if r[0].strip().isdigit()]
    return sorted(data)


def locality_expected(rows, year):
    data, state = [], ''
    for r in rows:
        state = '' if not any(r) else r[2].strip() or state
        row = [r[0].zfill(5), r[1].zfill(2), state, words(r[3]), r[4].strip(),
               f'LOCCO{year}', f'{year}-01-01', f'{year}-12-31']
        if r[0].strip().isdigit() and row not in data:
            data.append(row)
    return sorted(data)


def zip_expected(lines, release, first):
    return sorted([line[2:7], line[:2], line[7:12], line[12:14], line[14].strip(), line[20],
                   release, first, None] for line in lines if line.strip())


def oppscap_expected(rows, release, year):
    return sorted([r[0], r[3] + r[4], r[1], r[2], scaled(r[5], 2), scaled(r[6], 2), release,
                   f'{year}-01-01', f'{year}-12-31'] for r in rows[1:] if any(r))


def anesthesia_expected(rows, year):
    national = scaled(rows[0][3].split()[-1], 4)
    return sorted([r[0].strip(), r[1].strip(), words(r[2]), scaled(r[3], 2), national,
                   f'ANES{year}', f'{year}-01-01', f'{year}-12-31'] for r in rows[1:] if any(r))


# ---- files of our own ------------------------------------------------------------------------

@test
def rvu_columns_2025(files):
    data = own.rvu_data()
    path = files.write('PPRRVU2025_Oct.csv', own.csv_bytes(own.rvu_csv(data)))
    result = files.read(path)[0]
    told = result['table'], result['release'], result['rows']
    same(told, ('mpfs', 'RVU25D', len(data)), 'told')
    same(files.dump('mpfs', '2025-01-01'), mpfs_expected(data, 2025, 'RVU25D'), 'rows')
    same(files.dump('mpfs', '2024-12-31') + files.dump('mpfs', '2026-01-01'), [], 'other years')


@test
def rvu_columns_2026(files):
    """One column more, moved factor; a month in capitals; the archive says the same release."""
    data = own.rvu_data(2026)
    archive = files.folder / 'rvu26a-updated-12-29-2025.zip'
    with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as into:
        into.writestr('PPRRVU2026_JAN_nonQPP.csv',
                      own.csv_bytes(own.rvu_csv(data, 2026, 'January'), 'cp1252'))
        into.writestr('RVU26A.pdf', b'%PDF-1.4')
    same([r['release'] for r in files.read(archive) if r['table'] == 'mpfs'], ['RVU26A'], 'told')
    same(files.dump('mpfs', '2026-12-31'), mpfs_expected(data, 2026, 'RVU26A'), 'rows')


@test
def rvu_columns_in_another_order(files):
    """Columns are found by their headers."""
    data = own.rvu_data()
    rows = own.rvu_csv(data)
    moved = [row[:5] + row[10:11] + row[5:10] + row[11:] for row in rows]
    files.read(files.write('PPRRVU2025_Oct.csv', own.csv_bytes(moved)))
    same(files.dump('mpfs', '2025-01-01'), mpfs_expected(data, 2025, 'RVU25D'), 'rows')


@test
def rvu_fixed(files):
    for year, name, release in ((2025, 'PPRRVU25_JAN.txt', 'RVU25A'),
                                (2026, 'PPRRVU2026_Apr_nonQPP.txt', 'RVU26B')):
        data = own.rvu_data(year)
        path = files.write(name, own.lines_bytes(own.rvu_fixed(data, year)))
        same(files.read(path)[0]['release'], release, 'told')
        same(files.dump('mpfs', f'{year}-06-01'), mpfs_expected(data, year, release), name)


@test
def rvu_forms_and_revisions(files):
    """csv and text of one release, the correction of a release, in any order: the same store."""
    first = own.rvu_data()
    second = own.rvu_data()
    second[7][5:7], second[7][11:13] = ['9.99', '0.00'], ['10.06', '10.06']
    second[7][8], second[7][10] = '0.00', '0.07'
    paths = [files.write('PPRRVU2025_Jan.csv', own.csv_bytes(own.rvu_csv(first, 2025, 'January'))),
             files.write('PPRRVU2025_Jan.txt', own.lines_bytes(own.rvu_fixed(first))),
             files.write('RVU25AR/PPRRVU2025_JanR.csv',
                         own.csv_bytes(own.rvu_csv(second, 2025, 'January')))]
    same([r['begin'] for r in files.read(*paths)], ['new', 'replaced', 'new'], 'begins')
    sha = files.sha()
    same(files.dump('mpfs', '2025-01-01'), mpfs_expected(second, 2025, 'RVU25A'), 'rows')
    for order in ((2, 0, 1), (1, 2, 0), (1, 0, 2)):
        files.read(*(paths[i] for i in order))
        same(files.sha(), sha, f'store of order {order}')


@test
def rvu_issued_again(files):
    """Of two issues of one release the one released later is kept, in any order."""
    first, second = own.rvu_data(), own.rvu_data()
    second[7][18] = '0'
    later = own.rvu_csv(second)
    later[3][2] = 'RELEASED 10/02/2025'
    paths = [files.write('a/PPRRVU2025_Oct.csv', own.csv_bytes(own.rvu_csv(first))),
             files.write('b/PPRRVU2025_Oct.csv', own.csv_bytes(later))]
    files.read(*paths)
    sha = files.sha()
    same(files.dump('mpfs', '2025-01-01'), mpfs_expected(second, 2025, 'RVU25D'), 'rows')
    same([r['begin'] for r in files.read(*reversed(paths))], ['new', 'replaced'], 'begins')
    same(files.sha(), sha, 'store of the other order')


@test
def rvu_conflict(files):
    """Other contents under the same name, of the same day: nobody can tell which is right."""
    second = own.rvu_data()
    second[7][18] = '0'
    errors = files.run(files.write('a/PPRRVU2025_Oct.csv', own.csv_bytes(own.rvu_csv(second))),
                       files.write('PPRRVU2025_Oct.csv', own.csv_bytes(rvu())))[1]
    same([e['code'] for e in errors], ['import_conflict'], 'errors')


@test
def rvu_workbook(files):
    """Numbers as a workbook keeps them, with the noise of binary fractions."""
    data = own.rvu_data()
    sheet = own.workbook_bytes(own.rvu_csv(data))
    same(files.read(files.write('PPRRVU2025_Oct.xlsx', sheet))[0]['rows'], len(data), 'told')
    same(files.dump('mpfs', '2025-01-01'), mpfs_expected(data, 2025, 'RVU25D'), 'rows')


@test
def rvu_qpp(files):
    data = own.rvu_data(2026, 'Q', 6000)
    rows = own.csv_bytes(own.rvu_csv(data, 2026, 'January'))
    paths = [files.write('PPRRVU2026_Jan_QPP.csv', rows),
             files.write('x/PPRRVU2026_Jan.csv', rows)]
    expected = sorted([r[0], r[1], 335675, 'RVU26A', '2026-01-01', '2026-12-31'] for r in data)
    for path in paths:  # by name, and by factor where the name is silent
        same(files.read(path)[0]['table'], 'mpfs_qpp', 'told')
        same(files.dump('mpfs_qpp'), expected, 'rows')
        same(files.dump('mpfs', '2026-01-01'), [], 'rows of the others')


@test
def gpci(files):
    rows = own.gpci_rows(2026)
    path = files.write('GPCI2026.csv', own.csv_bytes(rows))
    same(files.read(path)[0]['release'], 'GPCI2026', 'told')
    same(files.dump('gpci'), gpci_expected(rows, 2026), 'csv')
    path = files.write('GPCI2026.txt', own.lines_bytes(own.gpci_lines(2026)))
    files.read(path)
    same(files.dump('gpci'), gpci_expected(rows, 2026), 'text')


@test
def gpci_of_later_archive(files):
    """The year's file comes again with every quarter; the newest counts, in any order."""
    old, new = own.gpci_rows(2026), own.gpci_rows(2026)
    new[5][5] = '1.234'
    paths = [files.write('rvu26a/GPCI2026.csv', own.csv_bytes(old)),
             files.write('rvu26c/GPCI2026.csv', own.csv_bytes(new))]
    files.read(*paths)
    sha = files.sha()
    same(files.dump('gpci'), gpci_expected(new, 2026), 'rows')
    files.read(*reversed(paths))
    same(files.sha(), sha, 'store of the other order')


@test
def locality(files):
    csv_rows = own.locality_rows()
    paths = [files.write('25LOCCO.csv', own.csv_bytes(csv_rows)),
             files.write('25LOCCO.txt', own.lines_bytes(own.locality_lines()))]
    note = files.read(paths[0])[0]['note']
    same(note, '150 numbers of contractors and localities had lost their leading zero', 'note')
    same(files.dump('locality'), locality_expected(csv_rows, 2025), 'csv')
    files.read(paths[1])
    same(files.dump('locality'), locality_expected(csv_rows, 2025), 'text')
    sha = (files.read(*paths), files.sha())[1]
    same((files.read(*reversed(paths)), files.sha())[1], sha, 'store of the other order')


@test
def zip5(files):
    lines = own.zip_lines()
    path = files.write('ZIP5_JAN2026.txt', own.lines_bytes(lines))
    same(files.read(path)[0]['release'], 'ZIP2026Q1', 'told')
    same(files.dump('zip_locality'), zip_expected(lines, 'ZIP2026Q1', '2026-01-01'), 'rows')


@test
def oppscap(files):
    rows = own.oppscap_rows()
    path = files.write('rvu25d/OPPSCAP_Oct.csv', own.csv_bytes(rows))
    same(files.read(path)[0]['release'], 'RVU25D', 'told')
    same(files.dump('opps_cap'), oppscap_expected(rows, 'RVU25D', 2025), 'rows')


@test
def anesthesia(files):
    for year, national in ((2025, '20.3178'), (2026, '20.4976'), (2023, '21.1249')):
        rows = own.anesthesia_rows(national)
        path = files.write(f'ANES{year}.csv', own.csv_bytes(rows))
        same(files.read(path)[0]['release'], f'ANES{year}', 'told')
        same(files.dump('anesthesia'), anesthesia_expected(rows, year), f'rows of {year}')


@test
def payment(files):
    lines = own.payment_lines()
    path = files.write('PFALL26A.txt', own.lines_bytes(lines))
    result = files.read(path)[0]
    same((result['release'], result['rows']), ('PF26A', len(lines) - 1), 'told')
    rows = [r for r in csv.reader(io.StringIO('\n'.join(lines))) if len(r) > 1]
    expected = sorted([r[3], r[1] + r[2], r[4].strip(), scaled(r[5], 2), scaled(r[6], 2), 'PF26A',
                       '2026-01-01', '2026-12-31'] for r in rows)
    same(files.dump('payment'), expected, 'rows')


# ---- broken copies ---------------------------------------------------------------------------

def cell(row, column, value):
    def change(rows):
        rows[row][column] = value
    return change


def cells(row, column, count, value):
    def change(rows):
        rows[row][column:column + count] = value
    return change


def every(column, value):
    """A column of all rows: None takes it out."""
    def change(rows):
        for row in rows:
            row[column:column + 1] = [] if value is None else [value]
    return change


def text(row, first, value):
    """Positions of a line, from 1."""
    def change(lines):
        at = first - 1
        lines[row] = lines[row][:at] + value + lines[row][at + len(value):]
    return change


def line(row, value):
    def change(lines):
        lines[row] = value(lines[row]) if callable(value) else value
    return change


def repeat(row, of):
    def change(rows):
        rows[row] = rows[of] if isinstance(rows[of], str) else list(rows[of])
    return change


def rvu(count=30, year=2025, month='October', factor=None):
    return own.rvu_csv(own.rvu_data(year, 'N', count, factor), year, month)


def fixed(year=2025):
    return own.rvu_fixed(own.rvu_data(year, 'N', 30), year)


RVU = 'PPRRVU2025_Oct.csv'
RVU26 = 'PPRRVU2026_Jul_nonQPP.csv'
TXT = 'PPRRVU2025_Oct.txt'
# name, rows or lines, what is broken, line of the first error, its code, words in it
BROKEN = [
    (RVU, rvu, every(5, None), 9, 'import_header', 'column WORK RVU: the column is missing'),
    (RVU, rvu, cell(8, 5, 'RVUS'), 9, 'import_header', 'column 6 has a header that is not known'),
    (RVU, rvu, cell(7, 5, ''), 9, 'import_header', 'column 6 has a header that is not known'),
    (RVU, rvu, cell(8, 6, 'RVU'), 9, 'import_header', 'column 7 has a header that is not known'),
    (RVU, rvu, cells(7, 5, 2, ['NON-FAC', 'WORK']), 9, 'import_header', '"NON-FAC RVU"'),
    (RVU, rvu, cell(8, 0, 'CODE'), 30, 'import_header', 'no row of the header begins with HCPCS'),
    (RVU, rvu, cells(12, 5, 0, ['0.00']), 13, 'import_cell', 'the row has 32 cells, the header 31'),
    (RVU, rvu, cells(12, 20, 11, []), 13, 'import_cell', 'the row has 20 cells, the header 31'),
    (RVU, rvu, cell(12, 5, '0.O3'), 13, 'import_cell', 'column WORK RVU: wanted a number'),
    (RVU, rvu, cell(12, 5, ''), 13, 'import_cell', 'column WORK RVU: wanted a number'),
    (RVU, rvu, cell(12, 5, '0.033'), 13, 'import_cell', 'column WORK RVU: wanted a number'),
    (RVU, rvu, cell(12, 5, '-1.00'), 13, 'import_cell', 'column WORK RVU: the number is out'),
    (RVU, rvu, cell(12, 5, '7.03'), 13, 'import_cell', 'a total is not the sum'),
    (RVU, rvu, cell(12, 15, '0.50'), 13, 'import_cell', 'PRE OP, INTRA OP and POST OP are no'),
    (RVU, rvu, cell(12, 3, 'Z'), 13, 'import_cell', 'column STATUS CODE: "Z" is none of: A B C'),
    (RVU, rvu, cell(12, 1, '27'), 13, 'import_cell', 'column MOD: "27" is none of'),
    (RVU, rvu, cell(12, 14, '091'), 13, 'import_cell', 'column GLOB DAYS: "091" is none of'),
    (RVU, rvu, cell(12, 19, '4'), 13, 'import_cell', 'column BILAT SURG: "4" is none of'),
    (RVU, rvu, cell(12, 20, '3'), 13, 'import_cell', 'column ASST SURG: "3" is none of'),
    (RVU, rvu, cell(12, 18, '8'), 13, 'import_cell', 'column MULT PROC: "8" is none of'),
    (RVU, rvu, cell(12, 0, 'Z001'), 13, 'import_cell', 'column HCPCS: wanted a code of 5'),
    (RVU, rvu, cell(12, 23, '4-5'), 13, 'import_cell', 'column ENDO BASE: wanted a code'),
    (RVU, rvu, cell(12, 24, '33.4009'), 13, 'import_cell', 'differs from the rows before'),
    (RVU, lambda: rvu(factor='32.3456'), None, 10, 'import_cell',
     'factor of 2025 nonQPP is 32.3465'),
    (RVU, rvu, repeat(20, 12), 21, 'import_cell', 'the same key stands in line 13'),
    (RVU, rvu, None, 41, 'import_row_count', 'has 32 rows, a whole file has 15000 to 25000'),
    (RVU, lambda: rvu(0), None, 9, 'import_row_count', 'there is no row of data'),
    ('PPRRVU2024_Oct.csv', rvu, None, 10, 'import_release', 'say different years'),
    ('PPRRVU2025_Jul.csv', rvu, None, 10, 'import_release', 'say different years or quarters'),
    (RVU, lambda: rvu(year=2026, month='July'), None, 10, 'import_release', 'say different years'),
    ('rows.csv', lambda: rvu(month='Late'), None, 10, 'import_release', 'says the quarter'),
    ('PPRRVU2025_Oct_QPP.csv', rvu, None, 10, 'import_release', 'qualifying participants'),
    ('PPRRVU2027_Jan.csv', lambda: rvu(30, 2027, 'January', '34.0000'), None, 10, 'import_release',
     'neither name nor factor says'),
    ('PPRRVU2026_Jul_QPP.csv', lambda: rvu(30, 2026, 'July'), None, 10, 'import_cell',
     'factor of 2026 QPP is 33.5675'),
    (RVU26, lambda: rvu(30, 2026, 'July'), every(23, None), 10, 'import_cell',
     'column PRIC IND: is empty'),
    (RVU26, lambda: rvu(30, 2026, 'July'), cell(12, 23, ''), 13, 'import_cell',
     'column PRIC IND: is empty'),
    (TXT, fixed, text(9, 63, 'x'), 10, 'import_cell', 'column WORK RVU: wanted a number'),
    (TXT, fixed, line(9, lambda old: ' ' + old), 10, 'import_cell', 'the record has moved'),
    (TXT, fixed, line(9, lambda old: old[:60] + old[61:]), 10, 'import_cell', 'the record'),
    (TXT, fixed, line(9, lambda old: old[:150]), 10, 'import_cell', 'ends at position 150'),
    (TXT, fixed, text(9, 121, '9'), 10, 'import_cell', 'column PRIC IND: has a value'),
    (TXT, fixed, text(9, 125, 'x'), 10, 'import_cell', 'position 125 should be empty'),
    (TXT, fixed, repeat(20, 9), 21, 'import_cell', 'the same key stands in line 10'),
    ('PPRRVU.txt', fixed, None, 3, 'import_release', 'says the year'),
    ('GPCI2025.csv', own.gpci_rows, every(5, None), 3, 'import_header', 'PE GPCI*: the column is'),
    ('GPCI2025.csv', own.gpci_rows, cell(2, 4, '2025 Work GPCI'), 3, 'import_header', 'column 5'),
    ('GPCI2025.csv', own.gpci_rows, cell(2, 5, '2024 PE GPCI'), 3, 'import_header',
     'years 2025 and 2024'),
    ('GPCI2026.csv', own.gpci_rows, None, 3, 'import_release', 'say different years'),
    ('GPCI2025.csv', own.gpci_rows, cell(9, 6, '0.3l'), 10, 'import_cell', 'column MP GPCI'),
    ('GPCI2025.csv', own.gpci_rows, cells(9, 4, 3, []), 10, 'import_cell', 'column PW GPCI'),
    ('GPCI2025.csv', own.gpci_rows, cell(9, 0, '112'), 10, 'import_cell', 'must be 5 digits'),
    ('GPCI2025.csv', own.gpci_rows, cell(9, 0, ''), 10, 'import_cell', 'must be 5 digits'),
    ('GPCI2025.csv', own.gpci_rows, cell(9, 2, 'AB'), 10, 'import_cell', 'must be 2 digits'),
    ('GPCI2025.csv', own.gpci_rows, cell(9, 3, ''), 10, 'import_cell', 'Locality Name: is empty'),
    ('GPCI2025.csv', own.gpci_rows, repeat(30, 9), 31, 'import_cell', 'stands in line 10'),
    ('GPCI2025.csv', own.gpci_rows, cells(40, 0, 7, ['A note', '', '', '', '', '', '']), 42,
     'import_cell', 'below the footnotes'),
    ('GPCI2025.csv', lambda: own.gpci_rows()[:60], None, 60, 'import_row_count', 'has 57 rows'),
    ('GPCI2025.txt', own.gpci_lines, line(9, lambda old: old[:100]), 10, 'import_cell', 'column'),
    ('GPCI2025.txt', own.gpci_lines, line(2, lambda old: old.replace('2025 PE', '2024 PE')), 3,
     'import_header', 'three indices of one year'),
    ('GPCI2025.txt', own.gpci_lines, repeat(30, 9), 31, 'import_cell', 'stands in line 10'),
    ('25LOCCO.csv', own.locality_rows, every(3, None), 3, 'import_header', 'Fee Schedule Area'),
    ('25LOCCO.csv', own.locality_rows, cell(4, 0, '12'), 5, 'import_cell', 'must be 5 digits'),
    ('25LOCCO.csv', own.locality_rows, cell(4, 1, ''), 5, 'import_cell', 'must be 2 digits'),
    ('25LOCCO.csv', own.locality_rows, cells(5, 0, 2, ['10000', '0']), 6, 'import_cell',
     'stands in line 5'),
    ('24LOCCO.csv', own.locality_rows, None, 3, 'import_release', 'say different years'),
    ('25LOCCO.txt', own.locality_lines, line(4, lambda old: old[:40]), 5, 'import_cell',
     'the row has 3 columns'),
    ('ZIP5.txt', lambda: own.zip_lines(count=99), text(9, 9, 'x'), 10, 'import_cell',
     'is no record of 80 positions'),
    ('ZIP5.txt', lambda: own.zip_lines(count=99), line(9, lambda old: old[:79]), 10, 'import_cell',
     'is no record of 80 positions'),
    ('ZIP5.txt', lambda: own.zip_lines(count=99), line(9, lambda old: old[:30] + 'x' + old[31:]),
     10, 'import_cell', 'is no record of 80 positions'),
    ('ZIP5.txt', lambda: own.zip_lines(count=99), text(9, 76, '20254'), 10, 'import_cell',
     'Year/Quarter: differs'),
    ('ZIP5.txt', lambda: own.zip_lines('20265', 99), None, 1, 'import_release', 'is no quarter'),
    ('ZIP5.txt', lambda: own.zip_lines(count=99), text(9, 15, 'Q'), 10, 'import_cell',
     'Rural Indicator: "Q" is none of'),
    ('ZIP5.txt', lambda: own.zip_lines(count=99), repeat(20, 9), 21, 'import_cell',
     'stands in line 10'),
    ('OPPSCAP_Oct.csv', own.oppscap_rows, None, 1, 'import_release', 'says the year'),
    ('rvu25c/OPPSCAP_Oct.csv', own.oppscap_rows, None, 1, 'import_release', 'says the year'),
    ('rvu25d/OPPSCAP_Oct.csv', own.oppscap_rows, cell(0, 5, 'PRICE'), 1, 'import_header',
     'column 6'),
    ('rvu25d/OPPSCAP_Oct.csv', own.oppscap_rows, cell(9, 5, '1,00.0'), 10, 'import_cell',
     'column FACILITY PRICE'),
    ('rvu25d/OPPSCAP_Oct.csv', own.oppscap_rows, cells(9, 3, 1, []), 10, 'import_cell',
     'column contractor'),
    ('rvu25d/OPPSCAP_Oct.csv', own.oppscap_rows, repeat(20, 9), 21, 'import_cell',
     'stands in line 10'),
    ('ANES2025.csv', lambda: own.anesthesia_rows('20.4976'), None, 1, 'import_header',
     'factor of 2025 is 20.3178'),
    ('ANES2025.csv', own.anesthesia_rows, cell(0, 3, 'National Anes CF of x'), 1, 'import_cell',
     'National Anes CF'),
    ('ANES.csv', own.anesthesia_rows, None, 1, 'import_release', 'says the year'),
    ('ANES2025.csv', own.anesthesia_rows, cell(9, 3, '203.1'), 10, 'import_cell', 'out of the'),
    ('ANES2025.csv', own.anesthesia_rows, repeat(20, 9), 21, 'import_cell', 'stands in line 10'),
    ('PFALL26A.txt', lambda: own.payment_lines(count=99), line(9, lambda old: old[:60] + '"'), 10,
     'import_cell', 'fields'),
    ('PFALL26A.txt', lambda: own.payment_lines(count=99), line(99, '"2026"'), 100, 'import_cell',
     'the row has 1 fields'),
    ('PFALL26A.txt', lambda: own.payment_lines(count=99)[:-1], None, 99, 'import_row_count',
     'no trailer'),
    ('PFALL25A.txt', lambda: own.payment_lines(count=99), None, 1, 'import_release', 'different'),
    ('PFALL26A.txt', lambda: own.payment_lines(count=99), text(9, 2, '2025'), 10, 'import_cell',
     'Year: differs'),
    ('PFALL26A.txt', lambda: own.payment_lines(count=99), text(9, 38, 'O'), 10, 'import_cell',
     'Non Facility Fee Schedule Amount'),
    ('PFALL26A.txt', lambda: own.payment_lines(count=99), repeat(20, 9), 21, 'import_cell',
     'stands in line 10'),
]


def broken(files, case):
    name, make, change, number, code, said = case
    rows = make()
    if change:
        change(rows)
    data = own.lines_bytes(rows) if isinstance(rows[0], str) else own.csv_bytes(rows)
    errors = files.run(files.write(name, data))[1]
    first = errors[0] if errors else {'line': None, 'code': 'no error', 'error': ''}
    same((first['line'], first['code']), (number, code), f'first error ({first["error"]})')
    if said not in first['error']:
        raise Failure(f'said "{first["error"]}", not "{said}"')


# ---- the originals ---------------------------------------------------------------------------

def shared_rows(name):
    return list(csv.reader(io.StringIO((SHARED / name).read_bytes().decode('cp1252'), newline='')))


def shared_lines(name):
    return (SHARED / name).read_bytes().decode('cp1252').split('\r\n')


def codes_only(rows):
    return [r for r in rows if re.fullmatch('[A-Z0-9]{5}', r[0]) and r[0] != 'HCPCS']


@original
def rvu25d(files):
    data = codes_only(shared_rows('rvu25d/PPRRVU2025_Oct.csv'))
    expected = mpfs_expected(data, 2025, 'RVU25D')
    for name in ('PPRRVU2025_Oct.csv', 'PPRRVU2025_Oct.txt'):
        same(files.read(SHARED / 'rvu25d' / name)[0]['rows'], 19090, name)
        same(files.dump('mpfs', '2025-10-15'), expected, name)


@original
def rvu25d_positions(files):
    """Every field of the fixed-width text is the cell of the csv: the layout is the right one."""
    data = codes_only(shared_rows('rvu25d/PPRRVU2025_Oct.csv'))
    lines = [x for x in shared_lines('rvu25d/PPRRVU2025_Oct.txt') if x and not x.startswith('HDR')]
    same(len(lines), len(data), 'lines')
    del files
    for record, row in zip(lines, data):
        row = row[:23] + [''] + row[23:]
        fields = [record[first - 1:last].strip() for first, last in own.POSITIONS]
        for i in (15, 16, 17):
            fields[i] = '0' + fields[i]
        same(fields, [c.strip() for c in row], f'record of {row[0]}')


@original
def rvu26c(files):
    data = codes_only(shared_rows('rvu26c/PPRRVU2026_Jul_nonQPP.csv'))
    path = SHARED / 'rvu26c/PPRRVU2026_Jul_nonQPP.csv'
    same(files.read(path)[0]['release'], 'RVU26C', 'told')
    same(files.dump('mpfs', '2026-07-01'), mpfs_expected(data, 2026, 'RVU26C'), 'rows')


@original
def all_together(files):
    """Both years and every form in one store, in two orders."""
    paths = [p for folder in ('rvu25d', 'rvu26c') for p in sorted((SHARED / folder).iterdir())]
    paths.append(SHARED / 'zip5/ZIP5_OCT2025.txt')
    files.read(*paths)
    sha = files.sha()
    for year, release, name in ((2025, 'RVU25D', 'rvu25d/PPRRVU2025_Oct.csv'),
                                (2026, 'RVU26C', 'rvu26c/PPRRVU2026_Jul_nonQPP.csv')):
        data = codes_only(shared_rows(name))
        same(files.dump('mpfs', f'{year}-12-31'), mpfs_expected(data, year, release), release)
    files.read(*reversed(paths))
    same(files.sha(), sha, 'store of the other order')


@original
def archive_as_published(files):
    """The archive of a quarter: what is known in two forms is read once, the rest is skipped."""
    archive = files.folder / 'rvu25d-0.zip'
    with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as into:
        for path in sorted((SHARED / 'rvu25d').iterdir(), reverse=True):
            into.write(path, path.name)
        into.writestr('RVU25D.pdf', b'%PDF-1.4')
    results = files.read(archive)
    same(sorted({r['table'] for r in results if r['table']}),
         ['anesthesia', 'gpci', 'locality', 'mpfs', 'opps_cap'], 'tables')
    same({r['release'] for r in results if r['table'] in ('mpfs', 'opps_cap')}, {'RVU25D'}, 'names')


@original
def gpci_originals(files):
    for year, name in ((2025, 'rvu25d/GPCI2025.csv'), (2026, 'rvu26c/GPCI2026.csv')):
        files.read(SHARED / name)
        same(files.dump('gpci'), gpci_expected(shared_rows(name), year), name)
    files.read(SHARED / 'rvu25d/GPCI2025.txt')
    same(files.dump('gpci'), gpci_expected(shared_rows('rvu25d/GPCI2025.csv'), 2025), 'text')


@original
def locality_originals(files):
    expected = locality_expected(shared_rows('rvu25d/25LOCCO.csv'), 2025)
    files.read(SHARED / 'rvu25d/25LOCCO.csv')
    same(files.dump('locality'), expected, 'csv')
    files.read(SHARED / 'rvu25d/25LOCCO.txt')
    keys = [re.fullmatch(r' {4}(\d{5}) {7}(\d\d) .*', x) for x in
            shared_lines('rvu25d/25LOCCO.txt')]
    found = files.dump('locality')
    same([r[:2] for r in found], sorted({(m[1], m[2]): [m[1], m[2]] for m in keys if m}.values()),
         'keys of the text')
    same([r[:2] for r in found], [r[:2] for r in expected], 'keys')
    for row, wanted in zip(found, expected):  # the text spells three places in its own way
        if row[0] != '01112' and row[0] != '01182':
            same(row[2:4], wanted[2:4], f'names of {row[:2]}')
            same(wanted[4].startswith(row[4][:20]), True, f'counties of {row[:2]}')


@original
def zip5_original(files):
    lines = shared_lines('zip5/ZIP5_OCT2025.txt')
    files.read(SHARED / 'zip5/ZIP5_OCT2025.txt')
    same(files.dump('zip_locality'), zip_expected(lines, 'ZIP2025Q4', '2025-10-01'), 'rows')


@original
def oppscap_original(files):
    files.read(SHARED / 'rvu25d/OPPSCAP_Oct.csv')
    same(files.dump('opps_cap'),
         oppscap_expected(shared_rows('rvu25d/OPPSCAP_Oct.csv'), 'RVU25D', 2025), 'rows')


@original
def anesthesia_original(files):
    files.read(SHARED / 'rvu25d/ANES2025.csv')
    same(files.dump('anesthesia'), anesthesia_expected(shared_rows('rvu25d/ANES2025.csv'), 2025),
         'rows')


# ---- run -------------------------------------------------------------------------------------

run(Files, [(f'broken {i}: {c[0]}, {c[5]}', lambda files, c=c: broken(files, c))
            for i, c in enumerate(BROKEN)], SHARED.is_dir())
