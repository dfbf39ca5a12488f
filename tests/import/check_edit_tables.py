#!/usr/bin/env python3
"""check_edit_tables.py EDIT_TABLES: files in every layout of the edit tables are imported, broken
copies are refused at the right line, and the official files say in the store what Python reads in
them (skipped by name where those are not present). Speaks TAP."""
import csv
import datetime
import io
import os
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import edit_samples as own
from edit_samples import changed, commas, packed, tabs, without, workbook

TOOL = sys.argv[1]
SHARED = Path(os.environ.get('SHARED', 'shared')) / 'data'
PTP = 'ccipra-v322r0-f1.subset.txt'
MUE = 'MCR_MUE_PractitionerServices_Eff_04-01-2026.subset.csv'
AOC = 'AOC_V2026Q2-MCR.subset.xlsx'


def run(folder, paths, questions=()):
    """(lines of results and errors, status, answers)"""
    done = subprocess.run([TOOL, str(folder / 'image'), *map(str, paths)], text=True,
                          input=''.join(q + '\n' for q in questions), capture_output=True,
                          check=False)
    lines = done.stdout.split('\n')
    at = next((i for i, line in enumerate(lines) if line.startswith('status')), len(lines) - 1)
    return lines[:at], lines[at], lines[at + 1:-1], done.stderr


# ---- layouts of our own ----------------------------------------------------------------------

PTP_ANSWERS = {
    'pair\tZ0001\tZ0002': '2\t1\tv32.2\t2022-01-01\t2023-12-31\tMutually exclusive procedures'
                          '\t0\tv32.2\t2024-01-01\t-\tSequential procedure',
    'pair\tZ0002\tZ0001': '0',
    'pair\tZ0004\tZ0002': '1\t1\tv32.2\t2018-07-01\t2026-06-30\tSequential procedure',
    'pair\t0001Z\tZ0002': '1\t1\tv32.2\t2023-07-01\t-\tSequential procedure',
    'release\tncci_ptp\tv32.2': 'partial\t0\t6\t2026-07-01\t2026-09-30',
}
MUE_ANSWERS = {
    'mue\tZ0001': '1\t2\t2026Q2', 'mue\tZ0002': '90000\t3\t2026Q2', 'mue\tZ0003': '0\t1\t2026Q2',
    'mue\t0004Z': '4\t3\t2026Q2', 'mue\tZ0009': '',
    'release\tmue\t2026Q2': 'partial\t0\t4\t2026-04-01\t2026-06-30',
}
AOC_ANSWERS = {
    'addon\tZ0001\t2021-06-01': 'Z0002\t1\t2013-04-01\t-\tZ0003\t1\t2013-04-01\t2022-12-31'
                                '\tZ0004\t1\t2013-04-01\t2021-12-31',
    'addon\tZ0001\t2022-01-01': 'Z0002\t1\t2013-04-01\t-\tZ0003\t1\t2013-04-01\t2022-12-31',
    'addon\tZ0006\t2020-02-28': '', 'addon\tZ0006\t2020-02-29': 'CCCCC\t2\t2020-02-29\t-',
    'addon\tZ0007\t2026-05-01': 'Z0001\t3\t2026-01-01\t-',
    'release\taoc\tV2026Q2': 'partial\t0\t5\t2026-04-01\t2026-06-30',
}


def sheet(lines):
    """As in the workbooks: what stands at the end of a row and is empty is no cell."""
    return [list(cells) for cells in lines]


def hospital(lines, setting):
    return [[cell.replace('Practitioner Services', setting) for cell in cells] for cells in lines]


FOLLOWING = [['Z0001', f'Z{n:04}', '', start, end, '1', 'Sequential procedure']
             for n in range(100, 110)
             for start, end in (('20200101', '20211231'), ('20220101', '*'))]
PLACEHOLDERS = [[*cells[:3], '19960101' if cells[3] == '20200101' else cells[3], *cells[4:]]
                for cells in FOLLOWING]
