fix $CASES/cut.837 -o $TMP/out.837
