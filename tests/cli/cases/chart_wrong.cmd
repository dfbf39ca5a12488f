audit --chart $CASES/wrong.chart.jsonl $EX/pain-clinic.837
