explain sided_pair_si --rules tests/cli/rules/stale
