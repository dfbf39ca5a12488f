guide --check
