"""Files in the layouts of the fee schedule family with invented codes and places, for
check_fees.py. Everything is lists of cells or lines, so that a test can break one of them."""
import csv
import io
import re
import zipfile
from xml.sax.saxutils import escape

FACTORS = {(2025, 'N'): '32.3465', (2026, 'N'): '33.4009', (2026, 'Q'): '33.5675'}
# Words of a header from top to bottom; the last stands in the row that begins with HCPCS.
HEAD_BEFORE = ('HCPCS,MOD,DESCRIPTION,STATUS|CODE,NOT USED|FOR|MEDICARE |PAYMENT,WORK|RVU,'
               'NON-FAC|PE RVU,NON-FAC|NA|INDICATOR,FACILITY|PE RVU,FACILITY |NA|INDICATOR,MP|RVU,'
               'NON-FACILITY|TOTAL,FACILITY|TOTAL,PCTC|IND,GLOB|DAYS,PRE|OP,INTRA|OP,POST|OP,'
               'MULT|PROC,BILAT|SURG,ASST|SURG,CO-|SURG,TEAM|SURG')
HEAD_BEHIND = ('ENDO|BASE,CONV|FACTOR,PHYSICIAN|SUPERVISION OF|DIAGNOSTIC|PROCEDURES,'
               'CALCULATION|FLAG,DIAGNOSTIC|IMAGING|FAMILY|INDICATOR,'
               'NON-FACILITY|PE USED|FOR OPPS|PAYMENT|AMOUNT,'
               'FACILITY|PE USED|FOR OPPS|PAYMENT|AMOUNT,MP USED|FOR OPPS|PAYMENT|AMOUNT')
POSITIONS = [(1, 5), (6, 7), (8, 57), (58, 58), (59, 59), (60, 65), (67, 72), (73, 74), (76, 81),
             (82, 83), (85, 89), (91, 96), (97, 102), (103, 103), (104, 106), (107, 109),
             (110, 112), (113, 115), (116, 116), (117, 117), (118, 118), (119, 119), (120, 120),
             (121, 121), (128, 132), (133, 140), (142, 143), (144, 144), (146, 147), (152, 157),
             (159, 164), (166, 171)]


def csv_bytes(rows, encoding='utf-8'):
    out = io.StringIO()
    csv.writer(out, lineterminator='\r\n').writerows(rows)
    return out.getvalue().encode(encoding)


def lines_bytes(lines):
    return ''.join(line + '\r\n' for line in lines).encode()


def workbook_bytes(rows):
    """A workbook whose decimal numbers are numbers, as a spreadsheet program writes them."""
    lines = []
    for row in rows:
        cells = ''
        for cell in row:
            if re.fullmatch(r'\d+\.\d+', cell):
                value = cell.rstrip('0').rstrip('.')
                value = value + '0000000000000001' if value == '0.17' else value
                cells += f'<c><v>{value}</v></c>'
            else:
                cells += f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        lines.append(f'<row>{cells}</row>')
    main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
    office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    package = 'http://schemas.openxmlformats.org/package/2006/relationships'
    parts = {
        'xl/workbook.xml': f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
                           '<sheet name="one" sheetId="1" r:id="rId1"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels': f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
                                      f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
                                      '</Relationships>',
        'xl/worksheets/sheet1.xml': f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}'
                                    '</sheetData></worksheet>'}
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as into:
        for name, text in parts.items():
            into.writestr(name, text)
    return out.getvalue()


# ---- PPRRVU ----------------------------------------------------------------------------------

def decimal(cents):
    return f'{cents // 100}.{cents % 100:02d}'


