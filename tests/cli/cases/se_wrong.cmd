audit -q -f json $CASES/se_wrong.837
