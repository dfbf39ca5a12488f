audit --format xml x
