rules show payers
