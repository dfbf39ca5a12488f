audit -q --format csv $EX/pain-clinic.837
