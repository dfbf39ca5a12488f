-- Verdicts on pairs, units and add-on codes, slowly and by sets, from the words of the domain
-- notes (edits.md 1.3 to 1.5, 2.2 to 2.5, 3.2). Input: claim, line, line_mod, and data/*.tsv.

-- ---- pairs ---------------------------------------------------------------------------------

CREATE TABLE bypass_modifier(modifier TEXT PRIMARY KEY, class TEXT);
INSERT INTO bypass_modifier VALUES
 ('E1','anatomic'),('E2','anatomic'),('E3','anatomic'),('E4','anatomic'),
 ('FA','anatomic'),('F1','anatomic'),('F2','anatomic'),('F3','anatomic'),('F4','anatomic'),
 ('F5','anatomic'),('F6','anatomic'),('F7','anatomic'),('F8','anatomic'),('F9','anatomic'),
 ('TA','anatomic'),('T1','anatomic'),('T2','anatomic'),('T3','anatomic'),('T4','anatomic'),
 ('T5','anatomic'),('T6','anatomic'),('T7','anatomic'),('T8','anatomic'),('T9','anatomic'),
 ('LT','anatomic'),('RT','anatomic'),('LC','anatomic'),('LD','anatomic'),('RC','anatomic'),
 ('LM','anatomic'),('RI','anatomic'),
 ('24','em'),('25','em'),('27','em'),('57','em'),
 ('58','global'),('78','global'),('79','global'),
 ('59','distinct'),('XE','distinct'),('XS','distinct'),('XP','distinct'),('XU','distinct'),
 ('91','lab');

CREATE INDEX ptp_codes ON ptp(column1, column2);

-- Two lines that share a day, by one practitioner or by two of one specialty under one biller.
CREATE TABLE candidate AS
SELECT a.claim, a.line AS a, b.line AS b, a.code AS column1, b.code AS column2,
       max(a.day, b.day) AS lo, min(a.last, b.last) AS hi, a.provider <> b.provider AS grp
  FROM line a JOIN line b ON b.claim = a.claim AND b.line <> a.line AND b.code <> a.code
 WHERE max(a.day, b.day) <= min(a.last, b.last)
   AND (a.provider = b.provider OR (a.taxonomy <> '' AND a.taxonomy = b.taxonomy));

-- The row of the first shared day on which one is active.
CREATE TABLE pair AS
SELECT claim, a, b, column1, column2, grp, day, indicator
  FROM (SELECT c.claim, c.a, c.b, c.column1, c.column2, c.grp, p.indicator,
               max(c.lo, coalesce(p."from", c.lo)) AS day,
               row_number() OVER (PARTITION BY c.claim, c.a, c.b
                                  ORDER BY max(c.lo, coalesce(p."from", c.lo)),
                                           coalesce(p."to", '9999'), r.effective DESC,
                                           p."from" DESC) AS rank
          FROM candidate c
          CROSS JOIN ptp p ON p.column1 = c.column1 AND p.column2 = c.column2
          CROSS JOIN releases r ON r."table" = 'ncci_ptp' AND r.release = p.release
         WHERE p.indicator <> '9'
           AND coalesce(p."from", c.lo) <= c.hi AND coalesce(p."to", '9999') >= c.lo)
 WHERE rank = 1;

CREATE TABLE pair_modifier AS
SELECT p.claim, p.a, p.b, w.col, m.modifier, k.class,
       CASE k.class WHEN 'em' THEN coalesce(f.evaluation, 'no') = 'yes'
                    WHEN 'global' THEN coalesce(f.evaluation, 'no') <> 'yes'
                    WHEN 'lab' THEN coalesce(f.laboratory, 'no') = 'yes'
                    ELSE 1 END AS counts
  FROM pair p
  JOIN (SELECT 1 AS col UNION ALL SELECT 2) w
  JOIN line_mod m ON m.claim = p.claim AND m.line = CASE w.col WHEN 1 THEN p.a ELSE p.b END
  JOIN bypass_modifier k ON k.modifier = m.modifier
  LEFT JOIN family f ON f.code = CASE w.col WHEN 1 THEN p.column1 ELSE p.column2 END;

CREATE INDEX pair_modifier_pair ON pair_modifier(claim, a, b);

CREATE TABLE pair_verdict AS
SELECT p.*,
       p.indicator = '1'
       AND EXISTS (SELECT 1 FROM pair_modifier m
                    WHERE m.claim = p.claim AND m.a = p.a AND m.b = p.b AND m.counts)
       AND NOT (EXISTS (SELECT 1 FROM pair_modifier m JOIN pair_modifier n
                            ON n.claim = m.claim AND n.a = m.a AND n.b = m.b
                           AND n.modifier = m.modifier AND n.col <> m.col
                         WHERE m.claim = p.claim AND m.a = p.a AND m.b = p.b
                           AND m.class = 'anatomic')
                AND NOT EXISTS (SELECT 1 FROM pair_modifier m
                                 WHERE m.claim = p.claim AND m.a = p.a AND m.b = p.b
                                   AND m.modifier IN
                                       ('58','59','78','79','XE','XP','XS','XU')))
       AND NOT (p.day < '2019-07-01'
                AND NOT EXISTS (SELECT 1 FROM pair_modifier m
                                 WHERE m.claim = p.claim AND m.a = p.a AND m.b = p.b
                                   AND (m.class <> 'distinct' OR m.col = 2))) AS bypassed
  FROM pair p;

-- ---- units ---------------------------------------------------------------------------------

CREATE INDEX mue_code ON mue(code);

CREATE TABLE line_limit AS
SELECT claim, line, units, mai
  FROM (SELECT l.claim, l.line, CAST(m.units AS INTEGER) AS units, m.mai,
               row_number() OVER (PARTITION BY l.claim, l.line
                                  ORDER BY coalesce(m."to", '9999'), m."from" DESC) AS rank
          FROM line l JOIN mue m ON m.code = l.code
         WHERE coalesce(m."from", l.day) <= l.day AND coalesce(m."to", '9999') >= l.day)
 WHERE rank = 1;
CREATE INDEX line_limit_line ON line_limit(claim, line);

-- Units of a span are divided by its days and rounded to the nearest.
CREATE TABLE line_day AS
WITH RECURSIVE each(claim, line, day, last, units) AS (
  SELECT claim, line, day, last, (2 * units + days) / (2 * days) FROM line
  UNION ALL
  SELECT claim, line, date(day, '+1 day'), last, units FROM each WHERE day < last)
SELECT each.claim, each.line, each.day, each.units, l.code, l.provider
  FROM each JOIN line l ON l.claim = each.claim AND l.line = each.line;
CREATE INDEX line_day_line ON line_day(claim, line);

CREATE TABLE day_sum AS
SELECT claim, code, provider, day, sum(units) AS units, count(*) AS lines
  FROM line_day GROUP BY claim, code, provider, day;
CREATE INDEX day_sum_key ON day_sum(claim, code, provider, day);

CREATE TABLE over AS
SELECT DISTINCT d.claim, d.line
  FROM line_day d
  JOIN line_limit m ON m.claim = d.claim AND m.line = d.line
  JOIN day_sum s ON s.claim = d.claim AND s.code = d.code AND s.provider = d.provider
                AND s.day = d.day
 WHERE CASE m.mai WHEN '1' THEN d.units ELSE s.units END > m.units;
CREATE INDEX over_line ON over(claim, line);

-- Right and left on two lines of one unit, one a day allowed: another rule tells it (Medicare).
CREATE TABLE one_side AS
SELECT l.claim, l.line, l.code, l.provider, l.day,
       EXISTS (SELECT 1 FROM line_mod m
                WHERE m.claim = l.claim AND m.line = l.line AND m.modifier = 'LT') AS is_left
  FROM line l JOIN claim c ON c.claim = l.claim JOIN payers p ON p.profile = c.payer
 WHERE p.medicare = 'yes' AND l.units = 1 AND l.days = 1
   AND 1 = (SELECT count(DISTINCT m.modifier) FROM line_mod m
             WHERE m.claim = l.claim AND m.line = l.line AND m.modifier IN ('LT', 'RT'))
   AND NOT EXISTS (SELECT 1 FROM line_mod m
                    WHERE m.claim = l.claim AND m.line = l.line AND m.modifier = '50');

CREATE TABLE side_trap AS
SELECT a.claim, a.line
  FROM one_side a
  JOIN one_side b ON b.claim = a.claim AND b.code = a.code AND b.provider = a.provider
                 AND b.day = a.day AND b.is_left <> a.is_left
  JOIN line_limit m ON m.claim = a.claim AND m.line = a.line AND m.units = 1 AND m.mai <> '1'
  JOIN day_sum s ON s.claim = a.claim AND s.code = a.code AND s.provider = a.provider
                AND s.day = a.day AND s.lines = 2;
CREATE INDEX side_trap_line ON side_trap(claim, line);

-- ---- add-on codes --------------------------------------------------------------------------

CREATE INDEX addon_codes ON addon(addon, "primary");
CREATE INDEX mpfs_code ON mpfs(code);

CREATE TABLE addon_line AS
SELECT l.claim, l.line, l.code, min(a.type) AS type
  FROM line l JOIN addon a ON a.addon = l.code
 WHERE coalesce(a."from", l.day) <= l.day AND coalesce(a."to", '9999') >= l.day
 GROUP BY l.claim, l.line;

CREATE UNIQUE INDEX addon_line_line ON addon_line(claim, line);

INSERT INTO addon_line
SELECT claim, line, code, 'Z'
  FROM (SELECT l.claim, l.line, l.code, f."global",
               row_number() OVER (PARTITION BY l.claim, l.line
                                  ORDER BY coalesce(f."to", '9999'), r.effective DESC,
                                           f."from" DESC) AS rank
          FROM line l CROSS JOIN mpfs f ON f.code = l.code AND f.modifier IS NULL
          CROSS JOIN releases r ON r."table" = 'mpfs' AND r.release = f.release
         WHERE coalesce(f."from", l.day) <= l.day AND coalesce(f."to", '9999') >= l.day
           AND l.code IN (SELECT code FROM mpfs WHERE "global" = 'ZZZ'))
 WHERE rank = 1 AND "global" = 'ZZZ'
ON CONFLICT DO NOTHING;

CREATE TABLE listed_primary AS
SELECT DISTINCT x.claim, x.line, p.line AS "primary"
  FROM addon_line x
  JOIN line l ON l.claim = x.claim AND l.line = x.line
  JOIN line p ON p.claim = x.claim AND p.line <> x.line
  JOIN addon a ON a.addon = x.code AND a."primary" = p.code
 WHERE coalesce(a."from", l.day) <= l.day AND coalesce(a."to", '9999') >= l.day
   AND (x.code = '99292'
        OR (p.provider = l.provider AND max(p.day, l.day) <= min(p.last, l.last)));
CREATE INDEX listed_primary_line ON listed_primary(claim, line);

-- A code outside the store might be the primary: then nothing is said.
CREATE TABLE doubtful AS
SELECT x.claim, x.line FROM addon_line x
 WHERE EXISTS (SELECT 1 FROM line l WHERE l.claim = x.claim AND l.denied = 0
                AND l.code NOT IN (SELECT code FROM codes))
   AND NOT EXISTS (SELECT 1 FROM listed_primary p WHERE p.claim = x.claim AND p.line = x.line);
CREATE INDEX doubtful_line ON doubtful(claim, line);

-- ---- rounds --------------------------------------------------------------------------------

-- Denied whatever the pairs and add-ons say.
CREATE TABLE fixed AS
SELECT claim, line FROM line WHERE denied = 1 UNION SELECT claim, line FROM over;
CREATE INDEX fixed_line ON fixed(claim, line);

CREATE TABLE bundled(round INTEGER, claim INTEGER, line INTEGER, PRIMARY KEY(round, claim, line));
CREATE TABLE stranded(round INTEGER, claim INTEGER, line INTEGER, PRIMARY KEY(round, claim, line));
CREATE TABLE now(round INTEGER);
INSERT INTO now VALUES(0);
