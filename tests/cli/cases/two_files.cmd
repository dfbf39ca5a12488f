audit -q -f csv $CASES/cut.837 $CASES/se_wrong.837
