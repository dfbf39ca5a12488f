report $EX/pain-clinic.837
