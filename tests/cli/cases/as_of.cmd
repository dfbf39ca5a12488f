audit -q -f json --as-of 2026-05-01 $EX/pain-clinic.837
