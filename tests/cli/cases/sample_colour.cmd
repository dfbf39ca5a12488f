audit --color always --trace $EX/pain-clinic.837
