audit -q -f json
