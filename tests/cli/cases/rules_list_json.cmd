rules list --format json --rules tests/cli/rules/own
