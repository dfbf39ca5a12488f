guide --check --on 2020-01-01 4 12 58
