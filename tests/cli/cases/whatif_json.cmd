whatif -f json --locality 01112/05
{"claim_id":"K1","payer":{"profile":"medicare","state":"CA"},"place_of_service":"11","service_date":"2026-08-10","patient":{"age":68,"sex":"F"},"diagnoses":{"A":"M17.0"},"lines":[{"line":1,"code":"20610","modifiers":["50"],"units":1,"charge":"400.01","diagnosis_pointers":["A"]}],"history":[]}
