audit --as-of 2026-02-30 $EX/pain-clinic.837
