fix -o $TMP/out.837
