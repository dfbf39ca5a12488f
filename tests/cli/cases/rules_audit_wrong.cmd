audit --rules tests/cli/rules/wrong tests/cli/rules/claims.json
