next 12 --payer medicare --on 2026-06-02