SAME_DAY = [[*cells[:3], cells[3].replace('20220101', '20211231'), *cells[4:]]
            for cells in FOLLOWING]

# name, files, answers, what the note says
GOOD = [
    ('pairs as text', {PTP: tabs(own.ptp_lines())}, PTP_ANSWERS, 'read as last active day'),
    ('pairs as csv', {'ccipra-v322r0-f1.subset.csv': commas(own.ptp_lines())}, PTP_ANSWERS, ''),
    ('pairs with a header in one row of line breaks',
     {'ccipra-v322r0-f1.subset.csv': commas(own.ptp_lines(header=own.PTP_ONE_LINE))}, PTP_ANSWERS,
     ''),
    ('pairs as workbook', {'ccipra-v322r0-f1.subset.xlsx': workbook(own.ptp_lines())},
     PTP_ANSWERS, ''),
    ('pairs as workbook of numbers',
     {'ccipra-v322r0-f1.subset.xlsx': workbook(own.ptp_lines(), numeric=True)}, PTP_ANSWERS, ''),
    ('pairs in a zip', {'medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip':
                        packed({PTP: tabs(own.ptp_lines())})}, PTP_ANSWERS, ''),
    ('pairs in columns of another order',
     {PTP: tabs([cells[::-1] for cells in own.ptp_lines()])}, PTP_ANSWERS, ''),
    ('pairs in rows of another order',
     {PTP: tabs(own.ptp_lines(own.PTP_ROWS[::-1]))}, PTP_ANSWERS, 'not in order'),
    ('pairs with blank lines, empty cells and cp1252',
     {PTP: b'\x93\xa9\x94\t\t\t\t\t\t\r\n' + tabs(own.ptp_lines()) + b'\r\n\t\t\t\t\t\t\r\n\r\n'},
     PTP_ANSWERS, ''),
    ('pairs in UTF-8 with a mark', {PTP: b'\xef\xbb\xbf' + tabs(own.ptp_lines())}, PTP_ANSWERS,
     ''),
    ('pairs of hospitals', {'ccioph-v322r0-f2.subset.txt': tabs(own.ptp_lines())},
     {'pair_hospital\tZ0004\tZ0002': '1\t1\tv32.2\t2018-07-01\t2026-06-30\tSequential procedure',
      'pair\tZ0004\tZ0002': '0',
      'release\tncci_ptp_hospital\tv32.2': 'partial\t0\t6\t2026-07-01\t2026-09-30'}, ''),
    ('a revision and the first quarter',
     {'ccipra-v330r12-f4.subset.txt': tabs(own.ptp_lines())},
     {'release\tncci_ptp\tv33.0': 'partial\t12\t6\t2027-01-01\t2027-03-31'}, ''),
    ('deletion dates that are the last day', {PTP: tabs(own.ptp_lines(FOLLOWING))}, {},
     '10 windows follow on the day after, 0 on the same day'),
    ('start dates that are placeholders', {PTP: tabs(own.ptp_lines(PLACEHOLDERS))}, {},
     'cannot test: its start dates are placeholders'),
    ('a pair without effect that stands twice',
     {PTP: tabs(own.ptp_lines([own.PTP_ROWS[2]] * 2 + own.PTP_ROWS[3:]))}, {},
     '1 rows without effect stand twice'),
    ('unit limits as csv', {MUE: commas(own.mue_lines())}, MUE_ANSWERS, ''),
    ('unit limits with line ends of Windows', {MUE: commas(own.mue_lines(), '\r\n')},
     MUE_ANSWERS, ''),
    ('unit limits in UTF-8', {MUE: commas(own.mue_lines(), encoding='utf-8')}, MUE_ANSWERS, ''),
    ('unit limits as workbook', {MUE[:-3] + 'xlsx': workbook(own.mue_lines(), numeric=True)},
     MUE_ANSWERS, ''),
    ('unit limits whose header is one line',
     {MUE: commas(own.mue_lines(header=['HCPCS/CPT Code'] + own.MUE_HEADER[1:]))}, MUE_ANSWERS,
     ''),
    ('unit limits named by quarter',
     {'medicare-ncci-2026-q2-practitioner-services-mue-table-subset.zip':
      packed({'table.csv': commas(own.mue_lines())})}, MUE_ANSWERS, ''),
    ('unit limits in columns of another order',
     {MUE: commas([cells[::-1] for cells in own.mue_lines()])}, MUE_ANSWERS, ''),
    ('unit limits of hospitals',
     {'MCR_MUE_OutpatientHospitalServices_Eff_10-01-2025.subset.csv':
      commas(hospital(own.mue_lines(), 'Outpatient Hospital Services'))},
     {'mue_hospital\tZ0002': '1\t90000\t3\t2025Q4', 'mue\tZ0002': '',
      'release\tmue_hospital\t2025Q4': 'partial\t0\t4\t2025-10-01\t2025-12-31'}, ''),
    ('unit limits of suppliers',
     {'MCR_MUE_DMESupplierServices_Eff_01-01-2026.subset.csv':
      commas(hospital(own.mue_lines(), 'DME Supplier Services'))},
     {'mue_dme\t0004Z': '1\t4\t3\t2026Q1',
      'release\tmue_dme\t2026Q1': 'partial\t0\t4\t2026-01-01\t2026-03-31'}, ''),
    ('a whole table of unit limits',
     {'MCR_MUE_DMESupplierServices_Eff_01-01-2026.csv': commas(hospital(own.mue_lines(
         [[f'Z{n:04}', '1', '1 Line Edit', 'CMS Policy'] for n in range(2500)]),
         'DME Supplier Services'))},
     {'mue_dme\tZ2499': '1\t1\t1\t2026Q1',
      'release\tmue_dme\t2026Q1': 'whole\t0\t2500\t2026-01-01\t2026-03-31'}, ''),
    ('add-on codes as workbook', {AOC: workbook(own.aoc_lines())}, AOC_ANSWERS,
     '2 rows were deleted before they took effect'),
    ('add-on codes as workbook of numbers', {AOC: workbook(own.aoc_lines(), numeric=True)},
     AOC_ANSWERS, ''),
    ('add-on codes with Julian headers',
     {AOC: workbook(own.aoc_lines(header=[c + '_julian' if 'DT' in c else c
                                          for c in own.AOC_HEADER]))}, AOC_ANSWERS, ''),
    ('add-on codes as csv', {AOC[:-4] + 'csv': commas(own.aoc_lines())}, AOC_ANSWERS, ''),
    ('add-on codes as text', {AOC[:-4] + 'txt': tabs(own.aoc_lines())}, AOC_ANSWERS, ''),
    ('a revision of add-on codes',
     {'AOC_V2025Q4_01-MCR.subset.xlsx': workbook(own.aoc_lines())},
     {'release\taoc\tV2025Q4': 'partial\t1\t5\t2025-10-01\t2025-12-31'}, ''),
]


