rules diff - tests/cli/rules/own --on tests/cli/rules/claims.json
