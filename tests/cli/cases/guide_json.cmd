guide --format json 12 51b