def ptp_bad(row, column, value):
    return {PTP: tabs(own.ptp_lines(changed(own.PTP_ROWS, row, column, value)))}


def mue_bad(row, column, value):
    return {MUE: commas(own.mue_lines(changed(own.MUE_ROWS, row, column, value)))}


def aoc_bad(row, column, value):
    return {AOC: workbook(own.aoc_lines(changed(own.AOC_ROWS, row, column, value)))}


def ptp_named(name):
    return {name: tabs(own.ptp_lines())}


HEADER_PTP = len(own.ptp_lines([]))
HEADER_MUE = 7
HEADER_AOC = 2
# name, files, errors: line (0: any), code, words
REFUSED = [
    *((f'pairs without column {k + 1}', {PTP: tabs(without(own.ptp_lines(), k))},
       [(0, 'import_header', '')]) for k in range(7)),
    *((f'pairs whose header {k + 1} has another name',
       {PTP: tabs(own.ptp_lines(header=changed(own.PTP_HEADER, 0, k, 'Column X')))},
       [(0, 'import_header', '')]) for k in range(7)),
    ('pairs whose indicators mean something else',
     {PTP: tabs(own.ptp_lines(header=changed(own.PTP_HEADER, 2, 5, '1=not allowed')))},
     [(3, 'import_header', 'not one of this layout'), (3, 'import_header', 'lacks')]),
    ('pairs with another column', {PTP: tabs([c + ['x'] for c in own.ptp_lines()])},
     [(3, 'import_header', 'cell 8')]),
    ('a column twice', {PTP: tabs([c + [c[0]] for c in own.ptp_lines()])},
     [(3, 'import_header', 'twice')]),
    ('pairs with a cell too many',
     {PTP: tabs(own.ptp_lines(own.PTP_ROWS[:3] + [own.PTP_ROWS[3] + ['x']]))},
     [(HEADER_PTP + 4, 'import_cell', 'cell 8')]),
    ('pairs and no header', {PTP: tabs(own.PTP_ROWS)}, [(0, 'import_', '')]),
    ('a header and no pairs', {PTP: tabs(own.ptp_lines([]))}, [(0, 'import_header', 'no row')]),
    *((f'pairs with {what}', ptp_bad(row, column, value),
       [(HEADER_PTP + 1 + row, 'import_cell', words)]) for what, row, column, value, words in (
           ('a day that is not', 0, 3, '20220230', 'Effective Date'),
           ('a month that is not', 0, 4, '20221301', 'Deletion Date'),
           ('a date in another form', 1, 3, '2024-01-01', 'Effective Date'),
           ('a letter in a date', 1, 3, '2O240101', 'Effective Date'),
           ('no effective date', 1, 3, '', 'Effective Date'),
           ('no deletion date', 1, 4, '', 'Deletion Date'),
           ('a star for effective', 1, 3, '*', 'Effective Date'),
           ('a date before NCCI', 4, 3, '19951231', 'before 1996'),
           ('a date in a far future', 4, 4, '22260630', 'year after the release'),
           ('the deletion first', 0, 4, '20211231', 'before the effective'),
           ('indicator 2', 0, 5, '2', '0, 1 or 9'), ('indicator x', 0, 5, 'x', '0, 1 or 9'),
           ('no indicator', 0, 5, '', '0, 1 or 9'), ('indicator 10', 0, 5, '10', '0, 1 or 9'),
           ('one code twice', 0, 1, 'Z0001', 'same code'),
           ('a short code', 2, 0, 'Z001', 'Column 1'), ('a small code', 2, 1, 'z0003', 'Column 2'),
           ('a letter within', 2, 1, 'Z0O03', 'Column 2'), ('no code', 2, 1, '', 'Column 2'),
           ('cp1252 in a code', 2, 1, 'Z000é', 'Column 2'),
           ('another flag', 2, 2, 'x', '1996'), ('no rationale', 2, 6, '', 'Rationale'))),
    ('two rows of one pair from one day', ptp_bad(1, 3, '20220101'),
     [(HEADER_PTP + 2, 'import_cell', f'line {HEADER_PTP + 1}')]),
    ('a row without effect and one with, in one window',
     {PTP: tabs(own.ptp_lines(own.PTP_ROWS + [own.PTP_ROWS[0][:5] + ['9', 'x']]))},
     [(HEADER_PTP + 7, 'import_cell', f'line {HEADER_PTP + 1}')]),
    ('a row that stands twice, far away',
     {PTP: tabs(own.ptp_lines(own.PTP_ROWS + own.PTP_ROWS[:1]))},
     [(HEADER_PTP + 7, 'import_cell', f'line {HEADER_PTP + 1}')]),
    ('a row that is cut off', {PTP: tabs(own.ptp_lines())[:-30]},
     [(HEADER_PTP + 6, 'import_cell', 'cut off')]),
    ('a rationale that is cut off', {PTP: tabs(own.ptp_lines())[:-5]},
     [(HEADER_PTP + 6, 'import_cell', 'cut off')]),
    ('a quote that is not closed', ptp_bad(1, 6, '"Sequential procedure'),
     [(HEADER_PTP + 2, 'import_', '')]),
    ('deletion dates that are the day after', {PTP: tabs(own.ptp_lines(SAME_DAY))},
     [(HEADER_PTP + 2, 'import_cell', 'last active day')]),
    *((f'pairs named {name}', ptp_named(name), [(0, 'import_release', words)])
      for name, words in (
          ('edits.txt', 'ccipra-v302r0-f1.txt'), ('ccipra-v324r0-f1.subset.txt', 'version'),
          ('ccipra-v322r0-f5.subset.txt', 'version'), ('ccipra-v322-f1.subset.txt', 'version'),
          ('ccioph-v322r0.subset.txt', 'ccioph-v302r0-f1.txt'),
          ('medicaid-ccipra-v322r0-f1.subset.txt', 'medicaid'),
          ('2026q2-ccipra-v322r0-f1.subset.txt', 'do not belong together'))),
    ('a member of another edition',
     {'ccipra-v321r0-f1.zip': packed({PTP: tabs(own.ptp_lines())})},
     [(0, 'import_release', 'different editions')]),
    ('too few pairs', {'ccipra-v322r0-f1.txt': tabs(own.ptp_lines())},
     [(0, 'import_row_count', '')]),
    ('a pair table of two errors',
     {PTP: tabs(own.ptp_lines(changed(changed(own.PTP_ROWS, 0, 5, '2'), 4, 0, 'x')))},
     [(HEADER_PTP + 1, 'import_cell', 'Modifier'), (HEADER_PTP + 5, 'import_cell', 'Column 1')]),

    *((f'unit limits without column {k + 1}', {MUE: commas(without(own.mue_lines(), k))},
       [(0, 'import_', '')]) for k in range(4)),
    *((f'unit limits whose header {k + 1} has another name',
       {MUE: commas(own.mue_lines(header=changed([own.MUE_HEADER], 0, k, 'MUE X')[0]))},
       [(0, 'import_header', '')]) for k in range(4)),
    ('unit limits with another column', {MUE: commas([c + ['x'] for c in own.mue_lines()])},
     [(0, 'import_header', 'cell 5')]),
    *((f'unit limits with {what}', mue_bad(row, column, value),
       [(HEADER_MUE + 1 + row, 'import_cell', words)]) for what, row, column, value, words in (
           ('a letter for a number', 0, 1, '1O', 'MUE Values'), ('no units', 0, 1, '', ''),
           ('fewer than none', 0, 1, '-1', 'MUE Values'), ('a half', 0, 1, '1.5', 'MUE Values'),
           ('too many', 0, 1, '99999999999999999999', 'MUE Values'),
           ('indicator 4', 1, 2, '4 Date of Service Edit: Clinical', 'Indicator'),
           ('another indicator than words', 1, 2, '2 Date of Service Edit: Clinical', 'Indicator'),
           ('no indicator', 1, 2, '', 'Indicator'), ('no rationale', 1, 3, '', 'Rationale'),
           ('a code of four', 3, 0, '004Z', 'CPT Code'), ('a code twice', 1, 0, 'Z0001', 'twice'),
       )),
    ('a row of limits that is cut off', {MUE: commas(own.mue_lines()).rstrip()[:-20]},
     [(HEADER_MUE + 4, 'import_cell', 'cut off')]),
    ('a row of limits with a cell too many',
     {MUE: commas(own.mue_lines(own.MUE_ROWS + [own.MUE_ROWS[0] + ['x']]))},
     [(HEADER_MUE + 5, 'import_cell', 'cell 5')]),
    ('a notice whose quote is not closed', {MUE: b'"' + commas(own.mue_lines()).replace(b'"', b'')},
     [(0, 'import_', '')]),
    *((f'unit limits named {name}', {name: commas(own.mue_lines())},
       [(0, 'import_release', words)]) for name, words in (
           ('mue.csv', 'Eff_04-01-2026'), ('MUE_Eff_04-15-2026.csv', 'quarter'),
           ('MUE_Eff_05-01-2026.csv', 'quarter'),
           ('MCD_MUE_PractitionerServices_Eff_04-01-2026.csv', 'medicaid'))),
    ('limits of another quarter than their zip',
     {'medicare-ncci-2026-q3-practitioner-services-mue-table.zip':
      packed({MUE: commas(own.mue_lines())})}, [(0, 'import_release', 'different quarters')]),
    ('too few limits', {MUE.replace('.subset', ''): commas(own.mue_lines())},
     [(0, 'import_row_count', '')]),

    *((f'add-on codes without column {k + 1}', {AOC: workbook(without(own.aoc_lines(), k))},
       [(0, 'import_', '')]) for k in range(8)),
    *((f'add-on codes whose header {k + 1} has another name',
       {AOC: workbook(own.aoc_lines(header=changed([own.AOC_HEADER], 0, k, 'AOC_X')[0]))},
       [(2, 'import_header', '')]) for k in range(8)),
    *((f'add-on codes with {what}', aoc_bad(row, column, value),
       [(HEADER_AOC + 1 + row, 'import_cell', words)]) for what, row, column, value, words in (
           ('a day 366 too many', 0, 5, '2026366', 'EffDT'),
           ('a day 0', 0, 5, '2026000', 'EffDT'), ('a day 400', 1, 4, '2026400', 'Primary_Code_D'),
           ('a date of another form', 0, 5, '20260401', 'EffDT'),
           ('a letter in a date', 1, 4, '2O22365', 'Primary_Code_DelDT'),
           ('no effective date', 0, 5, '', 'EffDT'), ('type 4', 0, 0, '4', 'AOC_Edit_Type'),
           ('no type', 0, 0, '', 'AOC_Edit_Type'), ('type 1 for all', 4, 0, '1', 'CCCCC'),
           ('type 2 with a primary', 0, 0, '2', 'CCCCC'),
           ('the deletion first', 2, 6, '2013090', 'before the effective'),
           ('itself as primary', 0, 3, 'Z0001', 'itself'), ('no add-on', 0, 1, '', 'Add-On_Code'),
           ('no primary', 0, 3, '', 'Primary_Code'), ('a short code', 0, 1, '123', 'Add-On_Code'),
           ('the contractor as add-on', 4, 1, 'CCCCC', 'Add-On_Code'),
           ('a row twice', 1, 3, 'Z0002', 'line 3'))),
    ('add-on codes in lines of fixed width',
     {'AOC_V2026Q2-F-MCR.txt': b'1Z0001       Z0002       2013091\r\n' * 50},
     [(0, 'import_unknown', '')]),
    ('add-on codes without a quarter', {'addon.xlsx': workbook(own.aoc_lines())},
     [(0, 'import_release', 'AOC_V2026Q2-MCR.xlsx')]),
    ('add-on codes of medicaid', {'AOC_V2026Q2-MCD.xlsx': workbook(own.aoc_lines())},
     [(0, 'import_release', 'medicaid')]),
    ('too few add-on codes', {AOC.replace('.subset', ''): workbook(own.aoc_lines())},
     [(0, 'import_row_count', '')]),
]


