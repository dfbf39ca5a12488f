#!/usr/bin/env python3
"""check_lists.py IMPORT_FILES DUMP_SHEET: every layout of code lists from files of our own, broken
copies of them, and the original files, row by row against a reading of its own. Speaks TAP."""
import csv
import gzip
import io
import json
import os
import re
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import list_samples as own
from harness import Failure, Imports, original, run, same, test
from list_samples import csv_bytes, lines_bytes

SHARED = Path(os.environ.get('SHARED', 'shared')) / 'data'


class Files(Imports):
    """A folder for files, and what imports them."""

    programs = sys.argv[1:3]

    def read(self, *paths):
        """[table, release, rows] of what was read."""
        return sorted([r['table'], r['release'], r['rows']] for r in super().read(*paths)
                      if r['table'] and r['begin'] == 'new')

    def check(self, table, expected, release, window=(None, None)):
        """Is the sheet what is expected, in any order of rows with equal keys?"""
        wanted = sorted({tuple(row) + (release,) + tuple(window) for row in expected}, key=str)
        same(sorted((tuple(row) for row in self.dump(table)), key=str), wanted, table)


# ---- what the rows should become -------------------------------------------------------------

def scaled(text, decimals):
    text = text.strip().replace(',', '')
    if text in ('', 'N/A'):
        return None
    value = Decimal(text).scaleb(decimals)
    if value != int(value):
        raise Failure(f'{text} has more than {decimals} decimals')
    return int(value)


def day_of(text):
    """CCYYMMDD, MM/DD/CCYY or CCYY-MM-DD."""
    text = text.strip()
    if text in ('', 'N/A'):
        return None
    if '/' in text:
        month, day, year = text.split('/')
        return f'{year}-{int(month):02d}-{int(day):02d}'
    return text if '-' in text else f'{text[:4]}-{text[4:6]}-{text[6:]}'


def hcpcs_check(files, data, release):
    """`data` as hcpcs_data gives it."""
    rows = [[r[0], day_of(r[3]), day_of(r[5]), r[2], r[6], day_of(r[4]), r[1]] for r in data]
    files.check('hcpcs', [r for r in rows if len(r[0]) == 5], release)
    files.check('hcpcs_modifier', [r for r in rows if len(r[0]) == 2], release)
    ended = sorted([r[0], r[2], release, None, r[2]] for r in rows if len(r[0]) == 5 and r[2])
    same(files.dump('code_ended', '2099-01-01'), ended, 'ended')
    late = max(r[1] for r in ended)
    same(files.dump('code_ended', late), [r for r in ended if r[1] < late], 'ended before the last')


def hcpcs_told(data, release):
    codes = [r for r in data if len(r[0]) == 5]
    return [['code_ended', release, sum(1 for r in codes if r[5])],
            ['hcpcs', release, len(codes)], ['hcpcs_modifier', release, len(data) - len(codes)]]


def asp_expected(rows):
    at = next(n for n, row in enumerate(rows) if row[0] == 'HCPCS Code')
    column = {name: n for n, name in enumerate(rows[at]) if name}
    return [[r[0], r[column['HCPCS Code Dosage']].strip(), scaled(r[column['Payment Limit']], 3),
             scaled(r[column['Co-insurance Percentage']], 3), r[column['Notes']].strip()]
            for r in rows[at + 1:] if any(r)]


def ndc_expected(rows):
    at = next(n for n, row in enumerate(rows) if 'NDC2' in row)
    column = {name: n for n, name in enumerate(rows[at]) if name}
    names = ('Drug Name', 'HCPCS dosage', 'PKG SIZE', 'PKG QTY')
    return [[int(r[column['NDC2']].replace('-', '')), r[0],
             *(r[column[name]].strip() for name in names), scaled(r[column['BILLUNITSPKG']], 3),
             scaled(r[column['BILLUNITS']], 3)]
            for r in rows[at + 1:] if any(r)]


