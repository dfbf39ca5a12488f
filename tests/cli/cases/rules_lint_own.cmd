rules lint tests/cli/rules/own
