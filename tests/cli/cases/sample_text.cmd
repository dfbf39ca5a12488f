audit $EX/pain-clinic.837