def nppes_expected(rows):
    column = {name: n for n, name in enumerate(rows[0])}
    expected = []
    for r in rows[1:]:
        pairs = [(r[column[f'Healthcare Provider Taxonomy Code_{n}']],
                  r[column[f'Healthcare Provider Primary Taxonomy Switch_{n}']])
                 for n in range(1, 16)]
        codes = [c for c, s in pairs if c and s == 'Y'] + [c for c, s in pairs if c] + ['']
        expected.append([int(r[column['NPI']]), r[column['Entity Type Code']], codes[0],
                         r[column['Provider Business Practice Location Address State Name']],
                         day_of(r[column['NPI Deactivation Date']]),
                         day_of(r[column['NPI Reactivation Date']])])
    return expected


def nucc_expected(rows):
    return [[r[0], r[7].strip(), r[1].strip(), r[2].strip(), r[3].strip()] for r in rows[1:]]


def specialty_expected(rows):
    return [[r[2].strip(), re.sub(r'\[\d+\]$', '', r[0]), r[1].strip()] for r in rows[1:]
            if r[2].strip()]


def pos_expected(rows):
    return [[r[0], r[2].strip(), 'Y' if r[1] == 'Facility' else 'N'] for r in rows[1:]
            if r[1] != 'Unassigned']


def adjustment_expected(rows):
    return [[r[1].upper(), r[0], r[2].strip(), day_of(r[5]), day_of(r[7])] for r in rows[1:]]


def lcd_expected(rows):
    return [[r[0], r[1], int(r[2]), r[6].strip(), day_of(r[3]), day_of(r[4]), r[8]]
            for r in rows[1:]]


# ---- files of our own ------------------------------------------------------------------------

@test
def hcpcs_fixed(files):
    data = own.hcpcs_data()
    told = files.read(files.write('HCPC2026_JUL_ANWEB.txt', lines_bytes(own.hcpcs_lines(data))))
    same(told, hcpcs_told(data, 'HCPC2026_JUL'), 'told')
    hcpcs_check(files, data, 'HCPC2026_JUL')


@test
def hcpcs_fixed_utf8_without_blanks(files):
    """Letters of two bytes move no column; blanks at line ends may have been cut away."""
    data = own.hcpcs_data()
    lines = [line.rstrip(' ') for line in own.hcpcs_lines(data)]
    files.read(files.write('HCPC2026_JUL_ANWEB.txt', lines_bytes(lines, 'utf-8')))
    hcpcs_check(files, data, 'HCPC2026_JUL')


@test
def hcpcs_csv(files):
    data = own.hcpcs_data()
    rows = [row[2:] + row[:2] for row in own.hcpcs_rows(data)]  # found by their headers
    files.read(files.write('HCPC2026_OCT_ANWEB.csv', csv_bytes([['*Notice'], []] + rows)))
    hcpcs_check(files, data, 'HCPC2026_OCT')


@test
def hcpcs_forms_and_revisions(files):
    """Text and csv of one release, an excerpt, a corrected file: in any order the same bytes."""
    data = own.hcpcs_data()
    second = own.hcpcs_data()
    second[400][5] = '20260331'
    rows = own.hcpcs_rows(data)
    paths = [files.write('HCPC2026_JUL_ANWEB.txt', lines_bytes(own.hcpcs_lines(data))),
             files.write('HCPC2026_JUL_ANWEB.csv', csv_bytes(rows)),
             files.write('HCPC2026_JUL_ANWEB.subset.csv', csv_bytes(rows[:12])),
             files.write('HCPC2026_JUL_ANWEB_v2.txt', lines_bytes(own.hcpcs_lines(second)))]
    files.read(*paths)
    hcpcs_check(files, second, 'HCPC2026_JUL')
    image = files.image.read_bytes()
    files.read(*reversed(paths))
    same(files.image.read_bytes() == image, True, 'other order, same bytes')
    files.read(*paths[:3])
    hcpcs_check(files, data, 'HCPC2026_JUL')


@test
def hcpcs_excerpt(files):
    told = files.read(files.write('HCPC2026_OCT_ANWEB.subset.csv',
                                  csv_bytes(own.hcpcs_rows(own.hcpcs_data()[:3]))))
    same(told, [['hcpcs_modifier', 'HCPC2026_OCT', 3]], 'tables without rows are left alone')


