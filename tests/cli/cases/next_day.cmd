next 64493 --history $TMP/a.history --patient M1 --payer medicare --state CA --kind dx --side L --level L4-5
