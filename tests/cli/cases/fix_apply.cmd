fix $CASES/fix.837 --apply imaging_included,PC-1008/pc_tc_missing_26/2 -a PC-1002/ncci_ptp/2 -o $TMP/out.837
