guide --check --format json 18 11
