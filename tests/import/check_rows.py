#!/usr/bin/env python3
"""check_rows.py IMPORT_DUMP: rows of text, archives and workbooks. Random files against Python's
csv module and hostile ones against the error they must give. Speaks TAP."""
import csv
import gzip
import io
import json
import random
import re
import subprocess
import sys
import zipfile

from harness import Failure, Folder, run, same, test

DUMP = sys.argv[1]
MEGABYTE = 1 << 20


class Files(Folder):
    """A folder for files, and what reads their rows."""

    def dump(self, name, data=None, *options):
        """Exit status, lines of output, lines of errors."""
        path = self.folder / name if data is None else self.write(name, data)
        done = subprocess.run([DUMP, str(path), *options], capture_output=True, check=False,
                              timeout=60)
        return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode()

    def rows(self, name, data):
        """[(line, cells)]; the file must be read without an error."""
        status, lines, errors = self.dump(name, data)
        same(status, 0, f'status of {name} ({errors})')
        return [(int(number), json.loads(cells))
                for number, cells, _ in (line.split('\t') for line in lines)]

    def refused(self, name, data, code, line, text):
        """`line` None: the error has one or none."""
        status, _, errors = self.dump(name, data)
        first = errors.splitlines()[0] if errors else ''
        want = f'{code}:' + ('' if line is None else f'{line}:')
        if status != 3 or not first.startswith(want) or text not in first:
            raise Failure(f'{name}: status {status}, {first[:300]!r} instead of {want} {text}')


# ---- text ------------------------------------------------------------------------------------

LETTERS = ['a', 'B', '7', ' ', '.', 'é', '’', '-']


def random_cells(rng, specials):
    return [''.join(rng.choices(LETTERS + specials, k=rng.randrange(0, 9)))
            for _ in range(rng.randrange(4, 9))]


def as_python_reads(text, delimiter):
    """[(line, cells)] with our blanks cut; a blank line is a row of one empty cell."""
    source = csv.reader(io.StringIO(text, newline=''), delimiter=delimiter, strict=True)
    rows = []
    line = 1
    for cells in source:
        rows.append((line, [cell.strip(' \t\r\n') for cell in cells] or ['']))
        line = source.line_num + 1
    return rows


def random_text(rng, delimiter):
    breaks = rng.choice(['\n', '\r\n'])
    specials = ['"', breaks, ','] + (['\t'] if delimiter == ',' and rng.random() < 0.3 else [])
    width = rng.randrange(4, 9)
    rows = []
    for _ in range(rng.randrange(2, 40)):
        cells = (random_cells(rng, specials if rng.random() < 0.4 else []) * 3)[:width]
        rows.append(cells)
    out = io.StringIO(newline='')
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    csv.writer(out, delimiter=delimiter, lineterminator=breaks, quoting=quoting).writerows(rows)
    text = re.sub('’+', '’', out.getvalue())  # é’’ in cp1252 would be UTF-8
    return text[:-len(breaks)] if rng.random() < 0.5 else text


@test
def random_commas(files):
    rng = random.Random(1)
    for _ in range(60):
        text = random_text(rng, ',')
        encoding = rng.choice(['utf-8', 'cp1252', 'utf-8-sig'])
        same(files.rows('r.csv', text.encode(encoding)), as_python_reads(text, ','), repr(text))


@test
def random_tabs(files):
    rng = random.Random(2)
    for _ in range(60):
        text = random_text(rng, '\t')
        encoding = rng.choice(['utf-8', 'cp1252', 'utf-8-sig'])
        same(files.rows('r.txt', text.encode(encoding)), as_python_reads(text, '\t'), repr(text))


def large_text(delimiter, quoting):
    rng = random.Random(3)
    out = io.StringIO(newline='')
    writer = csv.writer(out, delimiter=delimiter, lineterminator='\r\n', quoting=quoting)
    for number in range(24000):
        writer.writerow([number, 'x' * rng.randrange(0, 400), 'line\r\nbreak' if number % 7 else '',
                         'say "so"' if number % 11 == 0 else 'plain', 'é' * (number % 3)])
    return out.getvalue()


