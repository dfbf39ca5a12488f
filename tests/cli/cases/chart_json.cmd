audit -q --chart $CASES/small.chart.jsonl
{"claim_id":"S1","payer":{"profile":"medicare"},"place_of_service":"11","service_date":"2026-08-10","diagnoses":{"A":"M51.16"},"documentation":{"radicular":false,"series_planned":false},"lines":[{"code":"62323","units":1,"diagnosis_pointers":["A"]}]}