@test
def drugs(files):
    asp, ndc = own.asp_rows(), own.ndc_rows()
    told = files.read(files.zip('july.zip', [
        ('x Payment Limit File 061526.csv', csv_bytes(asp, 'cp1252')),
        ('x Crosswalk 061526.csv', csv_bytes(ndc, 'cp1252'))]))
    same(told, [['asp', 'ASP26Q3', 700], ['ndc_hcpcs', 'ASP26Q3', 3101]], 'told')
    window = '2026-07-01', None
    files.check('asp', asp_expected(asp), 'ASP26Q3', window)
    files.check('ndc_hcpcs', ndc_expected(ndc), 'ASP26Q3', window)


@test
def drugs_replaced(files):
    """A file of a later day replaces the one of the quarter, in any order; quarters stand."""
    first, second = own.asp_rows(), own.asp_rows()
    second[9][3] = '77.777'
    before = own.asp_rows('Effective April 1, 2026 through June 30, 2026')
    paths = [files.write('Limits 061526.csv', csv_bytes(first)),
             files.write('Limits 070226.csv', csv_bytes(second)),
             files.write('Limits 120125.csv', csv_bytes(before))]
    for order in (paths, paths[::-1]):
        files.read(*order)
        found = [r for r in files.dump('asp') if r[0] == second[9][0]]
        # The open row is what was known before the next quarter was published.
        same([r[2:3] + r[5:] for r in found],
             [[scaled(before[9][3], 3), 'ASP26Q2', '2026-04-01', '2026-06-30'],
              [scaled(before[9][3], 3), 'ASP26Q2', '2026-04-01', None],
              [77777, 'ASP26Q3', '2026-07-01', None]], 'rows of a code')


@test
def drugs_before_shares(files):
    rows = own.asp_rows('Effective January 1, 2023 through March 31, 2023')
    for row in rows[6:]:
        del row[4]
    same(files.read(files.write('Limits 120122.csv', csv_bytes(rows))),
         [['asp', 'ASP23Q1', 700]], 'told')
    same({r[3] for r in files.dump('asp')}, {None}, 'shares')


@test
def providers(files):
    rows = own.nppes_rows()
    told = files.read(files.write('npidata_pfile_20260706-20260712.csv',
                                  csv_bytes(rows, quoted=True)))
    same(told, [['nppes', 'NPPES-2026-07-12-weekly', 60]], 'told')
    files.check('nppes', nppes_expected(rows), 'NPPES-2026-07-12-weekly')


@test
def providers_archive(files):
    """The header alone, and the files beside it, are not providers."""
    rows = own.nppes_rows()
    told = files.read(files.zip('NPPES_Data_Dissemination_July_2026.zip', [
        ('npidata_pfile_20260706-20260712_fileheader.csv', csv_bytes(rows[:1], quoted=True)),
        ('othername_pfile_20260706-20260712.csv', b'"NPI","Provider Other Organization Name"\r\n'),
        ('npidata_pfile_20260706-20260712.csv', csv_bytes(rows, quoted=True))]))
    same(told, [['nppes', 'NPPES-2026-07-12-weekly', 60]], 'told')


@test
def providers_whole(files):
    """A file from the first day on is whole, and this one is too small for that."""
    path = files.write('npidata_pfile_20050523-20260712.csv', csv_bytes(own.nppes_rows()))
    same([e['code'] for e in files.run(path)[1]], ['import_row_count'], 'errors')


@test
def taxonomy(files):
    rows = own.nucc_rows()
    told = files.read(files.write('nucc_taxonomy_260.csv', csv_bytes(rows)))
    same(told, [['taxonomy', 'NUCC26.0', 720]], 'told')
    files.check('taxonomy', nucc_expected(rows), 'NUCC26.0')


@test
def specialties(files):
    rows = own.specialty_rows()
    told = files.read(files.write('crosswalk_october_2026.csv', csv_bytes(rows)))
    same(told, [['specialty', '2026-10', 311]], 'told')
    files.check('specialty', specialty_expected(rows), '2026-10')


