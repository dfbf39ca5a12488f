fix $CASES/fix.837 -f csv -o $TMP/out.837
