audit -q --payer medicare --chart $CASES/small.chart.jsonl
claim_id,service_date,code,modifiers,units,charge,diagnosis_1,place_of_service
S1,2026-08-10,62323,,1,700.00,M51.16,11
S2,2026-08-10,62323,,1,700.00,M51.16,11
