fix $CASES/fix.837 --ask -o $TMP/out.837