@test
def rows_across_buffers(files):
    """Files of several buffers: each row is cut somewhere."""
    for name, delimiter in (('l.csv', ','), ('l.txt', '\t')):
        text = large_text(delimiter, csv.QUOTE_MINIMAL)
        assert len(text) > 5 * MEGABYTE
        same(files.rows(name, text.encode('cp1252')), as_python_reads(text, delimiter), name)


@test
def line_ends(files):
    for end in ('\n', '\r\n', '\r'):
        text = end.join(['a,b,c', '', '1,2,"3' + end + '4"', 'x,y,z'])
        expected = [(1, ['a', 'b', 'c']), (2, ['']), (3, ['1', '2', '3' + end + '4']),
                    (5, ['x', 'y', 'z'])]
        same(files.rows('e.csv', text.encode()), expected, repr(end))
    same(files.rows('z.csv', b'a,b,c\r\n1,2,3\r\n\x1a'), [(1, ['a', 'b', 'c']),
                                                         (2, ['1', '2', '3'])], 'DOS end')


@test
def blanks_behind_quotes(files):
    same(files.rows('q.csv', b'a,b\n"x" ,"y" \r\n"",""\n'),
         [(1, ['a', 'b']), (2, ['x', 'y']), (3, ['', ''])], 'cells')


@test
def fixed_width(files):
    lines = ['0001 A00  0 Cholera, of some kind, unspecified', '0002 A000 1 Cholera, \u2019x\u2019']
    for encoding in ('cp1252', 'utf-8'):
        data = '\r\n'.join(lines * 3).encode(encoding)
        status, out, _ = files.dump('order.txt', data, '--field', '6', '9')
        same((status, out[:3]), (0, ['lines', '"A00"', '"A000"']), encoding)
        _, out, _ = files.dump('order.txt', None, '--field', '22', '24')
        same(out[2], '"\u2019x\u2019"', encoding)
        _, out, _ = files.dump('order.txt', None, '--field', '90', '99')
        same(out[1], '""', 'behind the end')


@test
def forms(files):
    notice = 'A notice, of words, with commas\r\nand more,\r\n'
    for name, data, form in (
            ('a.txt', notice + 'a\tb\tc\td\te\r\n1\t2\t3\t4\t5\r\n', 'tab'),
            ('a.txt', 'a,b,c\n1,2,3\n4,5,6\n7,8,9\n', 'comma'),
            ('a.csv', 'a,b\n1,2\n', 'comma'),
            ('a.csv', 'a\tb\tc\td\n1\t2\t3\t4\n', 'tab'),
            ('a.prn', notice + 'A0001  some words\nA0002  some, words\n', 'lines')):
        _, out, _ = files.dump(name, data.encode(), '--count')
        same(out[0], form, repr(data))


@test
def refused_text(files):
    ok = 'a,b,c\n1,2,3\n'
    for data, line, text in (
            (ok + '4,"5,6\n7,8,9\n', 3, 'a quote that opens here is never closed'),
            (ok + '4,"5\n5",6\n7,8,"9\n', 5, 'a quote that opens here is never closed'),
            (ok + '4,"5" x,6\n', 3, 'between a closing quote and the next cell'),
            (ok + '4,"a\nb"c,6\n', 4, 'between a closing quote and the next cell'),
            (ok + '4,5\0,6\n', 3, 'a NUL byte'),
            (ok + 'x' * (MEGABYTE + 1) + '\n', 3, 'longer than 1048576 bytes'),
            (ok + 'x' * (5 * MEGABYTE), 3, 'longer than 1048576 bytes'),
            (ok + '"' + 'x\n' * (2 * MEGABYTE), 3, 'is a quote left open?'),
            (ok + ',' * 512, 3, 'more than 512 cells'),
            ('\0', 1, 'a NUL byte')):
        files.refused('bad.csv', data.encode(), 'import_text', line, text)
    files.refused('bad.csv', ok.encode('utf-16'), 'import_text', 0, 'is UTF-16')
    long_row = ','.join(['x' * 2040] * 512)
    same(files.rows('ok.csv', (ok + long_row).encode())[2][1], long_row.split(','), '512 cells')


