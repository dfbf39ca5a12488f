next 64493 --payer medicare --on 2026-06-02 --kind mbb
