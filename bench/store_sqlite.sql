-- What store_sqlite.c asks: every row with its release and window. Keys begin with what is asked
-- and go on in the order of choice of src/store/store.h, so that the first row of an index range is
-- the answer. key(x) is a code, modifier, place or diagnosis as the files and the claims have it, a
-- text ('' for none); with --packed it is the integer that claimvet packs it into. Columns of keys
-- have no declared type and hold either as it comes. Days are integers; a start or end that is open
-- is 8,000,000 days away.

CREATE TABLE release(n INTEGER PRIMARY KEY, kind TEXT, name TEXT, effective INTEGER,
                     through INTEGER, partial INTEGER, source TEXT, sha256 TEXT, note TEXT);
INSERT INTO release
SELECT rowid - 1, "table", release, coalesce(day(effective), -8000000),
       coalesce(day(through), -8000000), partial = 'yes', coalesce(source, ''),
       coalesce(sha256, ''), coalesce(note, '')
  FROM releases;

CREATE TABLE row_code(code PRIMARY KEY, id INTEGER) WITHOUT ROWID;
INSERT INTO row_code SELECT key(code), row_number() OVER (ORDER BY code) - 1 FROM codes;

-- `gone`: the first day on which the code is not valid.
CREATE TABLE row_code_ended(code, n INTEGER, gone INTEGER, last INTEGER, effective INTEGER,
                            release INTEGER, replacement,
                            PRIMARY KEY(code, n)) WITHOUT ROWID;
INSERT INTO row_code_ended
SELECT key(e.code), e.rowid, coalesce(day(e.last) + 1, r.effective), coalesce(day(e.last), 8000000),
       r.effective, r.n, key(e.replacement)
  FROM code_ended e
  JOIN release r ON r.kind = 'code_ended' AND r.name = e.release;

