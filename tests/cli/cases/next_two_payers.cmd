next 64483 --history $TMP/a.history --patient M3 --payer cigna --on 2026-02-03
