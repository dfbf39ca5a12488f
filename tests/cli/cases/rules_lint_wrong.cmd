rules lint tests/cli/rules/wrong
