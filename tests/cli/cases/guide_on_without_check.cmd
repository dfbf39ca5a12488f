guide --on 2026-01-01
