selfaudit --history $TMP/none.history claims.837
