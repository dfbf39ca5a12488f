guide --check --on 2025-10-01 4 8 11