def write(folder, files):
    paths = []
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        paths.append(path)
    return paths


def try_good(folder, case):
    _, files, answers, note = case
    lines, status, said, stderr = run(folder, write(folder, files), answers)
    if status != 'status\t0' or stderr:
        return f'{status}: {lines} {stderr}'
    if not any(note in line for line in lines):
        return f'no note of {note!r}: {lines}'
    for (question, expected), answer in zip(answers.items(), said):
        if answer != expected:
            return f'{question!r}: {answer!r}, not {expected!r}'
    return None if len(said) == len(answers) else f'{len(said)} answers'


def refused(folder):
    """(name, what went wrong) of all broken copies. They are read in one run: each gets a folder of
    its own, and nothing may be written for any of them."""
    paths, found = [], {}
    for number, (_, files, _) in enumerate(REFUSED):
        (folder / f'{number}').mkdir()
        paths += write(folder / f'{number}', files)
    lines, status, _, stderr = run(folder, paths)
    for line in lines:
        if line.startswith('error'):
            _, path, *error = line.split('\t', 4)
            number = Path(path[len(str(folder)) + 1:]).parts[0]
            found.setdefault(int(number), []).append(error)
    for number, (name, _, expected) in enumerate(REFUSED):
        if status != 'status\t3' or stderr or (folder / 'image').exists():
            yield name, f'{status}: {stderr}'
        else:
            yield name, error_missing(found.get(number, []), expected)