@test
def small_lists(files):
    pos, adjustment, lcd = own.pos_rows(), own.adjustment_rows(), own.lcd_rows()
    told = files.read(files.write('pos_2026-07-01.csv', csv_bytes(pos, quoted=True)),
                      files.write('adj_codes.csv', csv_bytes(adjustment, quoted=True)),
                      files.write('lcd_2026-07.csv', csv_bytes(lcd)))
    same(told, [['adjustment', 'adj_codes', 79], ['lcd_index', '2026-07-01', 30],
                ['pos_list', '2026-07-01', 51]], 'told')
    files.check('pos_list', pos_expected(pos), '2026-07-01')
    files.check('adjustment', adjustment_expected(adjustment), 'adj_codes')
    files.check('lcd_index', lcd_expected(lcd), '2026-07-01')


@test
def covered(files):
    rows = own.covered_rows()
    files.read(files.write('covered_2026-07-01.csv', csv_bytes(rows)))
    found = [[r[0], r[1], str(r[2]), r[4] or '', r[5] or ''] for r in files.dump('lcd_covered_dx')]
    same(sorted(found), sorted(rows[1:]), 'rows with windows')
    rows = own.covered_rows(dated=False)
    files.read(files.write('covered_2026-07-01.csv', csv_bytes(rows)))
    found = [[r[0], r[1], str(r[2])] for r in files.dump('lcd_covered_dx')]
    same(sorted(found), sorted(rows[1:]), 'rows without')


@test
def again(files):
    """The same file under another name, and twice, is known and changes nothing."""
    data = csv_bytes(own.nucc_rows())
    one = files.write('nucc_taxonomy_260.csv', data)
    files.read(one)
    image = files.image.read_bytes()
    same(sorted(r['begin'] for r in files.run(one, one)[0]), ['known', 'new'], 'told')
    same(files.image.read_bytes() == image, True, 'the same bytes')


# ---- broken copies ---------------------------------------------------------------------------

def cell(row, column, text):
    def change(rows):
        rows[row][column] = text
    return change


def cut(row, cells):
    def change(rows):
        del rows[row][cells:]
    return change


def column_away(header, column):
    def change(rows):
        for row in rows[header:]:
            del row[column]
    return change


def added(row):
    return lambda rows: rows.append(list(rows[row]))


def rows_away(first):
    def change(rows):
        del rows[first:]
    return change


def line(at, change):
    def apply(lines):
        lines[at] = change(lines[at])
    return apply


def line_away(at):
    def apply(lines):
        del lines[at]
    return apply


def fixed():
    return own.hcpcs_lines(own.hcpcs_data())


def over(column, text):
    """Other text from a column on, counted from 1."""
    return lambda x: x[:column - 1] + text + x[column - 1 + len(text):]


def hcsv():
    return own.hcpcs_rows(own.hcpcs_data())


