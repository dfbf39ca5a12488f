"""Reads what payment takes from places and drugs: practice cost indices, ZIP codes, anesthesia
factors, payment limits. Part of draw_data.py."""
import csv
import io
import re
import sys

NONE = '-'


def read_asp_rows(path):
    """code -> the cells of a payment limit that the sheet has."""
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode('latin-1'))))
    top = next(i for i, r in enumerate(rows) if r and r[0] == 'HCPCS Code')
    at = [rows[top].index(n) for n in ('HCPCS Code Dosage', 'Payment Limit',
                                       'Co-insurance Percentage', 'Notes')]
    return {r[0].strip(): [' '.join(r[i].split()) or NONE for i in at] for r in rows[top + 1:]
            if r and re.fullmatch(r'[A-Z0-9]{5}', r[0].strip())}


def place_name(text):
    """A name without the stars that point to footnotes."""
    return text.strip().rstrip('* ')


def read_places(path, header, names):
    """Rows below the header of a file by contractor and locality, columns by header name: a name
    is the beginning of a header, or its end when it begins with '*'."""
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode('latin-1'))))
    top = next(i for i, r in enumerate(rows) if r and r[0].startswith(header))
    cells = [cell.strip() for cell in rows[top]]

    def column(name):
        found = [i for i, cell in enumerate(cells)
                 if (re.search(name[1:], cell) if name[0] == '*' else cell.startswith(name))]
        if len(found) != 1:
            sys.exit(f'{path}: {len(found)} columns {name}')
        return found[0]

    at = [column(name) for name in names]
    table = [[r[i].strip() for i in at] for r in rows[top + 1:]
             if len(r) > max(at) and re.fullmatch(r'\d{4,5}', r[0].strip())]
    for row in table:
        row[0], row[1] = row[0].zfill(5), row[1].zfill(2)
    return cells, table


def read_gpci(path):
    """(contractor, locality, state, name, work, practice expense, malpractice)"""
    _, table = read_places(path, 'Medicare Admin', [
        'Medicare Admin', 'Locality Number', 'State', 'Locality Name', '* PW GPCI', '* PE GPCI',
        '* MP GPCI'])
    return [(*row[:3], place_name(row[3]), *row[4:]) for row in table]


def read_anesthesia(path):
    """(contractor, locality, name, factor, national factor)"""
    cells, table = read_places(path, 'Contractor', [
        'Contractor', '*^Locality$', 'Locality Name', 'National Anes CF of'])
    national = next(c for c in cells if c.startswith('National Anes CF of')).split()[-1]
    return [(*row[:2], place_name(row[2]), row[3], national) for row in table]


def read_zip5(path):
    """(zip, state, contractor, locality, rural, plus four), by the published positions."""
    for line in path.read_text(encoding='ascii').splitlines():
        if line.strip():
            yield (line[2:7], line[0:2], line[7:12], line[12:14], line[14].strip() or NONE,
                   line[20])


def tables(source, codes):
    """Name of a table -> its rows in the order of the image."""
    asp = read_asp_rows(source.path('asp/*Payment Limit File*'))
    gpci = [(*r[:2], f'GPCI{year}', *r[2:])
            for year, folder in (('2025', 'rvu25d'), ('2026', 'rvu26c'))
            for r in read_gpci(source.path(f'mpfs/{folder}/GPCI{year}.csv'))]
    return {
        'gpci': sorted(gpci),
        'zip_locality': sorted(read_zip5(source.path('mpfs/zip5/ZIP5_OCT2025.txt'))),
        'anesthesia': sorted(read_anesthesia(source.path('mpfs/rvu25d/ANES2025.csv'))),
        'asp': [(r['code'], *asp[r['code']]) for r in codes if r['code'] in asp],
    }
