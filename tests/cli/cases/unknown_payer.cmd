audit --payer medicar $EX/pain-clinic.837
