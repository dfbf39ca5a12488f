whatif --claim PC-1002 $EX/pain-clinic.837
