guide --check --on soon
