pair 62323 77003 -f json