@test
def refused_files(files):
    files.refused('empty.csv', b'', 'file_unreadable', 0, 'is empty')
    (files.folder / 'folder').mkdir()
    for name, code, text in (('folder', 'file_is_directory', 'name the files in it'),
                             ('nothing.csv', 'file_missing', 'cannot open')):
        files.refused(name, None, code, 0, text)
    for data in (b'%PDF-1.4 x', b'\xd0\xcf\x11\xe0 x', b'7z\xbc\xaf\x27\x1c x', b'Rar!x'):
        files.refused('odd.csv', data, 'import_archive', 0, 'binary form that is not read')


# ---- archives --------------------------------------------------------------------------------

SMALL = b'a,b,c\r\n1,2,3\r\n'


def packed(members, level=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', level) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, level)
    return out.getvalue()


def bent(data, mark, offset, value):
    """The bytes with some replaced behind each occurrence of a mark."""
    at = data.find(mark)
    while at >= 0:
        data = data[:at + offset] + value + data[at + offset + len(value):]
        at = data.find(mark, at + 1)
    return data


@test
def archives(files):
    text = large_text(',', csv.QUOTE_MINIMAL).encode()
    plain = files.rows('p.csv', text)
    same(files.rows('p.csv.gz', gzip.compress(text)), plain, 'gz')
    same(files.rows('p.zip', packed([('in/p.csv', text)])), plain, 'zip')
    same(files.rows('p.zip', packed([('in/p.csv', text)], zipfile.ZIP_STORED)), plain, 'stored')


@test
def members(files):
    book = workbook([['a'], ['b']])
    data = packed([('d/', b''), ('d/Guide.PDF', b'x'), ('ReadMe_2026.txt', b'x'), ('a.TXT', SMALL),
                   ('A.xlsx', book), ('b.xlsx', book), ('__MACOSX/a.TXT', b'x')])
    status, out, errors = files.dump('m.zip', data, '--count')
    same((status, out), (0, ['comma', '2 rows, 6 cells', 'xlsx', '2 rows, 2 cells']), errors)
    same(sorted(errors.splitlines()), sorted([
        'note:d/Guide.PDF:skipped: a document', 'note:ReadMe_2026.txt:skipped: a document',
        'note:a.TXT:', 'note:A.xlsx:skipped: the text file holds the same', 'note:b.xlsx:',
        'note:__MACOSX/a.TXT:skipped: a document']), 'notes')


@test
def names_for_terminals(files):
    _, _, errors = files.dump('m.zip', packed([('a\x1b[2Jb\x7f.csv', b'a,b\0')]))
    same(errors.split(': ')[0].split('/')[-1], 'm.zip (a?[2Jb?.csv)', 'name')


@test
def refused_archives(files):
    good = packed([('a.csv', SMALL * 1000)])
    stored = packed([('a.csv', SMALL * 9)], zipfile.ZIP_STORED)
    inner = packed([('b.csv', SMALL)])
    locked = bent(bent(good, b'PK\3\4', 6, b'\1\0'), b'PK\1\2', 8, b'\1\0')
    noise = '\n'.join(str(random.Random(n).random()) for n in range(20000)).encode()
    zeros = b'0,0,0\n' * (50 * MEGABYTE // 6)
    for name, data, text in (
            ('nothing.zip', packed([]), 'no whole zip archive'),
            ('cut.zip', good[:-30], 'no whole zip archive'),
            ('cut.zip', good[:len(good) // 2], 'no whole zip archive'),
            ('crc.zip', stored.replace(b'1,2,3', b'1,2,4', 1), 'damaged'),
            ('data.zip', bent(good, b'PK\3\4', 60, b'\xff\xff\xff\xff'), 'damaged'),
            ('locked.zip', locked, 'is encrypted'),
            ('bomb.zip', packed([('a.csv', zeros)]), 'more than 400 times its size'),
            ('bomb.csv.gz', gzip.compress(zeros), 'more than 400 times its size'),
            ('nested.zip', packed([('b.zip', inner)]), 'archive inside an archive'),
            ('nested.zip.gz', gzip.compress(inner), 'archive inside an archive'),
            ('binary.zip', packed([('b.csv', b'%PDF-1.4')]), 'binary form that is not read'),
            ('many.zip', packed([(str(i), b'') for i in range(4097)]), 'more than 4096'),
            ('cut.csv.gz', gzip.compress(SMALL * 1000)[:-20], 'no whole gzip'),
            ('cut.csv.gz', gzip.compress(noise)[:-20], 'damaged')):
        files.refused(name, data, 'import_archive', None, text)
    for members_of in ([('d/', b'')], [('a.pdf', b'x'), ('README', b'x')]):
        files.refused('none.zip', packed(members_of), 'import_unknown', 0, 'holds no table')


# ---- workbooks -------------------------------------------------------------------------------

RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'


def workbook(rows=(), **parts):
    """Rows of texts as inline strings; parts named by their stem replace or add to it."""
    sheet = ''.join(f'<row r="{n}">' + ''.join(
        f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + '</row>'
        for n, row in enumerate(rows, 1))
    relations = ''.join(
        f'<Relationship Id="{name}" Type="{RELATION}/{kind}" Target="{target}"/>'
        for name, kind, target in (('r1', 'worksheet', 'worksheets/one.xml'),
                                   ('r2', 'worksheet', '/xl/worksheets/two.xml'),
                                   ('r3', 'styles', 'styles.xml'))
        + ((('r4', 'sharedStrings', 'sharedStrings.xml'),) if 'sharedStrings' in parts else ()))
    book = {'workbook': '<workbook xmlns:r="x"><sheets><sheet name="1" r:id="r1"/></sheets>'
                        '</workbook>',
            'worksheets/one': f'<worksheet><sheetData>{sheet}</sheetData></worksheet>',
            '_rels/workbook.xml.rels': f'<Relationships>{relations}</Relationships>'}
    book.update(parts)
    return packed([(f'xl/{name}' + ('' if name.endswith('.rels') else '.xml'),
                    text if isinstance(text, bytes) else text.encode())
                   for name, text in book.items() if text is not None])


def sheet_of(cells):
    return f'<worksheet><sheetData><row r="3">{cells}</row></sheetData></worksheet>'


@test
def cells_of_workbooks(files):
    strings = ('<sst><si><t>one</t></si><si><r><t>t</t></r><r><t>wo</t></r>'
               '<rPh><t>no</t></rPh></si><si/></sst>')
    styles = ('<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm"/>'
              '<numFmt numFmtId="171" formatCode="&quot;day&quot; 0"/></numFmts>'
              '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>'
              '<xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>')
    for cells, expected in (
            ('<c r="B3" t="s"><v>1</v></c><c r="D3" t="s"><v>0</v></c>', ['', 'two', '', 'one']),
            ('<c t="s"><v>2</v></c><c><v>5</v></c>', ['', '5']),
            ('<c t="str"><f>A1</f><v>text &amp; more</v></c>', ['text & more']),
            ('<c t="inlineStr"><is><r><t>a</t></r><r><t> b</t></r></is></c>', ['a b']),
            ('<c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c>', ['1', '#N/A']),
            ('<c t="d"><v>2026-04-01T00:00:00</v></c>', ['2026-04-01']),
            ('<c><v>2026091</v></c><c><v>-0.28999999999999998</v></c>', ['2026091', '-0.29']),
            ('<c><v>1.5E-2</v></c><c><v>1.2345E3</v></c><c><v>2E+5</v></c>',
             ['0.015', '1234.5', '200000']),
            ('<c><v>9.9999999999999996E-3</v></c><c><v>0.99999999999999999</v></c>',
             ['0.01', '1']),
            ('<c><v>33.400900000000003</v></c><c><v>12345678901234567</v></c>',
             ['33.4009', '12345678901234600']),
            ('<c s="1"><v>45292</v></c><c s="2"><v>45292.75</v></c><c s="3"><v>45292</v></c>',
             ['2024-01-01', '2024-01-01', '45292']),
            ('<c s="1"><v>61</v></c><c s="1"><v>60</v></c>', ['1900-03-01', '60']),
            ('<c r="ZZ3" s="1"/><c r="A3"><v>1</v></c>', ['1'])):
        data = workbook(sharedStrings=strings, styles=styles,
                        **{'worksheets/one': sheet_of(cells)})
        same(files.rows('c.xlsx', data), [(3, expected)], cells)
    since = '<workbook xmlns:r="x"><workbookPr date1904="1"/><sheets><sheet r:id="r1"/></sheets>' \
            '</workbook>'
    data = workbook(styles=styles, workbook=since,
                    **{'worksheets/one': sheet_of('<c s="1"><v>43830</v></c>')})
    same(files.rows('c.xlsx', data), [(3, ['2024-01-01'])], 'days since 1904')


@test
def sheets_of_workbooks(files):
    two = '<x:worksheet><x:sheetData><x:row><x:c><x:v>7</x:v></x:c></x:row></x:sheetData>' \
          '</x:worksheet>'
    hidden = '<workbook xmlns:q="x"><sheets><sheet q:id="r1" state="hidden"/><sheet q:id="r2"/>' \
             '</sheets></workbook>'
    data = workbook([['one']], workbook=hidden, **{'worksheets/two': two})
    same(files.rows('s.xlsx', data), [(1, ['7'])], 'first visible')
    same('first of 2 sheets' in files.dump('s.xlsx')[2], True, 'note')
    same(files.rows('s.zip', packed([('s.xlsx', data)])), [(1, ['7'])], 'in a zip')
    same(files.rows('s.csv', data), [(1, ['7'])], 'by content')
    rows = [[f'r{n}c{k}' for k in range(9)] for n in range(3000)]
    same(files.rows('s.xlsx', workbook(rows)), list(enumerate(rows, 1)), 'many rows')


@test
def refused_workbooks(files):
    entities = ('<!DOCTYPE w [<!ENTITY a "xxxxxxxxxx">' + ''.join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip('abcdefgh', 'bcdefghi')) + ']>')
    cell = '<c t="s"><v>{}</v></c>'.format
    for parts, text in (
            ({'worksheets/one': entities + sheet_of('<c><v>&i;</v></c>')},
             'declares a document type'),
            ({'sharedStrings': entities + '<sst><si><t>&i;</t></si></sst>'},
             'declares a document type'),
            ({'worksheets/one': '<a>' * 100000}, 'deeper than 64'),
            ({'worksheets/one': b'<a b="' + random.Random(4).randbytes(
                4 * MEGABYTE).translate(bytes(97 + i % 26 for i in range(256)))}, 'never ends'),
            ({'sharedStrings': '<sst/>', 'worksheets/one': sheet_of(cell(0))},
             'names a text that the workbook does not have'),
            ({'sharedStrings': '<sst><si/></sst>', 'worksheets/one': sheet_of(cell(-1))},
             'names a text that the workbook does not have'),
            ({'worksheets/one': sheet_of('<c r="ZZ3"><v>1</v></c>')}, 'columns 1 to 512'),
            ({'worksheets/one': '<worksheet><sheetData></worksheet>'}, 'is damaged'),
            ({'worksheets/one': sheet_of('<c><v>1</v></c>')[:-5]}, 'is damaged'),
            ({'workbook': ''}, 'is damaged'),
            ({'workbook': '<workbook/>'}, 'no visible sheet'),
            ({'worksheets/one': None}, 'lacks its part'),
            ({'_rels/workbook.xml.rels': None}, 'lacks its part')):
        files.refused('bad.xlsx', workbook(**parts), 'import_archive', None, f'{text}')
    good = workbook([['a'] * 9] * 400)
    files.refused('cut.xlsx', good[:-9], 'import_archive', 0, 'no whole zip archive')


run(Files)
