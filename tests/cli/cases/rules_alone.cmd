rules lint --alone tests/cli/rules/own
