fix $CASES/fix.837
