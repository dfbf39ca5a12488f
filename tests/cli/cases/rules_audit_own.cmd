audit --rules tests/cli/rules/own -q tests/cli/rules/claims.json
