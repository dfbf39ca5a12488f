next 64633 --history $TMP/a.history --patient M1 --payer medicare --state CA --kind rfa --side R --level C4-5
