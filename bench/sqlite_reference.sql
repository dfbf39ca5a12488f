-- The reference tables as a careful SQLite user would lay them out: codes packed into integers,
-- days as numbers, one clustered key for each question. code(x) and day(x) come from the program.

CREATE TABLE code_known(code INTEGER PRIMARY KEY);
INSERT INTO code_known SELECT code(code) FROM codes;

CREATE TABLE code_last(code INTEGER, last INTEGER, PRIMARY KEY(code, last)) WITHOUT ROWID;
INSERT OR IGNORE INTO code_last SELECT code(code), day(last) FROM code_ended
 WHERE last IS NOT NULL AND day(last) IS NOT NULL;

CREATE TABLE fee(code INTEGER, modifier INTEGER, until INTEGER, since INTEGER, status TEXT,
                 pctc TEXT, days TEXT, multiple TEXT, bilateral TEXT, assistant TEXT,
                 PRIMARY KEY(code, modifier, until)) WITHOUT ROWID;
INSERT OR IGNORE INTO fee
SELECT code(code), coalesce(code(modifier), 0), coalesce(day("to"), 1000000),
       coalesce(day("from"), -1000000), status, pctc, "global", multiple, bilateral, assistant
  FROM mpfs ORDER BY release DESC;

CREATE TABLE pair(column1 INTEGER, column2 INTEGER, until INTEGER, since INTEGER,
                  indicator INTEGER, PRIMARY KEY(column1, column2, until)) WITHOUT ROWID;
INSERT OR IGNORE INTO pair
SELECT code(column1), code(column2), coalesce(day("to"), 1000000), coalesce(day("from"), -1000000),
       CAST(indicator AS INTEGER)
  FROM ptp WHERE indicator <> '9' ORDER BY release DESC;

CREATE TABLE unit_limit(code INTEGER, until INTEGER, since INTEGER, units INTEGER, mai INTEGER,
                        PRIMARY KEY(code, until)) WITHOUT ROWID;
INSERT OR IGNORE INTO unit_limit
SELECT code(code), coalesce(day("to"), 1000000), coalesce(day("from"), -1000000), units, mai
  FROM mue;

CREATE TABLE addon_primary(addon INTEGER, prime INTEGER, until INTEGER, since INTEGER,
                           type INTEGER, PRIMARY KEY(addon, prime, until)) WITHOUT ROWID;
INSERT OR IGNORE INTO addon_primary
SELECT code(addon), code("primary"), coalesce(day("to"), 1000000), coalesce(day("from"), -1000000),
       CAST(type AS INTEGER)
  FROM addon;

CREATE TABLE place(pos INTEGER PRIMARY KEY, facility INTEGER);
INSERT OR IGNORE INTO place SELECT code(pos), facility = 'yes' FROM pos;

CREATE TABLE modifier_flag(modifier INTEGER PRIMARY KEY, bypass INTEGER, anatomic INTEGER,
                           em INTEGER);
INSERT OR IGNORE INTO modifier_flag
SELECT code(modifier), coalesce(flags LIKE '%bypass%', 0), coalesce(flags LIKE '%anatomic%', 0),
       coalesce(flags LIKE '%em_only%', 0)
  FROM modifiers;

CREATE TABLE kind(code INTEGER PRIMARY KEY, evaluation INTEGER, imaging TEXT, region TEXT,
                  family TEXT, paired INTEGER);
INSERT OR IGNORE INTO kind
SELECT code(code), evaluation = 'yes', imaging, region, family, paired = 'yes' FROM family;

CREATE TABLE drug(code INTEGER PRIMARY KEY, payable INTEGER, anesthetic INTEGER);
INSERT OR IGNORE INTO drug
SELECT code(code), payable = 'yes', anesthetic = 'yes' FROM drug_unit ORDER BY release;

CREATE TABLE set_member(code INTEGER, name TEXT, PRIMARY KEY(code, name)) WITHOUT ROWID;
INSERT OR IGNORE INTO set_member SELECT code(code), "set" FROM code_set;

CREATE TABLE payer(key INTEGER PRIMARY KEY, medicare INTEGER, ncci INTEGER, days INTEGER);
INSERT OR IGNORE INTO payer
SELECT code(i.key), p.medicare = 'yes', p.ncci = 'yes', CAST(p.timely_days AS INTEGER)
  FROM payer_ids i JOIN payers p ON p.profile = i.profile WHERE code(i.key) IS NOT NULL;

-- What is kept by prefix is written out for every diagnosis, so that one key answers.
CREATE TABLE dx(code INTEGER PRIMARY KEY, fy2025 TEXT, fy2026 TEXT, side TEXT, region TEXT);
INSERT INTO dx
SELECT code(d.code), d."FY2025", d."FY2026",
       (SELECT s.side FROM dx_side s WHERE s.prefix = substr(d.code, 1, length(s.prefix))
         ORDER BY length(s.prefix) DESC LIMIT 1),
       (SELECT r.region FROM dx_region r WHERE r.prefix = substr(d.code, 1, length(r.prefix))
         ORDER BY length(r.prefix) DESC LIMIT 1)
  FROM icd10 d;

CREATE TABLE excluded(one INTEGER, other INTEGER, PRIMARY KEY(one, other)) WITHOUT ROWID;
INSERT OR IGNORE INTO excluded
SELECT code(d.code), code(e.other)
  FROM (SELECT "left" AS one, "right" AS other FROM excludes1
        UNION SELECT "right", "left" FROM excludes1) e
  JOIN icd10 d ON e.one = substr(d.code, 1, length(e.one));
