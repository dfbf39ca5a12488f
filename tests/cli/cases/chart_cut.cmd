audit --chart $CASES/cut.chart.jsonl $EX/pain-clinic.837
