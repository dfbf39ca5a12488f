audit -q $CASES