HCPCS, HCSV = 'HCPC2026_JUL_ANWEB.txt', 'HCPC2026_JUL_ANWEB.csv'
NPI = 'npidata_pfile_20260706-20260712.csv'
NUCC, SPECIALTY = 'nucc_taxonomy_260.csv', 'crosswalk_october_2026.csv'
COLUMN = {name: n for n, name in enumerate(own.HCPCS_HEADER.split(','))}
# name, rows or lines, what is changed, line of the error, its code, words in it
BROKEN = [
    (HCPCS, fixed, line(3, over(10, 'A')), 5, 'import_cell', 'rows are missing'),
    (HCPCS, fixed, line(700, over(10, 'A')), 701, 'import_cell', 'is not a record'),
    (HCPCS, fixed, line(700, over(11, '9')), 701, 'import_cell', 'is not a record'),
    (HCPCS, fixed, line(3, lambda x: x[:280]), 4, 'import_cell', 'columns instead of 320'),
    (HCPCS, fixed, line(4, lambda x: x[:60]), 5, 'import_cell', 'columns instead of 320'),
    (HCPCS, fixed, line_away(4), 5, 'import_cell', 'rows are missing'),
    (HCPCS, fixed, line_away(3), 4, 'import_cell', 'rows are missing'),
    (HCPCS, fixed, line(3, over(269, '20241301')), 4, 'import_cell', 'add date: wanted a date'),
    (HCPCS, fixed, line(3, over(269, ' ' * 8)), 4, 'import_cell', 'add date: is empty'),
    (HCPCS, fixed, line(3, over(285, '19700101')), 4, 'import_cell', 'is before the add date'),
    (HCPCS, fixed, line(3, over(285, '2024O101')), 4, 'import_cell', 'termination date'),
    (HCPCS, fixed, line(3, over(230, '7')), 4, 'import_cell', 'coverage code: is none of'),
    (HCPCS, fixed, line(3, over(293, 'Z')), 4, 'import_cell', 'action code: is none of'),
    (HCPCS, fixed, line(3, over(1, 'A1234')), 4, 'import_cell', 'HCPCS'),
    (HCPCS, fixed, rows_away(4000), None, 'import_row_count', ''),
    ('HCPC_ANWEB.txt', fixed, lambda x: None, None, 'import_release', 'no year'),
    (HCSV, hcsv, column_away(0, COLUMN['TERM DT']), 1, 'import_header', 'TERM DT: is missing'),
    (HCSV, hcsv, cell(0, COLUMN['HCPC'], 'CODE'), 1, 'import_header', 'HCPC: is missing'),
    (HCSV, hcsv, cell(0, COLUMN['PRICE1'], 'TERM DT'), 1, 'import_header', 'stands twice'),
    (HCSV, hcsv, cell(300, COLUMN['RECID'], '5'), 301, 'import_cell', 'record id'),
    (HCSV, hcsv, cell(300, COLUMN['ADD DT'], '31/12/2020'), 301, 'import_cell', 'add date'),
    (HCSV, hcsv, cut(300, 40), 301, 'import_cell', 'has 40 cells, the header has 48'),
    (HCSV, hcsv, lambda rows: rows[300].append('x'), 301, 'import_cell', 'has 49 cells'),
    (HCSV, hcsv, added(300), 5332, 'import_cell', 'a code stands twice, first in line 301'),
    ('Limits.csv', own.asp_rows, cell(6, 3, 'Payment Limits'), 8, 'import_header',
     'Payment Limit: is missing'),
    ('Limits.csv', own.asp_rows, cell(6, 0, 'HCPCS'), 8, 'import_header', 'HCPCS Code'),
    ('Limits.csv', own.asp_rows, cell(2, 0, 'Effective soon'), None, 'import_release',
     "no line says 'Effective"),
    ('Limits.csv', own.asp_rows, cell(2, 0, 'Effective July 1, 2026 through June 31, 2026'), None,
     'import_release', ''),
    ('Limits.csv', own.asp_rows, lambda rows: rows.insert(15, rows.pop(2)), None, 'import_header',
     'is in no header'),
    ('Limits.csv', own.asp_rows, column_away(6, 4), 8, 'import_header',
     'Co-insurance Percentage: is missing'),
    ('Limits.csv', own.asp_rows, cell(20, 3, '13l.5'), 22, 'import_cell', 'Payment Limit: wanted'),
    ('Limits.csv', own.asp_rows, cell(20, 3, '-1'), 22, 'import_cell', 'Payment Limit'),
    ('Limits.csv', own.asp_rows, cell(20, 3, '1.2345'), 22, 'import_cell', 'Payment Limit'),
    ('Limits.csv', own.asp_rows, cell(20, 4, '100.5'), 22, 'import_cell', 'Co-insurance'),
    ('Limits.csv', own.asp_rows, cell(20, 0, 'B12'), 22, 'import_cell', 'HCPCS Code'),
    ('Limits.csv', own.asp_rows, cut(20, 4), 22, 'import_cell', 'has 4 cells'),
    ('Limits.csv', own.asp_rows, added(20), 709, 'import_cell', 'a code stands twice'),
    ('Limits.csv', own.asp_rows, rows_away(300), None, 'import_row_count', ''),
    ('Walk.csv', own.ndc_rows, cell(6, 0, 'CODE'), 7, 'import_header', '_CODE: is missing'),
    ('Walk.csv', own.ndc_rows, column_away(6, 3), 7, 'import_header', 'NDC2: is missing'),
    ('Walk.csv', own.ndc_rows, cell(50, 3, '0000-0001-01'), 51, 'import_cell', 'NDC2'),
    ('Walk.csv', own.ndc_rows, cell(50, 3, '00000-000A-01'), 51, 'import_cell', 'NDC2'),
    ('Walk.csv', own.ndc_rows, cell(50, 9, ''), 51, 'import_cell', 'BILLUNITSPKG: wanted'),
    ('Walk.csv', own.ndc_rows, added(50), 3109, 'import_cell', 'a number and its code'),
    (NPI, own.nppes_rows, cell(5, 0, '1234567890'), 10, 'import_cell', 'NPI: is not'),
    (NPI, own.nppes_rows, cell(5, 0, '123456789'), 10, 'import_cell', 'NPI: is not'),
    (NPI, own.nppes_rows, cell(5, 1, '3'), 10, 'import_cell', 'Entity Type Code: is none of 12'),
    (NPI, own.nppes_rows, cell(5, 5, '02/30/2020'), 10, 'import_cell', 'NPI Deactivation Date'),
    (NPI, own.nppes_rows, cell(5, 7, '20800'), 10, 'import_cell', 'taxonomy code'),
    (NPI, own.nppes_rows, cell(0, 6, 'Back'), 1, 'import_header',
     'NPI Reactivation Date: is missing'),
    (NPI, own.nppes_rows, cell(0, 0, 'Number'), 1, 'import_header', 'NPI: is missing'),
    (NPI, own.nppes_rows, column_away(0, 9), 1, 'import_header', 'Switch_1: is missing'),
    (NPI, own.nppes_rows, cut(5, 200), 10, 'import_cell', 'has 200 cells'),
    (NPI, own.nppes_rows, added(5), None, 'import_cell', 'NPI: stands twice'),
    (NUCC, own.nucc_rows, cell(0, 7, 'Part'), 1, 'import_header', 'Section: is missing'),
    (NUCC, own.nucc_rows, cell(3, 0, '90000000XX2'), 6, 'import_cell', 'taxonomy code'),
    (NUCC, own.nucc_rows, cell(3, 0, '9000000021'), 6, 'import_cell', 'taxonomy code'),
    (NUCC, own.nucc_rows, added(3), None, 'import_cell', 'a taxonomy code stands twice'),
    (NUCC, own.nucc_rows, rows_away(500), None, 'import_row_count', ''),
    ('taxonomy.csv', own.nucc_rows, lambda x: None, None, 'import_release', 'no version'),
    (SPECIALTY, own.specialty_rows, cell(1, 0, '1'), 2, 'import_cell', 'SPECIALTY CODE'),
    (SPECIALTY, own.specialty_rows, added(5), None, 'import_cell', 'stands twice'),
    (SPECIALTY, own.specialty_rows, cell(1, 2, '900'), 2, 'import_cell', 'taxonomy code'),
    (SPECIALTY, own.specialty_rows, cell(0, 2, 'TAXONOMY'), 1, 'import_header', 'is missing'),
    ('crosswalk.csv', own.specialty_rows, lambda x: None, None, 'import_release', 'no month'),
    ('pos.csv', own.pos_rows, cell(3, 1, 'Somewhere'), 4, 'import_cell', 'pos_type'),
    ('pos.csv', own.pos_rows, cell(3, 0, '3'), 4, 'import_cell', 'pos_code'),
    ('pos.csv', own.pos_rows, cell(0, 1, 'kind'), 1, 'import_header', 'pos_type: is missing'),
    ('pos.csv', own.pos_rows, added(3), 53, 'import_cell', 'stands twice, first in line 4'),
    ('adj.csv', own.adjustment_rows, cell(9, 1, 'CARK'), 10, 'import_cell', 'adj_type'),
    ('adj.csv', own.adjustment_rows, cell(9, 5, '1995-13-01'), 10, 'import_cell', 'start_date'),
    ('adj.csv', own.adjustment_rows, cell(0, 7, 'end'), 1, 'import_header', 'adj_end_date'),
    ('adj.csv', own.adjustment_rows, added(9), 81, 'import_cell', 'stands twice'),
    ('lcd.csv', own.lcd_rows, cell(4, 1, 'Policy'), 5, 'import_cell', 'type: is not Article'),
    ('lcd.csv', own.lcd_rows, cell(4, 2, '1x'), 5, 'import_cell', 'version: wanted'),
    ('lcd.csv', own.lcd_rows, cell(4, 4, 'never'), 5, 'import_cell', 'retirement_date: wanted'),
    ('lcd.csv', own.lcd_rows, added(4), 32, 'import_cell', 'stands twice'),
    ('dx.csv', own.covered_rows, cell(4, 1, 'M47.816'), 5, 'import_cell', 'diagnosis: wanted'),
    ('dx.csv', own.covered_rows, cell(4, 2, '0'), 5, 'import_cell', 'group'),
    ('dx.csv', own.covered_rows, cell(4, 4, '2020-01-01'), 5, 'import_cell', 'is before'),
    ('dx.csv', own.covered_rows, cell(0, 2, 'grp'), 1, 'import_header', 'group: is missing'),
    ('dx.csv', own.covered_rows, added(4), 43, 'import_cell', 'stands twice, first in line 5'),
]


