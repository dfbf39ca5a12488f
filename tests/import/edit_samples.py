"""Files in the layouts of the edit tables, with invented codes, for check_edit_tables.py."""
import csv
import io
import zipfile
from xml.sax.saxutils import escape

NOTICE = 'CPT only copyright 2025 American Medical Association.  All rights reserved.'
PTP_HEADER = [
    ['Column 1', 'Column 2', '*=in existence', 'Effective', 'Deletion', 'Modifier',
     'PTP Edit Rationale'],
    ['', '', 'prior to 1996', 'Date', 'Date', '0=not allowed', ''],
    ['', '', '', '', '*=no data', '1=allowed', ''],
    ['', '', '', '', '', '9=not applicable', ''],
]
PTP_ONE_LINE = [['Column 1', 'Column 2', '*=in existence\nprior to 1996', 'Effective\nDate',
                 'Deletion\nDate\n*=no data',
                 'Modifier\n0=not allowed\n1=allowed\n9=not applicable',
                 'PTP Edit Rationale']]
PTP_ROWS = [
    ['Z0001', 'Z0002', '', '20220101', '20231231', '1', 'Mutually exclusive procedures'],
    ['Z0001', 'Z0002', '', '20240101', '*', '0', 'Sequential procedure'],
    ['Z0001', 'Z0003', '*', '20220101', '20220101', '9', 'Mutually exclusive procedures'],
    ['Z0001', 'Z0003', '', '20220101', '*', '1', 'More extensive procedure'],
    ['Z0004', 'Z0002', '', '20180701', '20260630', '1', 'Sequential procedure'],
    ['0001Z', 'Z0002', '', '20230701', '*', '1', 'Sequential procedure'],
]
MUE_HEADER = ['HCPCS/\nCPT Code', 'Practitioner Services MUE Values',
              'MUE Adjudication Indicator', 'MUE Rationale']
MUE_ROWS = [
    ['Z0001', '1', '2 Date of Service Edit: Policy', 'Code Descriptor / CPT Instruction'],
    ['Z0002', '90000', '3 Date of Service Edit: Clinical', 'CMS Policy'],
    ['Z0003', '0', '1 Line Edit', 'CMS Policy'],
    ['0004Z', '4', '3 Date of Service Edit: Clinical', 'Nature of Analyte'],
]
AOC_HEADER = ['AOC_Edit_Type', 'Add-On_Code', 'AOC_DelDT', 'Primary_Code', 'Primary_Code_DelDT',
              'AOC_Edit_EffDT', 'AOC_Edit_DelDT', 'Special_Instruction_Notes']
AOC_ROWS = [
    ['1', 'Z0001', '', 'Z0002', '', '2013091', '', ''],
    ['1', 'Z0001', '', 'Z0003', '2022365', '2013091', '', ''],
    ['1', 'Z0001', '', 'Z0004', '2024366', '2013091', '2021365', ''],
    ['1', 'Z0001', '', 'Z0005', '', '2019001', '2019001', '(Suspended "for now")'],
    ['2', 'Z0006', '', 'CCCCC', '', '2020060', '', 'Contractor Defined Primary Codes'],
    ['3', 'Z0007', '2025365', 'CCCCC', '', '2026001', '', ''],
    ['3', 'Z0007', '', 'Z0001', '', '2026001', '', ''],
]


def changed(rows, row, column, value):
    """The rows with one cell replaced; row and column count from 0."""
    return [[value if (i, k) == (row, column) else cell for k, cell in enumerate(cells)]
            for i, cells in enumerate(rows)]


def without(rows, column):
    return [cells[:column] + cells[column + 1:] for cells in rows]


def tabs(rows, end='\r\n'):
    return ''.join('\t'.join(cells) + end for cells in rows).encode('cp1252')


def commas(rows, end='\n', encoding='cp1252'):
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def column_name(number):
    return chr(ord('A') + number)


def sheet_xml(rows, numeric):
    for number, cells in enumerate(rows, 1):
        yield f'<row r="{number}">'
        for k, text in enumerate(cells):
            if text == '':
                continue
            place = f'{column_name(k)}{number}'
            if numeric and text.isdigit() and not text.startswith('0'):
                yield f'<c r="{place}"><v>{text}</v></c>'
            else:
                yield f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        yield '</row>'


def workbook(rows, numeric=False):
    """A workbook of one sheet; numeric: cells of digits are numbers, as people save them."""
    main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
    relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    package = 'http://schemas.openxmlformats.org/package/2006'
    kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
    parts = {
        '[Content_Types].xml':
            f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
            '</Types>',
        '_rels/.rels':
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        'xl/workbook.xml':
            f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels':
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        'xl/worksheets/sheet1.xml':
            f'<worksheet xmlns="{main}"><sheetData>' + ''.join(sheet_xml(rows, numeric)) +
            '</sheetData></worksheet>',
    }
    return packed({name: ('<?xml version="1.0" encoding="UTF-8"?>' + text).encode()
                   for name, text in parts.items()})


def packed(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as book:
        for name, data in members.items():
            book.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def ptp_lines(rows=None, header=None):
    header = PTP_HEADER if header is None else header
    blank = [''] * (len(header[0]) - 1)
    return ([[NOTICE] + blank, ['Column1/Column2 Edits'] + blank] + header +
            (PTP_ROWS if rows is None else rows))


def mue_lines(rows=None, header=None):
    header = MUE_HEADER if header is None else header
    notice = 'Codes are copyright 2025. \n\nCPT™ © is a mark.\n\n“Restrictions” apply.'
    return ([[notice] + [''] * (len(header) - 1), header] +
            (MUE_ROWS if rows is None else rows))


def aoc_lines(rows=None, header=None):
    header = AOC_HEADER if header is None else header
    return ([[NOTICE] + [''] * (len(header) - 1), header] + (AOC_ROWS if rows is None else rows))
