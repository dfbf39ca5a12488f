rules dump --alone --rules tests/cli/rules/own
