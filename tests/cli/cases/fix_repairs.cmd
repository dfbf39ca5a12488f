fix $CASES/fix.837 -o $TMP/out.837
