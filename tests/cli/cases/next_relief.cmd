next 64483 --history $TMP/a.history --patient M2 --birth-date 1950-03-12 --payer medicare --state NY --kind tx --side L
