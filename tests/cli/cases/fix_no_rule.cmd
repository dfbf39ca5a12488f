fix $CASES/fix.837 --apply ncci_pt -o $TMP/out.837
