"""Files in the layouts of code lists with invented codes and words, for check_lists.py. Everything
is lists of cells or lines, so that a test can break one of them."""
import csv
import io

LETTERS = 'BCDFGHJKLMNP'


def csv_bytes(rows, encoding='utf-8', quoted=False):
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(out, lineterminator='\r\n', quoting=quoting).writerows(rows)
    return out.getvalue().encode(encoding)


def lines_bytes(lines, encoding='cp1252'):
    return ''.join(line + '\r\n' for line in lines).encode(encoding)


# ---- HCPCS -----------------------------------------------------------------------------------

HCPCS_CODES, HCPCS_MODIFIERS = 5100, 230
HCPCS_HEADER = (
    'HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,PRICE1,PRICE2,PRICE3,PRICE4,MULT_PI,'
    'CIM1,CIM2,CIM3,MCM1,MCM2,MCM3,STATUTE,LABCERT1,LABCERT2,LABCERT3,LABCERT4,LABCERT5,LABCERT6,'
    'LABCERT7,LABCERT8,XREF1,XREF2,XREF3,XREF4,XREF5,COV,ASC_GRP,ASC_DT,OPPS,OPPS_PI,OPPS_DT,'
    'PROCNOTE,BETOS,TOS1,TOS2,TOS3,TOS4,TOS5,ANEST_BU,ADD DT,ACT EFF DT,TERM DT,ACTION CD')


def hcpcs_data():
    """[code, short words, coverage, added, acted, ended, action], modifiers first."""
    alphabet = '0123456789' + LETTERS
    codes = ['Y' + a for a in alphabet] + [a + b for a in LETTERS for b in alphabet]
    codes = codes[:HCPCS_MODIFIERS]
    codes += [LETTERS[n % 12] + f'{n // 12:04d}' for n in range(HCPCS_CODES)]
    data = []
    for n, code in enumerate(codes):
        ended = f'20{10 + n % 15}{1 + n % 12:02d}28' if n % 9 == 4 else ''
        acted = '' if n == 7 else f'20{5 + n % 4:02d}0101'
        data.append([code, f'Invented thing {n}', 'CDIMS'[n % 5], f'19{80 + n % 19}0401', acted,
                     ended, 'ABCDFNPRST'[n % 10]])
    return data


def hcpcs_line(code, sequence, record, words, facts=None):
    line = list(f'{code:>5}{sequence:05d}{record}{words:<80}'.ljust(320))
    for at, text in facts or ():
        line[at - 1:at - 1 + len(text)] = text
    return ''.join(line)


def hcpcs_lines(data):
    """Fixed width, with a notice; every third code has a long description of two lines more."""
    lines = ['***Notice', '*Invented. It may have a no-break space:\xa0', '']
    for n, (code, label, coverage, added, acted, ended, action) in enumerate(data):
        first, more = ('7', '8') if len(code) == 2 else ('3', '4')
        facts = [(92, label[:28]), (230, coverage), (269, added), (277, acted or ' ' * 8),
                 (285, ended), (293, action)]
        lines.append(hcpcs_line(code, 100, first, f'Long words of {code} \xae', facts))
        if n % 3 == 0:
            lines += [hcpcs_line(code, 200, more, 'go on'), hcpcs_line(code, 300, more, 'and on')]
    return lines


def hcpcs_rows(data):
    header = HCPCS_HEADER.split(',')
    rows = [header]
    for code, label, coverage, added, acted, ended, action in data:
        cells = {'HCPC': f'{code:>5}', 'SEQNUM': '0010', 'RECID': '7' if len(code) == 2 else '3',
                 'LONG DESCRIPTION': f'Long words, "{code}"', 'SHORT DESCRIPTION': label,
                 'COV': coverage, 'ADD DT': added, 'ACT EFF DT': acted, 'TERM DT': ended,
                 'ACTION CD': action}
        rows.append([cells.get(name, '') for name in header])
    return rows


# ---- drugs -----------------------------------------------------------------------------------

def asp_rows(effective='Effective July 1, 2026 through September 30, 2026'):
    rows = [['Payment Allowance Limits for Invented Drugs'], [], [effective], [],
            ['Note 1: nothing here is true, "not even" this, or\nthat.'], [],
            ['HCPCS Code', 'Short Description', 'HCPCS Code Dosage', 'Payment Limit',
             'Co-insurance Percentage', 'Vaccine AWP%', 'Vaccine Limit', 'Blood AWP%',
             'Blood limit', 'Clotting Factor', 'Notes']]
    for n in range(700):
        limit = 'N/A' if n == 5 else f'{n},137.{n:03d}' if n == 6 else f'{n * 3}.{n:03d}'
        rows.append([f'{LETTERS[n % 12]}{n:04d}', 'Invented ®', f'{n} MG', limit,
                     '' if n == 5 else ['20.000', '19.994', '0.000'][n % 3], '', '', '', '', '',
                     'see a note' if n % 40 == 0 else ''])
    return [row + [''] * (20 - len(row)) for row in rows]


def ndc_rows(effective='     Effective July 1, 2026 through September 30, 2026'):
    rows = [['Invented Crosswalk'], [effective], [], ['Words.'], [], [],
            ['_2026_CODE', 'Short Description', 'LABELER NAME', 'NDC2', 'Drug Name',
             'HCPCS dosage', 'PKG SIZE', 'PKG QTY', 'BILLUNITS', 'BILLUNITSPKG']]
    for n in range(3100):
        rows.append([f'{LETTERS[n % 12]}{n % 700:04d}', 'Invented', 'Nobody, Inc.',
                     f'{n // 2:05d}-{n % 2:04d}-{n % 100:02d}', f'Name {n}', '1 MG', str(n % 7),
                     '10', '1', ['1', '0.5', '12.125', '1,200'][n % 4]])
    rows.append(['Z9999', 'A second code', 'Nobody', rows[-1][3], 'Name', '2 MG', '1', '1', '1',
                 '1'])
    return [row + [''] * (110 - len(row)) for row in rows]