def broken(files, case):
    name, make, change, number, code, said = case
    rows = make()
    change(rows)
    data = lines_bytes(rows) if make is fixed else csv_bytes(rows)
    errors = files.run(files.write(name, data))[1]
    hits = [e for e in errors if e['code'] == code and said in e['error']
            and number in (None, e['line'])]
    if not hits or name not in errors[0]['file']:
        raise Failure(f'{errors[:3]}')


@test
def quote_never_closed(files):
    data = csv_bytes(own.nucc_rows()).replace(b'Grouping 5', b'"Grouping 5', 1)
    errors = files.run(files.write(NUCC, data))[1]
    same(bool(errors) and errors[0]['line'] > 0, True, f'refused with a line: {errors[:2]}')


@test
def derived_hcpcs(files):
    data = (b'Code,Description1,Description2,Type,Unknown1,Unknown2,Unknown3,Unknown4\n'
            b'A1001007,Invented,Invented,,,C,,200207012002\n')
    errors = files.run(files.write('HCPC2025_OCT_ANWEB.read_fwf.csv', data))[1]
    same([[e['line'], e['code']] for e in errors], [[1, 'import_header']], 'errors')
    same('import the original' in errors[0]['error'], True, 'what to do')


@test
def nobody_is_named(files):
    """What a row says of a person is in no error."""
    rows = own.nppes_rows()
    for row in rows[1:]:
        row[0], row[1], row[5] = '1999999999', 'SECRETKIND', 'SECRETDAY'
        row[7] = 'SECRETCODE1'
    errors = files.run(files.write(NPI, csv_bytes(rows)))[1]
    same(len(errors) >= 60, True, f'all are listed: {len(errors)}')
    same([e for e in errors if 'SECRET' in json.dumps(e) or '1999999999' in json.dumps(e)], [],
         'told')


