lookup -f json 77003 M5116 99999
