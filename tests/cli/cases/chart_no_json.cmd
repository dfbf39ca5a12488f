audit --chart $EX/pain-clinic.837 $EX/pain-clinic.837
