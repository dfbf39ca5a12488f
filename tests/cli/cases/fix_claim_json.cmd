fix - -o $TMP/out.837
{"claim_id":"C1"}
