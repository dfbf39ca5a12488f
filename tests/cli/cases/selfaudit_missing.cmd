selfaudit --history $TMP/none.history
