audit -q $CASES/nothing.837
