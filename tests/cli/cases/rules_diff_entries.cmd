rules diff tests/cli/rules/entries_before tests/cli/rules/entries_after
