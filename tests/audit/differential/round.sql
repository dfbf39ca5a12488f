-- One round: pairs and add-ons from scratch, given what the round before had denied.
UPDATE now SET round = round + 1;

INSERT INTO bundled
SELECT DISTINCT now.round, v.claim, v.b
  FROM now JOIN pair_verdict v
 WHERE NOT v.bypassed AND NOT v.grp
   AND NOT EXISTS (SELECT 1 FROM fixed f WHERE f.claim = v.claim AND f.line = v.a)
   AND NOT EXISTS (SELECT 1 FROM stranded s
                    WHERE s.round = now.round - 1 AND s.claim = v.claim AND s.line = v.a);

INSERT INTO stranded
SELECT now.round, x.claim, x.line
  FROM now JOIN addon_line x
 WHERE x.type = '1' AND x.code <> '99292'
   AND NOT EXISTS (SELECT 1 FROM doubtful d WHERE d.claim = x.claim AND d.line = x.line)
   AND NOT EXISTS (
       SELECT 1 FROM listed_primary p
        WHERE p.claim = x.claim AND p.line = x.line
          AND NOT EXISTS (SELECT 1 FROM fixed f WHERE f.claim = p.claim AND f.line = p."primary")
          AND NOT EXISTS (SELECT 1 FROM bundled b WHERE b.round = now.round
                           AND b.claim = p.claim AND b.line = p."primary")
          AND NOT EXISTS (SELECT 1 FROM stranded s WHERE s.round = now.round - 1
                           AND s.claim = p.claim AND s.line = p."primary"));
