audit -q -f json
hello, this is no claim file
