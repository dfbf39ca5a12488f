rules lint tests/cli/rules/nowhere
