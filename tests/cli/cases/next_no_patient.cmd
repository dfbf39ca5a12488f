next 64483 --history $TMP/a.history --patient M9 --payer cigna
