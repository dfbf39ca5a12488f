guide 51 3
