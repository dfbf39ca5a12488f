next 64493 --payer medicare
