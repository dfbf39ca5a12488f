fix $CASES/nothing.837 -o $TMP/out.837