# ---- the originals ---------------------------------------------------------------------------

def shared_rows(name, encoding='utf-8-sig'):
    text = (SHARED / name).read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text, newline='')))


def hcpcs_records(data):
    """Rows of hcpcs_data from fixed width."""
    lines = [x for x in data.decode('cp1252').split('\n') if re.match(r'.{5}\d{5}[37]', x)]
    return [[x[:5].strip(), x[91:119].strip(), x[229].strip(), x[268:276], x[276:284].strip(),
             x[284:292].strip(), x[292].strip()] for x in lines]


@original
def hcpcs_2024(files):
    path = SHARED / 'hcpcs/HCPC2024_OCT_ANWEB.reconstructed.txt.gz'
    data = hcpcs_records(gzip.decompress(path.read_bytes()))
    same(files.read(path), hcpcs_told(data, 'HCPC2024_OCT'), 'told')
    same(len(data), 8474, 'records')
    hcpcs_check(files, data, 'HCPC2024_OCT')


@original
def hcpcs_2019(files):
    """The text, and the workbook of the same archive, say the same."""
    path = SHARED / 'hcpcs/2019-Alpha-Numeric-HCPCS-File.zip'
    with zipfile.ZipFile(path) as archive:
        data = hcpcs_records(archive.read('HCPC2019_CONTR_ANWEB.txt'))
        book = files.write('HCPC2019_CONTR_ANWEB.xlsx', archive.read('HCPC2019_CONTR_ANWEB.xlsx'))
    same(files.read(path), hcpcs_told(data, 'HCPC2019'), 'told')
    same(len(data), 6800, 'records')
    hcpcs_check(files, data, 'HCPC2019')
    text = {table: files.dump(table) for table in ('hcpcs', 'hcpcs_modifier')}
    files.read(book)
    for table, rows in text.items():
        for row, found in zip(rows, files.dump(table), strict=True):
            same(found[:5], row[:5], f'{table} of the workbook')
            same(found[5] in (None, row[5]), True, f'{row[0]} of the workbook, which lacks days')
    image = files.image
    files.read(path, book)
    one = image.read_bytes()
    files.read(book, path)
    same(image.read_bytes() == one, True, 'other order, same bytes')


