rules test tests/cli/rules/lying