def error_missing(errors, expected):
    for line, code, words in expected:
        if not any(e[1].startswith(code) and words in e[2] and line in (0, int(e[0]))
                   for e in errors):
            return f'no {code} of {words!r} at line {line}: {errors}'
    return f'too many: {errors}' if len(errors) > max(2, len(expected)) else None


# ---- the official files ----------------------------------------------------------------------

def iso(text):
    return '-' if text == '*' else f'{text[:4]}-{text[4:6]}-{text[6:]}'


def real_rows(path):
    """Rows as they stand: splitting 2.5 million of them would take the time of the test."""
    book = zipfile.ZipFile(path)
    data = book.read(book.namelist()[0])
    return [line for line in data.split(b'\r\n') if line[5:6] == b'\t' and line[:4].strip()]


def around(rows, at):
    """The pair of a row, and all its rows: they stand together."""
    pair, first, last = rows[at][:12], at, at
    while first > 0 and rows[first - 1][:12] == pair:
        first -= 1
    while last + 1 < len(rows) and rows[last + 1][:12] == pair:
        last += 1
    cells = [row.decode('cp1252').split('\t') for row in rows[first:last + 1]]
    return tuple(cells[0][:2]), [(c[5], 'v30.2', iso(c[3]), iso(c[4]), c[6]) for c in cells]


