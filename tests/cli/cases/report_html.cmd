report $EX/pain-clinic.837 --on 2026-11-01 --national -o $TMP/practice.html
