audit --chart $CASES/twice.chart.jsonl $EX/pain-clinic.837