def try_real_pairs(folder, paths):
    rows = [row for path in paths for row in real_rows(path)]
    choice = random.Random(1).sample(range(len(rows)), 1000)
    wanted = dict(around(rows, at) for at in choice)
    pairs = sorted(wanted)
    questions = [f'pair\t{one}\t{two}' for one, two in pairs]
    lines, status, said, stderr = run(folder, paths, questions + ['release\tncci_ptp\tv30.2'])
    if status != 'status\t0' or stderr:
        return f'{status}: {lines} {stderr}'
    if sum(int(line.split('\t')[3]) for line in lines) != len(rows):
        return f'{len(rows)} rows in Python: {lines}'
    if not all('cannot test: its start dates are placeholders' in line for line in lines):
        return f'placeholders were not noticed: {lines}'
    if said[-1] != f'whole\t0\t{len(rows)}\t2024-07-01\t2024-09-30':
        return said[-1]
    for pair, answer in zip(pairs, said):
        cells = answer.split('\t')
        got = sorted(tuple(cells[i:i + 5]) for i in range(1, len(cells), 5))
        if got != sorted(wanted[pair]):
            return f'{pair}: {got}, not {sorted(wanted[pair])}'
    return None


def try_real_subset(folder, paths):
    lines, status, said, _ = run(folder, paths, ['pair\t0001A\t90473', 'release\tncci_ptp\tv32.2'])
    if status != 'status\t0' or lines[0].split('\t')[3] != '56':
        return f'{status}: {lines}'
    expected = ['1\t9\tv32.2\t2022-01-01\t2022-01-01\tCPT Manual or CMS manual coding instruction',
                'partial\t0\t56\t2026-07-01\t2026-09-30']
    return None if said == expected else said