CREATE TABLE row_mpfs(code, modifier, until INTEGER, effective INTEGER,
                      since INTEGER, release INTEGER, status INTEGER, pctc INTEGER, days TEXT,
                      multiple INTEGER, bilateral INTEGER, assistant INTEGER, cosurgeon INTEGER,
                      team INTEGER, work INTEGER, nonfacility INTEGER, facility INTEGER,
                      malpractice INTEGER, conversion INTEGER, pre INTEGER, intra INTEGER,
                      post INTEGER, base,
                      PRIMARY KEY(code, modifier, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT OR IGNORE INTO row_mpfs
SELECT key(m.code), key(m.modifier), coalesce(day(m."to"), 8000000), r.effective,
       coalesce(day(m."from"), -8000000), r.n, unicode(m.status), unicode(m.pctc), m."global",
       unicode(m.multiple), unicode(m.bilateral), unicode(m.assistant), unicode(m.cosurgeon),
       unicode(m.team), CAST(round(m.work * 100) AS INTEGER),
       CAST(round(m.pe_nonfacility * 100) AS INTEGER), CAST(round(m.pe_facility * 100) AS INTEGER),
       CAST(round(m.malpractice * 100) AS INTEGER), CAST(round(m.conversion * 10000) AS INTEGER),
       CAST(round(m.pre * 100) AS INTEGER), CAST(round(m.intra * 100) AS INTEGER),
       CAST(round(m.post * 100) AS INTEGER), key(m.endo_base)
  FROM mpfs m
  JOIN release r ON r.kind = 'mpfs' AND r.name = m.release ORDER BY m.rowid;

CREATE TABLE row_ncci_ptp(column1, column2, until INTEGER, effective INTEGER,
                          since INTEGER, release INTEGER, indicator INTEGER,
                          PRIMARY KEY(column1, column2, until, effective DESC, since DESC))
                          WITHOUT ROWID;
INSERT OR IGNORE INTO row_ncci_ptp
SELECT key(p.column1), key(p.column2), coalesce(day(p."to"), 8000000), r.effective,
       coalesce(day(p."from"), -8000000), r.n, unicode(p.indicator)
  FROM ptp p
  JOIN release r ON r.kind = 'ncci_ptp' AND r.name = p.release
 WHERE p.indicator <> '9' ORDER BY p.rowid;

CREATE TABLE row_mue(code, until INTEGER, effective INTEGER, since INTEGER, release INTEGER,
                     units INTEGER, mai INTEGER,
                     PRIMARY KEY(code, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT OR IGNORE INTO row_mue
SELECT key(m.code), coalesce(day(m."to"), 8000000), r.effective,
       coalesce(day(m."from"), -8000000), r.n, CAST(m.units AS INTEGER), unicode(m.mai)
  FROM mue m
  JOIN release r ON r.kind = 'mue' AND r.name = m.release ORDER BY m.rowid;

-- prime CCCCC: the contractor defines the primaries.
CREATE TABLE row_aoc(addon, prime, until INTEGER, effective INTEGER,
                     since INTEGER, release INTEGER, type INTEGER,
                     PRIMARY KEY(addon, prime, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT OR IGNORE INTO row_aoc
SELECT key(a.addon), key(a."primary"), coalesce(day(a."to"), 8000000), r.effective,
       coalesce(day(a."from"), -8000000), r.n, unicode(a.type)
  FROM addon a
  JOIN release r ON r.kind = 'aoc' AND r.name = a.release ORDER BY a.rowid;

-- flags: 1 anesthetic, 2 contrast, 4 payable, 8 combination
CREATE TABLE row_drug_unit(code, until INTEGER, effective INTEGER, since INTEGER,
                           release INTEGER, size INTEGER, unit, flags INTEGER,
                           PRIMARY KEY(code, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT OR IGNORE INTO row_drug_unit
SELECT key(d.code), coalesce(day(d."to"), 8000000), r.effective,
       coalesce(day(d."from"), -8000000), r.n, CAST(round(d.size * 1000) AS INTEGER), key(d.unit),
       (d.anesthetic = 'yes') + 2 * (d.contrast = 'yes') + 4 * (d.payable = 'yes') +
       8 * (d.combination = 'yes')
  FROM drug_unit d
  JOIN release r ON r.kind = 'drug_unit' AND r.name = d.release ORDER BY d.rowid;

-- flags: 1 procedure, 2 addon_level, 4 paired, 8 evaluation, 16 laboratory, 32 sedation
CREATE TABLE family_name(n INTEGER PRIMARY KEY, name TEXT UNIQUE);
INSERT INTO family_name
SELECT row_number() OVER (ORDER BY family) - 1, family FROM (SELECT DISTINCT family FROM family);
CREATE TABLE row_family(code PRIMARY KEY, release INTEGER, since INTEGER, until INTEGER,
                        family INTEGER, region INTEGER, imaging INTEGER, flags INTEGER,
                        prime) WITHOUT ROWID;
INSERT OR IGNORE INTO row_family
SELECT key(f.code), r.n, coalesce(day(f."from"), -8000000), coalesce(day(f."to"), 8000000), n.n,
       CASE f.region WHEN 'ct' THEN 1 WHEN 'ls' THEN 2 WHEN 'both' THEN 3
                     WHEN 'unspecified' THEN 4 WHEN 'any' THEN 5 ELSE 0 END,
       CASE f.imaging WHEN 'included' THEN 1 WHEN 'separate' THEN 2 WHEN 'is' THEN 3 ELSE 0 END,
       (f.procedure = 'yes') + 2 * (f.addon_level = 'yes') + 4 * (f.paired = 'yes') +
       8 * (f.evaluation = 'yes') + 16 * (f.laboratory = 'yes') + 32 * (f.sedation = 'yes'),
       key(f."primary")
  FROM family f JOIN family_name n ON n.name = f.family
  JOIN release r ON r.kind = 'family' AND r.name = f.release ORDER BY f.rowid;

CREATE TABLE set_name(n INTEGER PRIMARY KEY, name TEXT UNIQUE);
INSERT INTO set_name
SELECT row_number() OVER (ORDER BY min(rowid)) - 1, "set" FROM code_set GROUP BY "set";
CREATE TABLE row_code_set("set" INTEGER, n INTEGER, code,
                          PRIMARY KEY("set", n)) WITHOUT ROWID;
INSERT INTO row_code_set
SELECT s.n, row_number() OVER (PARTITION BY s.n ORDER BY m.rowid) - 1, key(m.code)
  FROM code_set m JOIN set_name s ON s.name = m."set";

-- A column of icd10 holds until the next release that has the code starts; changes carry windows of their own.
CREATE TABLE row_icd10cm(code, until INTEGER, effective INTEGER, since INTEGER,
                         release INTEGER, billable INTEGER,
                         PRIMARY KEY(code, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT INTO row_icd10cm
SELECT key(d.code), (SELECT effective - 1 FROM release WHERE kind = 'icd10cm' AND name = 'FY2026'),
       r.effective, r.effective, r.n, d."FY2025" = 'b'
  FROM icd10 d JOIN release r ON r.kind = 'icd10cm' AND r.name = 'FY2025'
 WHERE d."FY2025" IS NOT NULL;
INSERT INTO row_icd10cm
SELECT key(d.code),
       coalesce((SELECT min(day(c."from")) - 1 FROM icd10_changes c WHERE c.code = d.code), 8000000),
       r.effective, r.effective, r.n, d."FY2026" = 'b'
  FROM icd10 d JOIN release r ON r.kind = 'icd10cm' AND r.name = 'FY2026'
 WHERE d."FY2026" IS NOT NULL;
INSERT INTO row_icd10cm
SELECT key(d.code), coalesce(day(d."to"), 8000000), r.effective,
       coalesce(day(d."from"), -8000000), r.n, d.flag = 'b'
  FROM icd10_changes d JOIN release r ON r.kind = 'icd10cm' AND r.name = d.release;

-- Prefixes are at least three characters, so that a lookup stays within one category. `cut` cuts a
-- code to the length of the prefix: that length, or a mask of the packed code.
CREATE TABLE row_dx_region(prefix PRIMARY KEY, cut INTEGER, until INTEGER,
                           since INTEGER, effective INTEGER, release INTEGER, value INTEGER)
                           WITHOUT ROWID;
INSERT INTO row_dx_region
SELECT key(d.prefix), cut(d.prefix), coalesce(day(d."to"), 8000000),
       coalesce(day(d."from"), -8000000), r.effective, r.n,
       CASE d.region WHEN 'ct' THEN 1 WHEN 'ls' THEN 2 WHEN 'both' THEN 3
                     WHEN 'unspecified' THEN 4 WHEN 'any' THEN 5 ELSE 0 END
  FROM dx_region d JOIN release r ON r.kind = 'dx_region' AND r.name = d.release
 WHERE length(d.prefix) >= 3;

CREATE TABLE row_dx_side(prefix PRIMARY KEY, cut INTEGER, until INTEGER,
                         since INTEGER, effective INTEGER, release INTEGER, value INTEGER)
                           WITHOUT ROWID;
INSERT INTO row_dx_side
SELECT key(d.prefix), cut(d.prefix), coalesce(day(d."to"), 8000000),
       coalesce(day(d."from"), -8000000), r.effective, r.n, unicode(d.side)
  FROM dx_side d JOIN release r ON r.kind = 'dx_side' AND r.name = d.release
 WHERE length(d.prefix) >= 3;

-- Each pair stands in both directions; `n` is its number in exclude_name.
CREATE TABLE exclude_name(n INTEGER PRIMARY KEY, name TEXT);
INSERT INTO exclude_name SELECT rowid - 1, "left" || '/' || "right" FROM excludes1;
CREATE TABLE row_excludes1(one, n INTEGER, other, one_cut INTEGER,
                           other_cut INTEGER, until INTEGER, effective INTEGER, since INTEGER,
                           release INTEGER, PRIMARY KEY(one DESC, n)) WITHOUT ROWID;
INSERT OR IGNORE INTO row_excludes1
SELECT key(e.one), e.n, key(e.other), cut(e.one),
       cut(e.other), coalesce(day(e."to"), 8000000), r.effective,
       coalesce(day(e."from"), -8000000), r.n
  FROM (SELECT rowid - 1 AS n, "left" AS one, "right" AS other, release, "from", "to" FROM excludes1
        UNION ALL
        SELECT rowid - 1, "right", "left", release, "from", "to" FROM excludes1) e
  JOIN release r ON r.kind = 'excludes1' AND r.name = e.release
 WHERE length(e.one) >= 3 AND length(e.other) >= 3;

-- flags: those of enum store_modifier_flag
CREATE TABLE row_modifier(modifier, until INTEGER, effective INTEGER, since INTEGER,
                          release INTEGER, flags INTEGER,
                          PRIMARY KEY(modifier, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT OR IGNORE INTO row_modifier
SELECT key(m.modifier), coalesce(day(m."to"), 8000000), r.effective,
       coalesce(day(m."from"), -8000000), r.n,
       1 + 2 * (m.list LIKE '%,bypass,%') + 4 * (m.list LIKE '%,anatomic,%') +
       8 * (m.list LIKE '%,distinct,%') + 16 * (m.list LIKE '%,em_only,%') +
       32 * (m.list LIKE '%,global,%') + 64 * (m.list LIKE '%,lab_only,%') +
       128 * (m.list LIKE '%,left,%') + 256 * (m.list LIKE '%,right,%')
  FROM (SELECT *, rowid AS line, ',' || coalesce(flags, '') || ',' AS list FROM modifiers) m
  JOIN release r ON r.kind = 'modifier' AND r.name = m.release ORDER BY m.line;

CREATE TABLE row_pos(pos, until INTEGER, effective INTEGER, since INTEGER,
                     release INTEGER, facility INTEGER, hospital INTEGER,
                     PRIMARY KEY(pos, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT OR IGNORE INTO row_pos
SELECT key(p.pos), coalesce(day(p."to"), 8000000), r.effective, coalesce(day(p."from"), -8000000),
       r.n, p.facility = 'yes', p.hospital = 'yes'
  FROM pos p JOIN release r ON r.kind = 'pos' AND r.name = p.release ORDER BY p.rowid;

CREATE TABLE row_payer(n INTEGER PRIMARY KEY, profile TEXT UNIQUE, release INTEGER, since INTEGER,
                       until INTEGER, medicare INTEGER, ncci INTEGER,
                       bilateral INTEGER, days INTEGER, trial INTEGER);
INSERT INTO row_payer
SELECT p.rowid - 1, p.profile, r.n, coalesce(day(p."from"), -8000000),
       coalesce(day(p."to"), 8000000), p.medicare = 'yes', p.ncci = 'yes',
       CASE p.bilateral WHEN 'cms_50' THEN 1 WHEN 'ama_twice' THEN 2 WHEN 'rt_lt' THEN 3
                        ELSE 0 END,
       CAST(p.timely_days AS INTEGER), p.trial = 'yes'
  FROM payers p JOIN release r ON r.kind = 'payer' AND r.name = p.release ORDER BY p.rowid;
-- filing: 0 a payer id, 1 a claim filing indicator
CREATE TABLE payer_key(filing INTEGER, key TEXT, payer INTEGER,
                       PRIMARY KEY(filing, key)) WITHOUT ROWID;
INSERT INTO payer_key
SELECT i.kind = 'filing', i.key, p.n FROM payer_ids i JOIN row_payer p ON p.profile = i.profile;

-- Payment. A year's file holds in its year; ZIP codes and drug limits until another edition.
CREATE TABLE row_gpci(carrier, locality, until INTEGER, effective INTEGER, since INTEGER,
                      release INTEGER, work INTEGER, expense INTEGER, malpractice INTEGER,
                      state TEXT, name TEXT,
                      PRIMARY KEY(carrier, locality, until, effective DESC, since DESC))
                      WITHOUT ROWID;
INSERT INTO row_gpci
SELECT key(g.carrier), key(g.locality), r.through, r.effective, r.effective, r.n,
       CAST(round(g.work * 1000) AS INTEGER), CAST(round(g.practice_expense * 1000) AS INTEGER),
       CAST(round(g.malpractice * 1000) AS INTEGER), g.state, g.name
  FROM gpci g JOIN release r ON r.kind = 'gpci' AND r.name = g.release;

CREATE TABLE row_zip(zip, until INTEGER, effective INTEGER, since INTEGER, release INTEGER,
                     carrier, locality, split INTEGER,
                     PRIMARY KEY(zip, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT INTO row_zip
SELECT key(z.zip), 8000000, r.effective, r.effective, r.n, key(z.carrier), key(z.locality),
       z.plus_four <> '0'
  FROM zip_locality z JOIN release r ON r.kind = 'zip_locality';

CREATE TABLE row_asp(code, until INTEGER, effective INTEGER, since INTEGER, release INTEGER,
                     mills INTEGER, share INTEGER,
                     PRIMARY KEY(code, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT INTO row_asp
SELECT key(a.code), 8000000, r.effective, r.effective, r.n,
       CAST(round(a."limit" * 1000) AS INTEGER),
       coalesce(CAST(round(a.coinsurance_percent * 1000) AS INTEGER), -1)
  FROM asp a JOIN release r ON r.kind = 'asp' WHERE a."limit" IS NOT NULL;

CREATE TABLE row_payment_rule(rule TEXT, until INTEGER, effective INTEGER, since INTEGER,
                              release INTEGER, value INTEGER, source TEXT, trial INTEGER,
                              PRIMARY KEY(rule, until, effective DESC, since DESC)) WITHOUT ROWID;
INSERT INTO row_payment_rule
SELECT p.rule, coalesce(day(p."to"), 8000000), r.effective, coalesce(day(p."from"), -8000000), r.n,
       CAST(round(p.value * 10000) AS INTEGER), p.source, p.status = 'trial'
  FROM payment_rules p JOIN release r ON r.kind = 'payment_rule';
