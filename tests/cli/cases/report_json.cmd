report $EX/pain-clinic.837 -f json
