audit -q --format json $EX/pain-clinic.837
