rules lint tests/cli/rules/own/sources.tsv tests/cli/rules/own/plans/plan_x.yaml