def try_real_limits(folder, paths):
    text = paths[0].read_bytes().decode('cp1252')
    table = {r[0]: (r[1], r[2][0]) for r in csv.reader(io.StringIO(text))
             if re.fullmatch(r'[0-9A-Z]{5}', r[0])}
    codes = sorted(table)
    lines, status, said, _ = run(folder, paths,
                                 [f'mue\t{c}' for c in codes] + ['release\tmue\t2026Q2'])
    if status != 'status\t0' or int(lines[0].split('\t')[3]) != len(table) != 0:
        return f'{status}: {lines}, {len(table)} rows in Python'
    for code, answer in zip(codes, said):
        if answer != '\t'.join((*table[code], '2026Q2')):
            return f'{code}: {answer!r}, not {table[code]}'
    if said[-1] != f'whole\t0\t{len(table)}\t2026-04-01\t2026-06-30':
        return said[-1]
    return None


def julian(text):
    return (datetime.date(int(text[:4]), 1, 1) +
            datetime.timedelta(int(text[4:]) - 1)).isoformat() if text else '-'


def read_workbook(path):
    space = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
    book = zipfile.ZipFile(path)
    texts = [''.join(t.text or '' for t in item.iter(space + 't'))
             for item in ElementTree.fromstring(book.read('xl/sharedStrings.xml'))]
    for row in ElementTree.fromstring(book.read('xl/worksheets/sheet1.xml')).iter(space + 'row'):
        cells = [''] * 8
        for cell in row.iter(space + 'c'):
            value = cell.findtext(space + 'v')
            if value is not None:
                cells[ord(cell.get('r')[0]) - ord('A')] = texts[int(value)]
        yield cells


