audit -q -f json
{"claim_id":"J1","payer":{"profile":"medicare"},"place_of_service":"11","service_date":"2026-08-10","diagnoses":{"A":"M51.16"},"lines":[{"code":"62323","units":2,"diagnosis_pointers":["A"]}]}
{"claim_id":"J2","lines":[{"code":
{"claim_id":"J3","payer":{"profile":"medicare"},"place_of_service":"11","service_date":"2026-08-10","diagnoses":{"A":"M51.16"},"lines":[{"code":"62323","units":1,"diagnosis_pointers":["A"]}]}
