whatif $CASES/cut.837