# ---- providers -------------------------------------------------------------------------------

def npi(n):
    """The n-th of some numbers, with its check digit."""
    digits = str(120000000 + n * 7919)
    total = 24
    for at, digit in enumerate(reversed(digits)):
        twice = int(digit) * (2 if at % 2 == 0 else 1)
        total += twice // 10 + twice % 10
    return digits + str(-total % 10)


def nppes_header():
    header = ['NPI', 'Entity Type Code', 'Replacement NPI', 'Provider Last Name (Legal Name)',
              'Provider Business Practice Location Address State Name', 'NPI Deactivation Date',
              'NPI Reactivation Date']
    for n in range(1, 16):
        header += [f'Healthcare Provider Taxonomy Code_{n}', f'Provider License Number_{n}',
                   f'Healthcare Provider Primary Taxonomy Switch_{n}']
    header += [f'Other Provider Identifier_{n}' for n in range(1, 240)]
    return header


def nppes_rows(count=60):
    header = nppes_header()
    rows = [header]
    for n in range(count):
        cells = {'NPI': npi(n), 'Entity Type Code': '12'[n % 2],
                 'Provider Last Name (Legal Name)': f'INVENTED, "{n}"\nOF TWO LINES',
                 'Provider Business Practice Location Address State Name':
                     ['TX', 'QUÉBEC', ''][n % 3]}
        if n % 4 != 3:
            cells['Healthcare Provider Taxonomy Code_1'] = f'2{n:08d}X'
            cells['Healthcare Provider Primary Taxonomy Switch_1'] = 'N'
            cells['Healthcare Provider Taxonomy Code_15'] = f'3{n:08d}X'
            cells['Healthcare Provider Primary Taxonomy Switch_15'] = 'NXY'[n % 3]
        if n % 10 == 2:
            cells['NPI Deactivation Date'] = '03/04/2021'
            cells['NPI Reactivation Date'] = '12/31/2021' if n % 20 == 2 else ''
        if n == 52:
            cells = {'NPI': npi(n), 'NPI Deactivation Date': '01/02/2020'}
        rows.append([cells.get(name, '') for name in header])
    return rows


def nucc_rows():
    rows = [['Code', 'Grouping', 'Classification', 'Specialization', 'Definition', 'Notes',
             'Display Name', 'Section']]
    return rows + [[f'9{n:08d}X', f'Grouping {n % 9}', f'Classification {n % 50}',
                    f'Ünvented {n}' if n % 3 else '', 'Words,\nand more', '', '',
                    ['Individual', 'Non-Individual'][n % 2]] for n in range(720)]


def specialty_rows():
    rows = [['MEDICARE SPECIALTY CODE', 'MEDICARE PROVIDER/SUPPLIER TYPE DESCRIPTION',
             'PROVIDER TAXONOMY CODE',
             'PROVIDER TAXONOMY DESCRIPTION:  TYPE, CLASSIFICATION, SPECIALIZATION']]
    for n in range(310):
        mark = '[12]' if n % 8 == 0 else ''
        tail = ['', ' ', '\xa0\xa0', '\n\n'][n % 4]
        rows.append([f'{n % 99:02d}{mark}', f'Kind {n % 20}', f'9{n:08d}X{tail}', 'Words'])
    rows.append(['A9', 'Of no taxonomy', '', ''])
    return rows


# ---- small lists -----------------------------------------------------------------------------

def pos_rows():
    rows = [['pos_code', 'pos_type', 'pos_name', 'pos_description']]
    rows += [[f'{n:02d}', ['Facility', 'Non-Facility'][n % 2], f'Place {n}', 'Words’']
             for n in range(1, 51)]
    return rows + [['51-60', 'Unassigned', 'Unassigned', 'N/A']]


def adjustment_rows():
    rows = [['adj_code', 'adj_type', 'adj_description', 'adj_usage', 'adj_notes',
             'adj_start_date', 'adj_last_modified', 'adj_end_date'],
            ['ZZ', 'Group', 'Invented group', '', '', '', '', '']]
    rows += [[str(n), 'CARC', f'Invented reason {n}', '', '', '1995-01-01', '',
              '2020-06-30' if n % 7 == 0 else ''] for n in range(1, 40)]
    return rows + [[f'N{n}', 'RARC', f'Invented remark {n}', '', '', '2001-02-03', '', '']
                   for n in range(1, 40)]


def lcd_rows():
    rows = [['display_id', 'type', 'version', 'effective_date', 'retirement_date', 'title', 'mac',
             'updated_on', 'url']]
    return rows + [[f'{"AL"[n % 2]}{90000 + n}', ['Article', 'LCD'][n % 2], str(n),
                    '01/02/2024', '03/04/2025' if n % 5 == 0 else 'N/A', 'Invented',
                    'Nobody, Inc.', '', f'https://example.org/{n}'] for n in range(30)]


def covered_rows(dated=True):
    rows = [['article', 'diagnosis', 'group', 'from', 'to'][:5 if dated else 3]]
    for n in range(40):
        row = [f'A{90000 + n % 3}', f'Z{n:02d}X9', str(1 + n % 2)]
        rows.append(row + ['2024-08-11', '2025-12-31' if n % 4 == 0 else ''] if dated else row)
    if dated:
        rows.append(['A90000', 'Z00X9', '1', '2026-02-01', ''])
    return rows
