store info --on 2026-10-15
