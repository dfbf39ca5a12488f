report $CASES/cut.837 $EX/pain-clinic.837 -f csv
