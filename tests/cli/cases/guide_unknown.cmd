guide 60
