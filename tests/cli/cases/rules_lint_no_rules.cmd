rules lint tests/cli/rules/empty
