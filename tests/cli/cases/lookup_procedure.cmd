lookup 64494
