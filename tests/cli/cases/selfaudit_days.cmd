selfaudit --history $TMP/none.history --from 2026-02-01 --to 2026-01-31
