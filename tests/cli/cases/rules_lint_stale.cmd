rules lint tests/cli/rules/stale