def try_real_addons(folder, paths):
    rows = [cells for cells in read_workbook(paths[0]) if re.fullmatch('[123]', cells[0])]
    day = '2020-07-01'
    expected = {}
    for kind, addon, addon_end, primary, primary_end, start, end, _ in rows:
        ends = [julian(e) for e in (addon_end, primary_end, end) if e]
        last = min(ends) if ends else '-'
        expected.setdefault(addon, set())
        if start != end and julian(start) <= day and (last == '-' or day <= last):
            expected[addon].add((primary, kind, julian(start), last))
    codes = sorted(expected)
    lines, status, said, _ = run(folder, paths, [f'addon\t{c}\t{day}' for c in codes] +
                                 ['release\taoc\tV2026Q2'])
    if status != 'status\t0' or int(lines[0].split('\t')[3]) != len(rows) != 0:
        return f'{status}: {lines}, {len(rows)} rows in Python'
    for code, answer in zip(codes, said):
        cells = answer.split('\t') if answer else []
        got = {tuple(cells[i:i + 4]) for i in range(0, len(cells), 4)}
        if got != expected[code]:
            return f'{code}: {got ^ expected[code]}'
    return None if said[-1].startswith('whole\t0\t') else said[-1]


REAL = [
    ('the pairs of 2024', 'ncci_ptp/*.zip', 4, try_real_pairs),
    ('the excerpt of pairs of 2026', 'ncci_ptp/*.txt', 1, try_real_subset),
    ('the unit limits of 2026', 'mue/*.csv', 1, try_real_limits),
    ('the add-on codes of 2026', 'aoc/*.xlsx', 1, try_real_addons),
]


def main():
    print(f'1..{len(GOOD) + len(REFUSED) + len(REAL)}')
    number, failed = 0, False

    def report(name, wrong, skip=''):
        nonlocal number, failed
        number += 1
        failed |= wrong is not None
        print(f'{"ok" if wrong is None else "not ok"} {number} - {name}{skip}', flush=True)
        if wrong is not None:
            print(f'# {wrong}')

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for case in GOOD:
            report(case[0], try_good(folder, case))
        for name, wrong in refused(Path(tempfile.mkdtemp(dir=folder))):
            report(name, wrong)
        for name, pattern, count, attempt in REAL:
            paths = sorted(SHARED.glob(pattern))
            if len(paths) != count:
                report(name, None, f' # SKIP {SHARED / pattern} is not there')
            else:
                report(name, attempt(folder, paths))
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
