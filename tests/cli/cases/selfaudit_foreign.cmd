selfaudit --history $EX/pain-clinic.837
