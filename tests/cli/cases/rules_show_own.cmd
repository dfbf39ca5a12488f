rules show sided_pair_si --rules tests/cli/rules/own
