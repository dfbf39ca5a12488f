-- After eight rounds: a claim whose last two rounds agree has settled, of another every denial
-- stands.
CREATE TABLE unsettled AS
SELECT claim FROM (SELECT claim, line FROM bundled WHERE round = 8
                   EXCEPT SELECT claim, line FROM bundled WHERE round = 7)
UNION SELECT claim FROM (SELECT claim, line FROM bundled WHERE round = 7
                         EXCEPT SELECT claim, line FROM bundled WHERE round = 8)
UNION SELECT claim FROM (SELECT claim, line FROM stranded WHERE round = 8
                         EXCEPT SELECT claim, line FROM stranded WHERE round = 7)
UNION SELECT claim FROM (SELECT claim, line FROM stranded WHERE round = 7
                         EXCEPT SELECT claim, line FROM stranded WHERE round = 8);

CREATE TABLE final_bundled AS
SELECT DISTINCT claim, line FROM bundled
 WHERE round = 8 OR claim IN (SELECT claim FROM unsettled);
CREATE TABLE final_stranded AS
SELECT DISTINCT claim, line FROM stranded
 WHERE round = 8 OR claim IN (SELECT claim FROM unsettled);
CREATE INDEX final_bundled_line ON final_bundled(claim, line);
CREATE INDEX final_stranded_line ON final_stranded(claim, line);

-- 1 denied, 2 for review (two of one group), 3 bypassed; with the smallest column-1 code of those.
CREATE TABLE line_pair AS
SELECT claim, line, class, min(column1) AS column1
  FROM (SELECT v.claim, v.b AS line, v.column1,
               CASE WHEN v.bypassed THEN 3 WHEN v.grp THEN 2 ELSE 1 END AS class,
               min(CASE WHEN v.bypassed THEN 3 WHEN v.grp THEN 2 ELSE 1 END)
                   OVER (PARTITION BY v.claim, v.b) AS worst
          FROM pair_verdict v
         WHERE NOT (v.bypassed AND v.grp)
           AND NOT EXISTS (SELECT 1 FROM fixed f WHERE f.claim = v.claim AND f.line = v.a)
           AND (v.claim IN (SELECT claim FROM unsettled)
                OR NOT EXISTS (SELECT 1 FROM final_stranded s
                                WHERE s.claim = v.claim AND s.line = v.a)))
 WHERE class = worst
 GROUP BY claim, line, class;
CREATE INDEX line_pair_line ON line_pair(claim, line);

-- 1 denied, 2 for review.
CREATE TABLE line_addon AS
SELECT x.claim, x.line,
       CASE WHEN s.line IS NOT NULL THEN 1 ELSE 2 END AS class
  FROM addon_line x
  LEFT JOIN final_stranded s ON s.claim = x.claim AND s.line = x.line
 WHERE s.line IS NOT NULL
    OR (NOT EXISTS (SELECT 1 FROM doubtful d WHERE d.claim = x.claim AND d.line = x.line)
        AND NOT EXISTS (
            SELECT 1 FROM listed_primary p
             WHERE p.claim = x.claim AND p.line = x.line
               AND NOT EXISTS (SELECT 1 FROM fixed f
                                WHERE f.claim = p.claim AND f.line = p."primary")
               AND NOT EXISTS (SELECT 1 FROM final_bundled b
                                WHERE b.claim = p.claim AND b.line = p."primary")
               AND NOT EXISTS (SELECT 1 FROM final_stranded t
                                WHERE t.claim = p.claim AND t.line = p."primary")));
CREATE INDEX line_addon_line ON line_addon(claim, line);
