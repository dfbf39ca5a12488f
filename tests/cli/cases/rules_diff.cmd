rules diff - tests/cli/rules/own
