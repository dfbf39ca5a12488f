lookup 39201 07302 --format json
