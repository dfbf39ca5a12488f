fix -q -f json $CASES/fix.837 --apply ncci_ptp -o $TMP/out.837
