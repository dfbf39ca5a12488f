guide 1 12 --check
