next 99214 --payer cigna --on 2026-06-02
