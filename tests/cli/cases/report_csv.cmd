report $EX/pain-clinic.837 -o $TMP/practice.csv