def rvu_row(number, modifier, year, factor):
    """One row; values depend on the number, so that rows and columns differ."""
    code = 'UVWXYZ'[number // 3000] + f'{number % 3000:04d}'
    work, malpractice = number % 977, number % 89
    nonfacility, facility = number % 1013, number % 701
    row = [code, modifier, f'Invented, {number}', 'ABCEIJMNPRTX'[number % 12],
           '+' if number % 50 == 0 else '', decimal(work), decimal(nonfacility),
           'NA' if number % 7 == 0 else '', decimal(facility), 'NA' if number % 11 == 0 else '',
           decimal(malpractice), decimal(work + nonfacility + malpractice),
           decimal(work + facility + malpractice), str(number % 10),
           ['000', '010', '090', 'XXX', 'YYY', 'ZZZ', 'MMM'][number % 7]]
    row += ['0.10', '0.69', '0.21'] if number % 7 == 2 else ['0.00', '0.00', '0.00']
    row += ['02345679'[number % 8], '01239'[number % 5], '0129'[number % 4],
            '0129'[number // 4 % 4], '0129'[number // 16 % 4]]
    row += ['9'] if year >= 2026 else []
    return row + ['U0001' if number % 40 == 3 else '', factor,
                  ['09', '01', '02', '03', '6A'][number % 5], '0',
                  '88' if number % 40 == 1 else '99', decimal(number % 333),
                  decimal(number % 222), decimal(number % 111)]


def rvu_data(year=2025, qpp='N', count=15100, factor=None):
    rows = []
    factor = factor or FACTORS[year, qpp]
    for number in range(count):
        rows.append(rvu_row(number, '', year, factor))
        if number % 500 == 0:
            rows += [rvu_row(number, m, year, factor) for m in ('26', 'TC')]
    return rows


def rvu_header(year):
    names = HEAD_BEFORE + (',PRIC|IND,' if year >= 2026 else ',') + HEAD_BEHIND
    words = [name.split('|') for name in names.split(',')]
    columns = [[''] * (5 - len(column)) + column for column in words]
    return [[column[i] for column in columns] for i in range(5)]


def rvu_csv(data, year=2025, month='October'):
    width = len(rvu_header(year)[0])

    def title(text):
        return ['', '', text] + [''] * (width - 3)
    head = [title(f'{year} National Physician Fee Schedule Relative Value File {month} Release'),
            title('Nothing here is of the AMA. '), title(' '), title('RELEASED 09/11/2025')]
    return head + rvu_header(year) + data


def rvu_fixed(data, year=2025):
    """The same rows as records; the shares of a package stand without their zero."""
    lines = ['HDR NOTHING HERE IS OF ANYBODY BUT THE AUTHORS     ', 'HDR RESERVED.   ']
    for row in data:
        row = row if year >= 2026 else row[:23] + [''] + row[23:]
        line = [' '] * 172
        for column, ((first, last), cell) in enumerate(zip(POSITIONS, row)):
            cell = cell[1:] if column in (15, 16, 17) else cell
            number = column in (5, 6, 8, 10, 11, 12, 25, 29, 30, 31)
            size = last - first + 1
            line[first - 1:last] = cell.rjust(size) if number else cell.ljust(size)
        lines.append(''.join(line))
    return lines


# ---- places ----------------------------------------------------------------------------------

def places(count=100):
    """Contractor, locality, name with its star."""
    return [(f'{1000 + n % 30:05d}' if n % 2 else f'{10000 + n % 30}', f'{n // 30:02d}',
             f'PLACE {n}, REST OF IT' + ('*' if n % 10 == 3 else '')) for n in range(count)]


GPCI_NOTES = ['*Work GPCI reflects a floor.', '', '**Note: of nothing, to be sure.']


def gpci_rows(year=2025):
    rows = [[f'ADDENDUM E. FINAL CY {year} GEOGRAPHIC PRACTICE COST INDICES (GPCIs)'] + [''] * 6,
            [''] * 7,
            ['Medicare Administrative Contractor (MAC)', 'State', 'Locality Number',
             'Locality Name', f'{year} PW GPCI (with 1.0 Floor)***', f'{year} PE GPCI',
             f'{year} MP GPCI']]
    for n, (carrier, locality, name) in enumerate(places()):
        rows.append([carrier, 'AK', locality, name, '1' if n % 9 == 0 else f'1.{n:03d}',
                     f'0.9{n % 100:02d}', f'0.{300 + n}'])
    return rows + [[note] + [''] * 6 for note in GPCI_NOTES]


def gpci_lines(year=2025):
    lines = [f'ADDENDUM E. FINAL CY {year} GEOGRAPHIC PRACTICE COST INDICES (GPCIs)', '',
             'Medicare Admi State  Locality                      Locality Name               '
             f'{year} PW GPCI{year} PE GPCI{year} MP GPCI']
    for row in gpci_rows(year)[3:-len(GPCI_NOTES)]:
        lines.append(f'{row[0]:16}{row[1]:8}{row[2]:5}{row[3]:60}' +
                     ''.join(f'{cell:>12}' for cell in row[4:]))
    return lines + GPCI_NOTES


def locality_rows(year=2025, zeros=False):
    rows = [[f'COUNTIES INCLUDED IN {year} LOCALITIES. (ALPHABETICALLY)'] + [''] * 4, [''] * 5,
            ['Medicare Adminstrative Contractor', 'Locality Number', 'State ', 'Fee Schedule Area ',
             'Counties']]
    for n, (carrier, locality, name) in enumerate(places()):
        rows += [[''] * 5] if n % 4 == 0 else []
        state = f'STATE {n // 4} ' if n % 4 == 0 else ''
        if not zeros:
            carrier, locality = str(int(carrier)), str(int(locality))
        rows.append([carrier, locality, state, name, f'COUNTY {n}, OTHER, AND MORE'])
    return rows + [[''] * 5, ['*  Served by two.'] + [''] * 4]


def locality_lines(year=2025):
    lines = []
    for row in locality_rows(year, True):
        if row[0].isdigit():
            lines.append(f'    {row[0]}       {row[1]}    {row[2].strip():22} {row[3]:60}  ' +
                         row[4])
        elif row[1]:
            lines.append('Medicare AdmiLocality         State          Fee Schedule Area       '
                         'Counties')
        else:
            lines.append(row[0])
    return lines


def zip_lines(quarter='20261', count=38200):
    lines = []
    for n in range(count):
        carrier, locality, _ = places(10)[n % 10]
        mark = ' RB'[n % 3]
        lines.append(f'AK{10000 + n}{carrier}{locality}{mark}Z9{mark}  {int(n % 70 == 0)} A'
                     f'{"":52}{quarter}')
    return lines


def oppscap_rows():
    rows = [['HCPCS', 'MOD', 'PROCSTAT', 'CARRIER', 'LOCALITY', 'FACILITY PRICE',
             'NON-FACILTY PRICE']]
    for n in range(90):
        for k, (carrier, locality, _) in enumerate(places(90)):
            rows.append([f'Z{n // 2:04d}', 'TC' if n % 2 else '', 'AC'[n % 2], carrier, locality,
                         f'{100 + n}.{k:02d}', f'{200 + n}.{k:02d}'])
    return rows + [[''] * 7]


def anesthesia_rows(national='20.3178'):
    rows = [['Contractor', 'Locality', 'Locality Name', f'National Anes CF of {national}']]
    for n, (carrier, locality, name) in enumerate(places()):
        rows.append([carrier + ' ', locality + ' ', name, f'2{n % 10}.{n:02d} '])
    return rows + [[''] * 4]


def payment_lines(year=2026, count=100100):
    """As published: every field in quotes, a trailer last."""
    lines = []
    place = places()
    for n in range(count):
        carrier, locality, _ = place[n % 100]
        code = n // 100
        modifier = 'TC' if n % 8 == 7 else '  '
        lines.append(f'"{year}","{carrier}","{locality}","Z{code:04d}","{modifier}",'
                     f'"{n % 99999:07d}.{n % 100:02d}","{n % 7777:07d}.50"," ","1","A","4",'
                     f'"0000000.00","0000000.00","{1 if n % 2 else 9}","0000011.00","0000012.00"')
    return lines + ['"TRLNOTHING HERE IS OF THE AMA"']
