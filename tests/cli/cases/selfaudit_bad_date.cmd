selfaudit --history $TMP/none.history --from today
