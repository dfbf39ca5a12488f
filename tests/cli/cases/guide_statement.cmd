guide 12