@original
def hcpcs_excerpt_2026(files):
    rows = shared_rows('hcpcs/HCPC2026_OCT_ANWEB.subset.csv')
    files.read(SHARED / 'hcpcs/HCPC2026_OCT_ANWEB.subset.csv')
    at = [COLUMN[name] for name in ('HCPC', 'ADD DT', 'TERM DT', 'COV', 'ACTION CD', 'ACT EFF DT',
                                    'SHORT DESCRIPTION')]
    expected = [[r[n].strip() for n in at] for r in rows[1:]]
    for r in expected:
        r[1], r[2], r[5] = day_of(r[1]), day_of(r[2]), day_of(r[5])
    files.check('hcpcs_modifier', expected, 'HCPC2026_OCT')


@original
def hcpcs_derived(files):
    errors = files.run(SHARED / 'hcpcs/HCPC2025_OCT_ANWEB.read_fwf.csv')[1]
    same([[e['line'], e['code']] for e in errors], [[1, 'import_header']], 'refused')


@original
def drugs_2026(files):
    window = '2026-01-01', None
    named = 'asp/section 508 version of January 2026 {} 121725.csv'
    limits = named.format('Medicare Part B Payment Limit File')
    walk = named.format('ASP NDC-HCPCS Crosswalk')
    told = files.read(SHARED / limits, SHARED / walk)
    same(told, [['asp', 'ASP26Q1', 877], ['ndc_hcpcs', 'ASP26Q1', 7125]], 'told')
    files.check('asp', asp_expected(shared_rows(limits, 'cp1252')), 'ASP26Q1', window)
    files.check('ndc_hcpcs', ndc_expected(shared_rows(walk, 'cp1252')), 'ASP26Q1', window)


@original
def providers_sample(files):
    same(files.read(SHARED / 'nppes/npidata_sample.csv'), [['nppes', 'NPPES', 99]], 'told')
    files.check('nppes', nppes_expected(shared_rows('nppes/npidata_sample.csv')), 'NPPES')


@original
def taxonomy_251(files):
    same(files.read(SHARED / 'nucc/nucc_taxonomy_251.csv'), [['taxonomy', 'NUCC25.1', 883]],
         'told')
    files.check('taxonomy', nucc_expected(shared_rows('nucc/nucc_taxonomy_251.csv')), 'NUCC25.1')


@original
def specialties_2025(files):
    name = 'nucc/Y2025_1_medicare_provider_and_supplier_taxonomy_crosswalk_october_2025.csv'
    same(files.read(SHARED / name), [['specialty', '2025-10', 565]], 'told')
    files.check('specialty', specialty_expected(shared_rows(name)), '2025-10')


@original
def small_lists_originals(files):
    names = ['pos/northstar_2024/pos_codes.csv', 'carc_rarc/adj_codes_group_carc_rarc.csv',
             'lcd/pain_lcd_article_index_2025-08.csv']
    told = files.read(*(SHARED / name for name in names))
    same(told, [['adjustment', 'adj_codes_group_carc_rarc', 1581],
                ['lcd_index', '2025-08-01', 249], ['pos_list', 'pos_codes', 99]], 'told')
    files.check('pos_list', pos_expected(shared_rows(names[0])), 'pos_codes')
    files.check('adjustment', adjustment_expected(shared_rows(names[1])),
                'adj_codes_group_carc_rarc')
    files.check('lcd_index', lcd_expected(shared_rows(names[2])), '2025-08-01')


# ---- run -------------------------------------------------------------------------------------

run(Files, [(f'broken {n}: {c[0]}, {c[5] or c[4]}', lambda files, c=c: broken(files, c))
            for n, c in enumerate(BROKEN)], SHARED.is_dir())
