fix $CASES/fix.837 --apply PC-1002/ncci_ptp/1,em_without_25 -o $TMP/out.837
