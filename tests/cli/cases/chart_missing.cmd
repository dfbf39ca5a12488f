audit --chart $CASES/nowhere.json $EX/pain-clinic.837
