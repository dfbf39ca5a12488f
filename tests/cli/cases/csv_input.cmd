audit -q --payer medicare
claim_id,service_date,place_of_service,code,modifiers,units,charge,diagnosis_a,pointers
S1,08/10/2026,11,20610,RT,1,$210.00,M17.12,A
S1,08/10/2026,11,J3301,JZ,4,"$36.00",M17.12,A
