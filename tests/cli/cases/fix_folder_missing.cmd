fix $CASES/se_wrong.837 -o $TMP/no/out.837
