fix $CASES/fix.837 -o $CASES/../cases/fix.837
