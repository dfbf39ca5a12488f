audit --format csv -o $TMP/out.csv $EX/pain-clinic.837
