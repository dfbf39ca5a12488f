audit -q -f json --payer workers_comp $EX/pain-clinic.837
