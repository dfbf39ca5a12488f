rules test tests/cli/rules/own
